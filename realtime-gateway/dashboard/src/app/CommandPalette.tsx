import { useNavigate } from "@tanstack/react-router";
import { Command } from "cmdk";
import { Ticket } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Dialog as Primitive } from "radix-ui";
import { groupsOf, useAllCommands } from "../lib/commands";
import { useFocusReturn } from "../ui/focusReturn";
import { KeyHint } from "../ui/KeyHint";

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const ITEM =
  "flex min-h-9 cursor-pointer items-center gap-2.5 rounded-md px-2.5 text-sm data-[selected=true]:bg-raised";

/** Everything that can be done, by typing a part of its name. Ctrl-K or ⌘K. */
export function CommandPalette({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const commands = useAllCommands();
  const navigate = useNavigate();
  const [typed, setTyped] = useState("");
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        onOpenChange(!open);
      }
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [open, onOpenChange]);

  const { opened, closed } = useFocusReturn();
  // A command may take the focus or open a dialog: it runs when the palette is gone and the focus is back.
  const chosen = useRef<(() => void) | null>(null);
  const close = () => {
    onOpenChange(false);
    setTyped("");
  };
  const choose = (run: () => void) => {
    chosen.current = run;
    close();
  };
  const id = typed.trim();
  const groups = groupsOf(commands);
  return (
    <Primitive.Root open={open} onOpenChange={(next) => (next ? onOpenChange(true) : close())}>
      <Primitive.Portal>
        <Primitive.Overlay className="fixed inset-0 z-40 animate-appear bg-shade" />
        <Primitive.Content
          aria-describedby={undefined}
          onOpenAutoFocus={opened}
          onCloseAutoFocus={(event) => {
            closed(event);
            chosen.current?.();
            chosen.current = null;
          }}
          className="fixed inset-x-3 top-[12dvh] z-40 mx-auto max-w-xl animate-appear overflow-hidden rounded-lg border border-line bg-surface shadow-overlay"
        >
          <Primitive.Title className="sr-only">Search and commands</Primitive.Title>
          <Command label="Search and commands" loop>
            <Command.Input
              value={typed}
              onValueChange={setTyped}
              placeholder="Type a command, a page or a ticket's id"
              className="h-12 w-full border-b border-line bg-transparent px-4 text-base outline-none placeholder:text-muted"
            />
            <Command.List className="max-h-[50dvh] overflow-y-auto p-2">
              <Command.Empty className="px-2.5 py-6 text-center text-muted">Nothing is called that.</Command.Empty>
              {ID.test(id) && (
                <Command.Item
                  value={`ticket ${id}`}
                  onSelect={() => choose(() => void navigate({ to: "/tickets/$id", params: { id } }))}
                  className={ITEM}
                >
                  <Ticket aria-hidden="true" className="size-4 text-muted" />
                  Open the ticket {id}
                </Command.Item>
              )}
              {groups.map((group) => (
                <Command.Group
                  key={group}
                  heading={group}
                  className="[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:py-1.5 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-muted"
                >
                  {commands
                    .filter((command) => command.group === group)
                    .map(({ id: key, title, keywords, keys, icon: Icon, run }) => (
                      <Command.Item
                        key={key}
                        value={key}
                        keywords={[title, ...(keywords ?? [])]}
                        onSelect={() => choose(run)}
                        className={ITEM}
                      >
                        {Icon !== undefined && <Icon className="size-4 text-muted" />}
                        <span className="flex-1 truncate">{title}</span>
                        {keys !== undefined && commands.findLast((each) => each.keys === keys)?.id === key && <KeyHint keys={keys} />}
                      </Command.Item>
                    ))}
                </Command.Group>
              ))}
            </Command.List>
          </Command>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
