import { ArrowUp } from "lucide-react";

/** Tells, above a list that is scrolled down, what came in meanwhile. Its parent must be `relative`. */
export function Newcomers({
  count,
  isMore = false,
  one,
  many,
  onShow,
}: {
  count: number;
  /** There may be more than `count`. */
  isMore?: boolean;
  one: string;
  many: string;
  onShow: () => void;
}) {
  return (
    <div role="status" className="pointer-events-none absolute inset-x-0 top-11 z-20 flex justify-center">
      {count > 0 && (
        <button
          type="button"
          onClick={onShow}
          className="pointer-events-auto inline-flex h-8 items-center gap-1.5 rounded-full bg-accent-solid px-3.5 text-sm font-medium text-white tabular-nums shadow-overlay animate-appear hover:bg-accent-hover pointer-coarse:h-10"
        >
          <ArrowUp aria-hidden="true" className="size-4" />
          {`${count.toLocaleString()}${isMore ? " or more" : ""} ${count === 1 && !isMore ? one : many}`}
        </button>
      )}
    </div>
  );
}
