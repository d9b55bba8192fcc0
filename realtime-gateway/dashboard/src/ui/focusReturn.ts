import { useMemo, useRef } from "react";

const FOCUSABLE = "a[href], button, input, select, textarea, summary, [tabindex]";
/** A menu's own button is where one came from, and it is pressed or focused before them. */
const PASSING = "[role=menu], [role=listbox]";

/** What was focused or pressed last. Weakly: it may be gone before anybody asks. Some browsers focus no button that is clicked. */
let last: WeakRef<HTMLElement> | null = null;

function remember({ target }: Event): void {
  const found = target instanceof Element ? target.closest<HTMLElement>(FOCUSABLE) : null;
  if (found !== null && found.closest(PASSING) === null) {
    last = new WeakRef(found);
  }
}

if (typeof document !== "undefined") {
  document.addEventListener("focusin", remember, true);
  document.addEventListener("pointerdown", remember, true);
}

/**
 * Gives the focus back when a dialog closes: to what was used to open it, or to the page's heading if that is gone. Radix does so
 * only for a dialog with a trigger of its own, which ours have not. Where something else took the focus meanwhile it keeps it.
 */
export function useFocusReturn(): {
  /** To be called by `onOpenAutoFocus`, before anything takes the focus. */
  readonly opened: () => void;
  /** For `onCloseAutoFocus`. */
  readonly closed: (event: Event) => void;
} {
  const origin = useRef<WeakRef<HTMLElement> | null>(null);
  return useMemo(
    () => ({
      opened: () => {
        origin.current = last;
      },
      closed: (event) => {
        event.preventDefault();
        if (document.activeElement === null || document.activeElement === document.body) {
          const back = origin.current?.deref();
          const heading = document.querySelector<HTMLElement>("[data-page-heading]");
          (back !== undefined && canTakeFocus(back) ? back : heading)?.focus({ preventScroll: true });
        }
      },
    }),
    [],
  );
}

function canTakeFocus(element: HTMLElement): boolean {
  return element.isConnected && !element.matches(":disabled") && (element.checkVisibility?.() ?? true);
}
