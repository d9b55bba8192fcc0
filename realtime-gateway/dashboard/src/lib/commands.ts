import { useEffect, useSyncExternalStore, type ComponentType } from "react";

/** Something that can be done from the command palette, and by its keys where it has some. */
export interface Command {
  readonly id: string;
  /** Begins with a verb: "New ticket", "Approve selected". */
  readonly title: string;
  /** The heading it stands under; that of the page, as a rule. */
  readonly group: string;
  /** More words to find it by. */
  readonly keywords?: readonly string[];
  /**
   * A key ("n", "?"), or two in a row ("g t"). Ignored while somebody types into a field. Shown in the palette and in
   * the help on "?".
   */
  readonly keys?: string;
  readonly icon?: ComponentType<{ className?: string }>;
  /** The dialog that it stands in: its keys work in there, and nowhere else. Without one they work in no dialog. */
  readonly inside?: () => Element | null;
  readonly run: () => void;
}

/** Under which the frame offers what it does from every page. */
const FRAME_GROUPS = ["Pages", "Actions", "Frame"];
const SEQUENCE_MS = 1_200;
let all: readonly Command[] = [];
const listeners = new Set<() => void>();

function set(next: readonly Command[]): void {
  all = next;
  listeners.forEach((listener) => listener());
}

/**
 * Offers commands as long as the component is mounted. Keep the array in a `useMemo`. Of two with the same keys the later
 * one has them; `yields`: these give theirs to any other, whichever came first.
 */
export function useCommands(commands: readonly Command[], { yields = false }: { readonly yields?: boolean } = {}): void {
  useEffect(() => {
    const others = all.filter(({ id }) => !commands.some((command) => command.id === id));
    set(yields ? [...commands, ...others] : [...others, ...commands]);
    return () => set(all.filter((command) => !commands.includes(command)));
  }, [commands, yields]);
}

/** The headings of these commands: those of the page before those of the frame. */
export function groupsOf(commands: readonly Command[]): readonly string[] {
  const groups = [...new Set(commands.map(({ group }) => group))];
  return [...groups.filter((group) => !FRAME_GROUPS.includes(group)), ...FRAME_GROUPS.filter((group) => groups.includes(group))];
}

export function useAllCommands(): readonly Command[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => all,
  );
}

/** Listens to the keys of all commands. Used once, by the frame. */
export function useCommandKeys(): void {
  useEffect(() => {
    let before: { key: string; at: number } | null = null;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) {
        return;
      }
      const recent = before !== null && event.timeStamp - before.at < SEQUENCE_MS ? before.key : null;
      const dialog = dialogOf(event.target);
      const run = (keys: string) => all.findLast((command) => command.keys === keys && (command.inside?.() ?? null) === dialog);
      const command = (recent === null ? undefined : run(`${recent} ${event.key}`)) ?? run(event.key);
      before = { key: event.key, at: event.timeStamp };
      if (command !== undefined) {
        before = null;
        event.preventDefault();
        command.run();
      }
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);
}

function dialogOf(target: EventTarget | null): Element | null {
  return target instanceof Element ? target.closest("[role=dialog]") : null;
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.closest("input, textarea, select, [role=menu], [role=listbox]") !== null)
  );
}
