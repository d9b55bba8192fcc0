import { cx } from "../lib/cx";

/**
 * The head of a page: sets the document's title, and takes the focus when the page is opened. Exactly one per page.
 */
export function PageHeader({
  title,
  description,
  actions,
  children,
}: {
  title: string;
  description?: React.ReactNode;
  actions?: React.ReactNode;
  /** Below the title: tabs, a toolbar. */
  children?: React.ReactNode;
}) {
  return (
    <header className="flex flex-col gap-3">
      <title>{`${title} · OpsRelay`}</title>
      <div className="flex flex-wrap items-start gap-x-4 gap-y-2">
        <div className="min-w-0 grow basis-64">
          <h1 data-page-heading tabIndex={-1} className="text-xl font-semibold wrap-anywhere">
            {title}
          </h1>
          {description !== undefined && <p className="max-w-prose text-muted">{description}</p>}
        </div>
        {actions !== undefined && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </div>
      {children}
    </header>
  );
}

/** What a page's component returns: a header and its parts, one under the other. `fill`: as high as the window. */
export function Page({ fill = false, className, children }: { fill?: boolean; className?: string; children: React.ReactNode }) {
  return (
    <div className={cx("flex flex-col gap-4 p-3 md:p-4", fill && "lg:h-full lg:min-h-0", className)}>{children}</div>
  );
}

/** Filters and actions above a list, in one row that wraps. */
export function Toolbar({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div role="group" aria-label={label} className="flex flex-wrap items-center gap-2">
      {children}
    </div>
  );
}
