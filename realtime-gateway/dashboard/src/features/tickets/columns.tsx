import { ArrowDown, ArrowUp, ChevronsUp, Minus } from "lucide-react";
import { cx } from "../../lib/cx";
import { channelName } from "../../lib/channels";
import { words } from "../../lib/format";
import { isObject } from "../../lib/json";
import { StatusBadge } from "../../ui/Badge";
import type { Column } from "../../ui/DataTable";
import { useChanged } from "../../ui/Stat";
import { Time } from "../../ui/Time";
import type { TicketRow } from "./tickets";

interface Choice {
  readonly column: Column<TicketRow>;
  readonly byDefault: boolean;
}

const SUBJECT: Column<TicketRow> = {
  id: "subject",
  header: "Subject",
  cell: ({ subject }) => <span title={subject}>{subject}</span>,
  grow: 4,
};

/** Those that may be left out, in their order. */
const CHOICES: readonly Choice[] = [
  { byDefault: true, column: { id: "status", header: "Status", cell: ({ status }) => <Status status={status} />, width: 176 } },
  {
    byDefault: true,
    column: {
      id: "priority",
      header: "Priority",
      cell: ({ priority }) => <Priority priority={priority} />,
      width: 104,
      sortable: true,
      wideOnly: true,
    },
  },
  {
    byDefault: true,
    column: {
      id: "customer",
      header: "Customer",
      cell: ({ customer }) => (customer === null ? <None /> : <span title={customer}>{customer}</span>),
      grow: 1.5,
      wideOnly: true,
    },
  },
  {
    byDefault: true,
    column: {
      id: "category",
      header: "Category",
      cell: ({ category }) => (category === null ? <None /> : words(category)),
      grow: 1.25,
      wideOnly: true,
    },
  },
  {
    byDefault: true,
    column: {
      id: "assignee",
      header: "Assignee",
      cell: ({ assignee }) => (assignee === null ? <None /> : <span title={assignee}>{assignee}</span>),
      grow: 1.25,
      wideOnly: true,
    },
  },
  {
    byDefault: false,
    column: { id: "tags", header: "Tags", cell: ({ tags }) => <Tags tags={tags} />, grow: 1.25, wideOnly: true },
  },
  {
    byDefault: true,
    column: { id: "channel", header: "Channel", cell: ({ channel }) => channelName(channel), width: 88, wideOnly: true },
  },
  {
    byDefault: false,
    column: {
      id: "confidence",
      header: "Confidence",
      cell: ({ confidence }) => (confidence === null ? <None /> : `${Math.round(confidence * 100)} %`),
      width: 100,
      align: "end",
      wideOnly: true,
    },
  },
  {
    byDefault: false,
    column: {
      id: "sentiment",
      header: "Sentiment",
      cell: ({ sentiment }) => (sentiment === null ? <None /> : words(sentiment)),
      width: 100,
      wideOnly: true,
    },
  },
  {
    byDefault: false,
    column: { id: "language", header: "Language", cell: ({ language }) => language ?? <None />, width: 90, wideOnly: true },
  },
  {
    byDefault: false,
    column: {
      id: "external_id",
      header: "External id",
      cell: ({ externalId }) => (externalId === null ? <None /> : <span title={externalId}>{externalId}</span>),
      width: 130,
      wideOnly: true,
    },
  },
  {
    byDefault: false,
    column: {
      id: "resolved_at",
      header: "Resolved",
      cell: ({ resolvedAt }) => <Time at={resolvedAt} />,
      width: 110,
      align: "end",
      wideOnly: true,
    },
  },
  {
    byDefault: false,
    column: {
      id: "updated_at",
      header: "Changed",
      cell: ({ updatedAt }) => <Time at={updatedAt} />,
      width: 110,
      align: "end",
      sortable: true,
      wideOnly: true,
    },
  },
  {
    byDefault: true,
    column: {
      id: "created_at",
      header: "Created",
      cell: ({ createdAt }) => <Time at={createdAt} />,
      width: 110,
      align: "end",
      sortable: true,
    },
  },
];

export const COLUMN_CHOICES: readonly { readonly id: string; readonly header: string }[] = CHOICES.map(({ column }) => column);

/** How a person likes the list. */
export interface Layout {
  readonly columns: readonly string[];
  readonly dense: boolean;
}

const USUAL: Layout = { columns: CHOICES.filter((choice) => choice.byDefault).map(({ column }) => column.id), dense: false };

export function readLayout(stored: unknown): Layout {
  if (!isObject(stored) || !Array.isArray(stored["columns"])) {
    return USUAL;
  }
  const wanted = stored["columns"] as unknown[];
  return { columns: COLUMN_CHOICES.map(({ id }) => id).filter((id) => wanted.includes(id)), dense: stored["dense"] === true };
}

export function columnsOf({ columns }: Layout): readonly Column<TicketRow>[] {
  return [SUBJECT, ...CHOICES.filter(({ column }) => columns.includes(column.id)).map(({ column }) => column)];
}

/** Flashes when it changes while somebody looks at it. */
function Status({ status }: { status: string }) {
  const changed = useChanged(status);
  return (
    <span className={cx("-mx-1 flex w-fit max-w-full rounded px-1", changed && "animate-arrive")}>
      <StatusBadge status={status} />
    </span>
  );
}

const PRIORITIES = new Map([
  ["urgent", { icon: ChevronsUp, look: "font-medium text-bad" }],
  ["high", { icon: ArrowUp, look: "text-warn" }],
  ["normal", { icon: Minus, look: "text-muted" }],
  ["low", { icon: ArrowDown, look: "text-muted" }],
]);

export function Priority({ priority }: { priority: string | null }) {
  if (priority === null) {
    return <None />;
  }
  const { icon: Icon, look } = PRIORITIES.get(priority) ?? { icon: Minus, look: "text-muted" };
  return (
    <span className={cx("flex items-center gap-1", look)}>
      <Icon aria-hidden="true" className="size-3.5 shrink-0" />
      {words(priority)}
    </span>
  );
}

/** The first ones, and how many more there are; all of them where one points. */
function Tags({ tags }: { tags: readonly string[] }) {
  const [first, second, ...more] = tags;
  return first === undefined ? (
    <None />
  ) : (
    <span className="flex min-w-0 items-center gap-1" title={tags.join(", ")}>
      <Tag>{first}</Tag>
      {second !== undefined && <Tag>{second}</Tag>}
      {more.length > 0 && (
        <span className="shrink-0 text-xs text-muted">
          +{more.length}
          <span className="sr-only">: {more.join(", ")}</span>
        </span>
      )}
    </span>
  );
}

function Tag({ children }: { children: string }) {
  return <span className="min-w-0 truncate rounded border border-line bg-raised px-1 text-xs">{children}</span>;
}

function None() {
  return <span className="text-muted">–</span>;
}
