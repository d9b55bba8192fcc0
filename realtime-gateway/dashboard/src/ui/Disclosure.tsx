import { useId, useState } from "react";
import { ChevronRight } from "lucide-react";
import { cx } from "../lib/cx";

/** A card of its own, or a row of a list that has its own edges. */
const LOOKS = {
  card: {
    button: "min-h-9 items-center rounded-md px-2.5 py-1.5 pointer-coarse:min-h-11",
    body: "border-t border-line px-2.5 py-2",
  },
  row: { button: "items-start px-3 py-2 -outline-offset-2 pointer-coarse:min-h-11", body: "px-3 pb-3 pl-9" },
} as const;

/**
 * A row that opens what belongs to it and closes it again, by pointer, Enter or Space. What it opens is in the page only while it
 * is open, so that it may be long, or read its data then.
 */
export function Disclosure({
  row,
  note,
  initiallyOpen = false,
  look = "card",
  children,
}: {
  /** What is always seen. It is the button's name, so nothing in it can be pressed. */
  row: React.ReactNode;
  /** Seen between the row and what it opens, whether that is open or not. */
  note?: React.ReactNode;
  initiallyOpen?: boolean;
  look?: keyof typeof LOOKS;
  children: React.ReactNode;
}) {
  const [isOpen, setIsOpen] = useState(initiallyOpen);
  const body = useId();
  return (
    <>
      <button
        type="button"
        aria-expanded={isOpen}
        aria-controls={body}
        onClick={() => setIsOpen(!isOpen)}
        className={cx("flex w-full gap-2 text-left hover:bg-raised", LOOKS[look].button)}
      >
        <ChevronRight
          aria-hidden="true"
          className={cx(
            "size-3.5 shrink-0 text-muted transition-transform motion-reduce:transition-none",
            look === "row" && "mt-0.5",
            isOpen && "rotate-90",
          )}
        />
        {row}
      </button>
      {note}
      <div id={body} hidden={!isOpen} className={LOOKS[look].body}>
        {isOpen && children}
      </div>
    </>
  );
}
