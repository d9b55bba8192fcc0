import { messageOf } from "../lib/problem";
import { Button } from "./Button";
import { Problem } from "./Notice";

/** A part of the page could not be read; the rest stands. */
export function PartFailed({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  return (
    <div className="flex flex-col items-start gap-2 p-3">
      <Problem>{messageOf(error)}</Problem>
      <Button size="small" onClick={onRetry}>
        Try again
      </Button>
    </div>
  );
}
