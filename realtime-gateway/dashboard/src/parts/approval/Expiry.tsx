import { Hourglass } from "lucide-react";
import { useClock } from "../../lib/clock";
import { cx } from "../../lib/cx";
import { age, dateTime } from "../../lib/format";
import { Badge } from "../../ui/Badge";

/** Less than this until it expires, in milliseconds, is worth a warning; less than the second is urgent. */
const SOON_MS = 60 * 60_000;
export const URGENT_MS = 10 * 60_000;
const STEP_MS = 5_000;

/** Until when it can be decided. Milliseconds since 1970. */
export function Expiry({ at, className }: { at: number | null; className?: string }) {
  const now = useClock(STEP_MS);
  if (at === null) {
    return null;
  }
  const left = at - now;
  const words = left <= 0 ? "Expired" : left < 60_000 ? "Expires within 1 min" : `Expires in ${age(left)}`;
  if (left >= SOON_MS) {
    return (
      <span title={dateTime(at)} className={cx("whitespace-nowrap tabular-nums", className)}>
        {words}
      </span>
    );
  }
  return (
    <Badge tone={left < URGENT_MS ? "bad" : "warn"} className="tabular-nums">
      <Hourglass aria-hidden="true" className="size-3" />
      {words}
    </Badge>
  );
}
