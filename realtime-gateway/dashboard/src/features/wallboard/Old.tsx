import { messageOf } from "../../lib/problem";
import type { View } from "../../lib/useView";
import { Banner } from "../../ui/Notice";
import { ErrorState } from "../../ui/States";
import { Time } from "../../ui/Time";
import { SMALL } from "./Tile";

/** How old a board's numbers are, and why they grow older: what was read last stays. */
export function Old({ view }: { view: Pick<View<unknown>, "at" | "error" | "data"> }) {
  return view.error !== null && view.data !== undefined ? (
    <div className="overflow-hidden rounded-lg">
      <Banner tone="warn">
        {messageOf(view.error)} Shown is what was read <Time at={view.at} />.
      </Banner>
    </div>
  ) : (
    <p className={`-my-1 text-right text-muted ${SMALL}`}>
      {view.at === 0 ? (
        "\u00a0"
      ) : (
        <>
          Read <Time at={view.at} />
        </>
      )}
    </p>
  );
}

/** Nothing was read yet, and it cannot be. */
export function Failed({ view }: { view: Pick<View<unknown>, "error" | "refresh"> }) {
  return (
    <div className="flex flex-1 items-center justify-center">
      <ErrorState error={view.error} onRetry={view.refresh} />
    </div>
  );
}
