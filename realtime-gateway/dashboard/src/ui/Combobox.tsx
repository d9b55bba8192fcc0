import { useId, useState } from "react";
import { Check, ChevronsUpDown } from "lucide-react";
import { Command } from "cmdk";
import { Popover } from "radix-ui";
import { cx } from "../lib/cx";
import type { Option } from "./Field";

/** A choice among more than one can scan: type to narrow it down. For few options take `Select`. */
export function Combobox({
  label,
  value,
  options,
  onChange,
  placeholder = "Choose…",
  emptyText = "Nothing found.",
  onSearch,
  className,
}: {
  label: string;
  value: string | null;
  options: readonly Option[];
  onChange: (value: string) => void;
  placeholder?: string;
  emptyText?: string;
  /** Where the options come from the server: called with what was typed; the options are then shown as they are. */
  onSearch?: (typed: string) => void;
  className?: string;
}) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const chosen = options.find((option) => option.value === value);
  return (
    <div className={cx("flex flex-col gap-1", className)}>
      <span id={id} className="text-xs font-medium text-muted">
        {label}
      </span>
      <Popover.Root open={open} onOpenChange={setOpen}>
        <Popover.Trigger
          aria-labelledby={`${id} ${id}-value`}
          className="flex h-8 w-full items-center gap-2 rounded-md border border-line-strong bg-surface px-2.5 text-left text-sm pointer-coarse:h-10"
        >
          <span id={`${id}-value`} className={cx("min-w-0 flex-1 truncate", chosen === undefined && "text-muted")}>
            {chosen?.label ?? value ?? placeholder}
          </span>
          <ChevronsUpDown aria-hidden="true" className="size-4 text-muted" />
        </Popover.Trigger>
        <Popover.Portal>
          <Popover.Content
            align="start"
            sideOffset={4}
            collisionPadding={8}
            aria-labelledby={id}
            className="z-50 w-(--radix-popover-trigger-width) min-w-48 rounded-md border border-line bg-surface shadow-overlay animate-appear"
          >
            <Command label={label} shouldFilter={onSearch === undefined}>
              <Command.Input
                placeholder="Type to search"
                {...(onSearch === undefined ? {} : { onValueChange: onSearch })}
                className="w-full border-b border-line bg-transparent px-2.5 py-2 text-sm outline-none placeholder:text-muted"
              />
              <Command.List className="max-h-64 overflow-y-auto p-1">
                <Command.Empty className="px-2 py-3 text-sm text-muted">{emptyText}</Command.Empty>
                {options.map((option) => (
                  <Command.Item
                    key={option.value}
                    value={option.value}
                    keywords={[option.label]}
                    disabled={option.disabled === true}
                    onSelect={() => {
                      onChange(option.value);
                      setOpen(false);
                    }}
                    className="flex min-h-8 cursor-pointer items-center gap-2 rounded px-2 text-sm data-[disabled=true]:opacity-60 data-[selected=true]:bg-raised"
                  >
                    <span className="min-w-0 flex-1 truncate">{option.label}</span>
                    {option.value === value && <Check aria-hidden="true" className="size-4 text-accent" />}
                  </Command.Item>
                ))}
              </Command.List>
            </Command>
          </Popover.Content>
        </Popover.Portal>
      </Popover.Root>
    </div>
  );
}
