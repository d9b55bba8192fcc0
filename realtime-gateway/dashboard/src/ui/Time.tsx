import { age, dateTime } from "../lib/format";
import { useClock } from "../lib/clock";
import { cx } from "../lib/cx";

const SECOND = 1_000;
const MINUTE = 60_000;

/** When something happened, as its age; the whole time in the title. Milliseconds since 1970. */
export function Time({ at, className }: { at: number | null; className?: string }) {
  // What is older than a minute is told in minutes, so it need not be looked at each second.
  const recent = at !== null && Date.now() - at < 2 * MINUTE;
  const now = useClock(recent ? SECOND : MINUTE / 4);
  if (at === null) {
    return <span className={cx("text-muted", className)}>–</span>;
  }
  const passed = now - at;
  return (
    <time
      dateTime={new Date(at).toISOString()}
      title={dateTime(at)}
      className={cx("whitespace-nowrap tabular-nums", className)}
    >
      {passed < -SECOND ? `in ${age(-passed)}` : passed < SECOND ? "now" : `${age(passed)} ago`}
    </time>
  );
}

/** How old a number is, for beside it: a view's `at`. */
export function Age({ at, className }: { at: number; className?: string }) {
  const now = useClock(SECOND);
  if (at === 0) {
    return null;
  }
  return (
    <span title={`Read ${dateTime(at)}`} className={cx("text-xs whitespace-nowrap text-muted tabular-nums", className)}>
      {age(Math.max(0, now - at))}
    </span>
  );
}
