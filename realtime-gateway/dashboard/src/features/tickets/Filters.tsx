import { ChevronDown, ListFilter } from "lucide-react";
import { useId, useState } from "react";
import { channelName, CHANNELS } from "../../lib/channels";
import { words } from "../../lib/format";
import { Button } from "../../ui/Button";
import { Sheet } from "../../ui/Dialog";
import { TextField } from "../../ui/Field";
import { DropdownMenu, MenuCheck, MenuChoice } from "../../ui/Menu";
import { localOf, PRIORITIES, STATUSES, statusesOf, timeOf, type TicketsSearch } from "./filters";

interface FiltersProps {
  readonly search: TicketsSearch;
  /** Members that are undefined are taken away. */
  readonly onChange: (changed: { readonly [K in keyof TicketsSearch]?: TicketsSearch[K] | undefined }) => void;
}

const ANY = "";

/** The filters that are needed all day as menus, the others on a sheet. */
export function Filters({ search, onChange, categories }: FiltersProps & { categories: readonly string[] }) {
  const [sheet, setSheet] = useState(false);
  const statuses = statusesOf(search);
  return (
    <>
      <DropdownMenu
        align="start"
        label="Status"
        trigger={<MenuButton label="Status" count={statuses.length} />}
      >
        {STATUSES.map((status) => (
          <MenuCheck
            key={status}
            checked={statuses.includes(status)}
            onChange={(on) => {
              const next = on ? [...statuses, status] : statuses.filter((each) => each !== status);
              onChange({ status: next.length === 0 ? undefined : next.join(",") });
            }}
          >
            {words(status)}
          </MenuCheck>
        ))}
      </DropdownMenu>
      <One label="Priority" value={search.priority} options={PRIORITIES} onChange={(priority) => onChange({ priority })} />
      <One
        label="Channel"
        value={search.channel}
        options={CHANNELS}
        name={channelName}
        onChange={(channel) => onChange({ channel })}
      />
      <Button look="quiet" icon={ListFilter} onClick={() => setSheet(true)}>
        More filters
      </Button>
      {sheet && (
        <MoreFilters search={search} categories={categories} onChange={onChange} onClose={() => setSheet(false)} />
      )}
    </>
  );
}

function One({
  label,
  value,
  options,
  name = words,
  onChange,
}: {
  label: string;
  value: string | undefined;
  options: readonly string[];
  name?: (value: string) => string;
  onChange: (value: string | undefined) => void;
}) {
  return (
    <DropdownMenu align="start" label={label} trigger={<MenuButton label={label} count={value === undefined ? 0 : 1} />}>
      <MenuChoice
        value={value ?? ANY}
        options={[{ value: ANY, label: "Any" }, ...options.map((each) => ({ value: each, label: name(each) }))]}
        onChange={(next) => onChange(next === ANY ? undefined : next)}
      />
    </DropdownMenu>
  );
}

/** Passes on what the menu gives its trigger. */
function MenuButton({ label, count, ...rest }: { label: string; count: number }) {
  return (
    <Button {...rest} aria-label={count === 0 ? label : `${label}, ${count} chosen`}>
      {label}
      {count > 0 && (
        <span className="rounded-full bg-accent-soft px-1.5 text-xs text-accent tabular-nums">{count}</span>
      )}
      <ChevronDown aria-hidden="true" className="size-3.5 text-muted" />
    </Button>
  );
}

function MoreFilters({
  search,
  categories,
  onChange,
  onClose,
}: FiltersProps & { categories: readonly string[]; onClose: () => void }) {
  const list = useId();
  return (
    <Sheet
      open
      onClose={onClose}
      title="More filters"
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" form="more-filters">
            Apply
          </Button>
        </>
      }
    >
      <form
        id="more-filters"
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          const data = new FormData(event.currentTarget);
          const value = (name: string) => {
            const typed = String(data.get(name) ?? "").trim();
            return typed === "" ? undefined : typed;
          };
          onChange({
            category: value("category"),
            tag: value("tag")?.toLowerCase(),
            assignee: value("assignee"),
            customer_email: value("customer_email"),
            external_id: value("external_id"),
            created_from: timeOf(value("created_from") ?? ""),
            created_to: timeOf(value("created_to") ?? ""),
          });
          onClose();
        }}
      >
        <TextField
          label="Category"
          name="category"
          defaultValue={search.category}
          list={list}
          maxLength={200}
          autoComplete="off"
          hint="By its own name, such as double_charge."
        />
        <datalist id={list}>
          {categories.map((category) => (
            <option key={category} value={category} />
          ))}
        </datalist>
        <TextField label="Tag" name="tag" defaultValue={search.tag} maxLength={50} autoComplete="off" />
        <TextField label="Assignee" name="assignee" defaultValue={search.assignee} maxLength={254} autoComplete="off" />
        <TextField
          label="Customer's e-mail"
          name="customer_email"
          type="email"
          defaultValue={search.customer_email}
          maxLength={254}
          autoComplete="off"
        />
        <TextField
          label="External id"
          name="external_id"
          defaultValue={search.external_id}
          maxLength={200}
          autoComplete="off"
          hint="What an upstream system calls it."
        />
        <TextField label="Created from" name="created_from" type="datetime-local" defaultValue={localOf(search.created_from)} />
        <TextField label="Created before" name="created_to" type="datetime-local" defaultValue={localOf(search.created_to)} />
      </form>
    </Sheet>
  );
}
