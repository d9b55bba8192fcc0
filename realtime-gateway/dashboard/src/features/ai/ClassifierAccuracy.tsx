import { useMemo } from "react";
import { ScanSearch } from "lucide-react";
import { cx } from "../../lib/cx";
import { words } from "../../lib/format";
import { ProblemError } from "../../lib/problem";
import { read, useView } from "../../lib/useView";
import { count, percent } from "../../lib/values";
import { Select } from "../../ui/Field";
import { Panel } from "../../ui/Panel";
import { ProgressLine } from "../../ui/Progress";
import { Stat } from "../../ui/Stat";
import { EmptyState, ErrorState, SkeletonRows } from "../../ui/States";
import { Age } from "../../ui/Time";
import { accuracyOf, matrixOf, type Accuracy } from "./accuracy";

const RANGES = [
  { value: "7", label: "Last 7 days" },
  { value: "30", label: "Last 30 days" },
  { value: "90", label: "Last 90 days" },
  { value: "365", label: "Last 365 days" },
];

/** How often the classifier is right, as people judged it: never how sure it is of itself. */
export function ClassifierAccuracy({ days, onDays }: { days: string; onDays: (days: string) => void }) {
  const view = useView(["ai", "accuracy", days], read(`/api/v1/agent/classifier/accuracy?days=${days}`, ({ body }) => accuracyOf(body)), {
    live: ["tickets"],
    matters: (event) => /correct|judg|resolved|closed|status/.test(event.type),
    minGap: 5_000,
  });
  const data = view.data;
  if (data === undefined && view.error !== null) {
    const missing = view.error instanceof ProblemError && view.error.status === 404;
    return missing ? (
      <EmptyState title="Accuracy is not measured here" icon={ScanSearch}>
        The services that run are older than this page and do not measure it yet.
      </EmptyState>
    ) : (
      <ErrorState error={view.error} onRetry={view.refresh} />
    );
  }
  return (
    <div aria-busy={view.isOld} className="relative flex flex-col gap-4">
      <ProgressLine isOn={view.isOld} className="top-0" />
      <div className="flex flex-wrap items-center gap-3">
        <Select label="Period" labelHidden value={days} options={RANGES} onChange={onDays} className="w-40" />
        <p className="order-last min-w-0 basis-full text-xs text-muted sm:order-none sm:flex-1 sm:basis-0">
          Measured by people: they corrected what was found, confirmed it, or closed the ticket and left it.
        </p>
        <Age at={view.at} />
      </div>
      <div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
        <Stat label="Accuracy" value={data && percent(data.accuracy)} hint="The share of judged tickets whose category stood" />
        <Stat label="Judged" value={data && count(data.judged)} unit="tickets" />
        <Stat label="Corrected" value={data && count(data.corrected)} unit="tickets" />
        <Stat label="Confirmed" value={data && count(data.confirmed)} unit="tickets" />
      </div>
      {data === undefined ? (
        <SkeletonRows rows={8} />
      ) : data.judged === 0 ? (
        <Panel title="Categories">
          <EmptyState title="Nobody has judged a ticket in this time" icon={ScanSearch}>
            Correct or confirm the category of a ticket on its page, and it counts here.
          </EmptyState>
        </Panel>
      ) : (
        <>
          {data.accuracy === null && (
            <p className="text-xs text-muted">
              No category was corrected or confirmed in so many words, so there is no accuracy: that nobody cared says nothing.
            </p>
          )}
          <div className="grid items-start gap-4 xl:grid-cols-2">
            <Categories data={data} />
            <ConfusionMatrix data={data} />
          </div>
          <Versions data={data} />
          {data.notLearned > 0 && (
            <p className="text-xs text-muted">{count(data.notLearned)} corrections did not become examples for the classifier.</p>
          )}
        </>
      )}
    </div>
  );
}

const HEAD = "px-3 py-2 text-xs font-medium text-muted";
const CELL = "border-t border-line px-3 py-1.5 tabular-nums";

function Categories({ data: { categories } }: { data: Accuracy }) {
  return (
    <Panel title="Categories" count={categories.length}>
      <Scrolled label="Accuracy by category">
        <thead>
          <tr>
            <th scope="col" className={cx(HEAD, "text-left")}>Found</th>
            <th scope="col" className={cx(HEAD, "text-right")}>Judged</th>
            <th scope="col" className={cx(HEAD, "text-right")}>Corrected</th>
            <th scope="col" className={cx(HEAD, "text-right")}>Missed</th>
            <th scope="col" className={cx(HEAD, "text-right")}>Accuracy</th>
          </tr>
        </thead>
        <tbody>
          {categories.map(({ category, judged, corrected, missed, accuracy }) => (
            <tr key={category}>
              <th scope="row" className={cx(CELL, "min-w-28 text-left font-medium wrap-break-word")}>{words(category)}</th>
              <td className={cx(CELL, "text-right")}>{count(judged)}</td>
              <td className={cx(CELL, "text-right")}>{count(corrected)}</td>
              <td className={cx(CELL, "text-right")}>{count(missed)}</td>
              <td className={cx(CELL, "text-right")}>{percent(accuracy) ?? "–"}</td>
            </tr>
          ))}
        </tbody>
      </Scrolled>
    </Panel>
  );
}

function ConfusionMatrix({ data }: { data: Accuracy }) {
  const { labels, cells, leftOut } = useMemo(() => matrixOf(data), [data]);
  return (
    <Panel title="Confusion">
      {labels.length === 0 ? (
        <EmptyState title="Nothing was confused">No category was corrected in this time.</EmptyState>
      ) : (
        <>
          <Scrolled label="What was found, and what people said instead">
            <thead>
              <tr>
                <th scope="col" className={cx(HEAD, "min-w-28 text-left")}>Found ↓ is really →</th>
                {labels.map((label) => (
                  <th key={label} scope="col" className={cx(HEAD, "min-w-20 text-right align-bottom wrap-break-word")}>{words(label)}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {labels.map((found, row) => (
                <tr key={found}>
                  <th scope="row" className={cx(CELL, "min-w-28 text-left font-medium wrap-break-word")}>{words(found)}</th>
                  {labels.map((real, column) => {
                    const times = cells[row]?.[column] ?? 0;
                    const isRight = found === real;
                    return (
                      <td
                        key={real}
                        className={cx(CELL, "text-right", times === 0 ? "text-muted" : isRight ? "bg-good-soft text-good" : "bg-bad-soft font-medium text-bad")}
                      >
                        {times === 0 ? "·" : count(times)}
                      </td>
                    );
                  })}
                </tr>
              ))}
            </tbody>
          </Scrolled>
          <p className="border-t border-line px-3 py-2 text-xs text-muted">
            The diagonal is what people left as it was.
            {leftOut > 0 && ` ${leftOut} rarer categories are not shown.`}
          </p>
        </>
      )}
    </Panel>
  );
}

function Versions({ data: { versions } }: { data: Accuracy }) {
  return (
    <Panel title="Versions of the classifier" count={versions.length}>
      <Scrolled label="Accuracy by version">
        <thead>
          <tr>
            <th scope="col" className={cx(HEAD, "text-left")}>Version</th>
            <th scope="col" className={cx(HEAD, "text-right")}>Judged</th>
            <th scope="col" className={cx(HEAD, "text-right")}>Corrected</th>
            <th scope="col" className={cx(HEAD, "text-right")}>Confirmed</th>
            <th scope="col" className={cx(HEAD, "text-right")}>Accuracy</th>
          </tr>
        </thead>
        <tbody>
          {versions.map(({ version, judged, corrected, confirmed, accuracy }) => (
            <tr key={version}>
              <th scope="row" className={cx(CELL, "text-left font-mono text-xs font-normal wrap-anywhere")}>{version}</th>
              <td className={cx(CELL, "text-right")}>{count(judged)}</td>
              <td className={cx(CELL, "text-right")}>{count(corrected)}</td>
              <td className={cx(CELL, "text-right")}>{count(confirmed)}</td>
              <td className={cx(CELL, "text-right")}>{percent(accuracy) ?? "–"}</td>
            </tr>
          ))}
        </tbody>
      </Scrolled>
    </Panel>
  );
}

function Scrolled({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div role="region" aria-label={label} tabIndex={0} className="max-h-96 overflow-auto">
      <table className="w-full border-collapse text-sm">{children}</table>
    </div>
  );
}
