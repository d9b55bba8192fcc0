import { useId, useState } from "react";
import { ListFilter } from "lucide-react";
import { Popover } from "radix-ui";
import { Button } from "../../ui/Button";
import { Select, TextField, type Option } from "../../ui/Field";
import { FilterChips } from "../../ui/FilterChips";
import { Toolbar } from "../../ui/Page";

export interface Filter {
  readonly name: string;
  readonly label: string;
  readonly value: string | undefined;
  /** A choice among these; without, it is typed. */
  readonly options?: readonly Option[];
  /** An example of what is typed. */
  readonly hint?: string;
}

/** The filters of a list: one button to choose them by, and a chip for each in force. */
export function FilterBar({
  label,
  filters,
  onChange,
  onClear,
  aside,
}: {
  label: string;
  filters: readonly Filter[];
  /** What has changed, by name; undefined takes a filter away. */
  onChange: (changes: Readonly<Record<string, string | undefined>>) => void;
  onClear: () => void;
  aside?: React.ReactNode;
}) {
  const [open, setOpen] = useState(false);
  const title = useId();
  const set = filters.filter(({ value }) => value !== undefined);
  return (
    <Toolbar label={label}>
      <Popover.Root open={open} onOpenChange={setOpen}>
        <Popover.Trigger asChild>
          <Button icon={ListFilter}>Filter</Button>
        </Popover.Trigger>
        <Popover.Portal>
          <Popover.Content
            align="start"
            sideOffset={4}
            collisionPadding={8}
            aria-labelledby={title}
            className="z-30 w-72 animate-appear rounded-md border border-line bg-surface p-3 shadow-overlay"
          >
            <h2 id={title} className="sr-only">
              {label}
            </h2>
            <form
              className="flex flex-col gap-3"
              onSubmit={(event) => {
                event.preventDefault();
                const form = new FormData(event.currentTarget);
                const typed = filters.flatMap(({ name }) => {
                  const value = String(form.get(name) ?? "").trim();
                  return [[name, value === "" ? undefined : value] as const];
                });
                onChange(Object.fromEntries(typed));
                setOpen(false);
              }}
            >
              {filters.map(({ name, label: field, value, options, hint }) =>
                options === undefined ? (
                  <TextField key={name} name={name} label={field} defaultValue={value ?? ""} placeholder={hint} maxLength={200} autoComplete="off" />
                ) : (
                  <Select
                    key={name}
                    name={name}
                    label={field}
                    defaultValue={value ?? ""}
                    options={[{ value: "", label: "Any" }, ...options]}
                  />
                ),
              )}
              <Button type="submit" look="primary">
                Show
              </Button>
            </form>
          </Popover.Content>
        </Popover.Portal>
      </Popover.Root>
      <FilterChips
        filters={set.map(({ name, label: field, value = "", options }) => ({
          name,
          label: field,
          value: options?.find((option) => option.value === value)?.label ?? value,
        }))}
        onRemove={(name) => onChange({ [name]: undefined })}
        onClear={onClear}
      />
      {aside !== undefined && <span className="ml-auto">{aside}</span>}
    </Toolbar>
  );
}
