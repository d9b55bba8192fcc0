import { Check, type LucideIcon } from "lucide-react";
import { DropdownMenu as Primitive } from "radix-ui";
import { cx } from "../lib/cx";

/** A menu under its trigger, which must be a button. */
export function DropdownMenu({
  trigger,
  label,
  align = "end",
  children,
}: {
  trigger: React.ReactElement;
  label?: string;
  align?: "start" | "end";
  children: React.ReactNode;
}) {
  return (
    <Primitive.Root>
      <Primitive.Trigger asChild>{trigger}</Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content
          align={align}
          sideOffset={4}
          collisionPadding={8}
          {...(label === undefined ? {} : { "aria-label": label })}
          className="z-50 max-h-(--radix-dropdown-menu-content-available-height) min-w-44 overflow-y-auto rounded-md border border-line bg-surface p-1 shadow-overlay animate-appear"
        >
          {children}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

const ITEM =
  "flex min-h-8 cursor-pointer items-center gap-2 rounded px-2 text-sm outline-none data-[disabled]:cursor-default data-[disabled]:opacity-60 data-[highlighted]:bg-raised pointer-coarse:min-h-10";

export function MenuItem({
  icon: Icon,
  danger = false,
  disabled = false,
  onSelect,
  children,
}: {
  icon?: LucideIcon;
  danger?: boolean;
  disabled?: boolean;
  onSelect: () => void;
  children: React.ReactNode;
}) {
  return (
    <Primitive.Item disabled={disabled} onSelect={onSelect} className={cx(ITEM, danger && "text-bad")}>
      {Icon !== undefined && <Icon aria-hidden="true" className="size-4 text-muted" />}
      {children}
    </Primitive.Item>
  );
}

/** One of several; the chosen one has a mark. */
export function MenuChoice({
  value,
  options,
  onChange,
}: {
  value: string;
  options: readonly { readonly value: string; readonly label: string }[];
  onChange: (value: string) => void;
}) {
  return (
    <Primitive.RadioGroup value={value} onValueChange={onChange}>
      {options.map((option) => (
        <Primitive.RadioItem key={option.value} value={option.value} className={ITEM}>
          <span className="flex-1">{option.label}</span>
          <Primitive.ItemIndicator>
            <Check aria-hidden="true" className="size-4 text-accent" />
          </Primitive.ItemIndicator>
        </Primitive.RadioItem>
      ))}
    </Primitive.RadioGroup>
  );
}

/** One of those of which several may be chosen; the menu stays open. */
export function MenuCheck({
  checked,
  disabled = false,
  onChange,
  children,
}: {
  checked: boolean;
  disabled?: boolean;
  onChange: (checked: boolean) => void;
  children: React.ReactNode;
}) {
  return (
    <Primitive.CheckboxItem
      checked={checked}
      disabled={disabled}
      onCheckedChange={onChange}
      onSelect={(event) => event.preventDefault()}
      className={ITEM}
    >
      <span className="flex size-4 items-center justify-center rounded border border-line-strong">
        <Primitive.ItemIndicator>
          <Check aria-hidden="true" className="size-3 text-accent" strokeWidth={3} />
        </Primitive.ItemIndicator>
      </span>
      <span className="flex-1">{children}</span>
    </Primitive.CheckboxItem>
  );
}

export function MenuLabel({ children }: { children: React.ReactNode }) {
  return <Primitive.Label className="px-2 py-1 text-xs text-muted">{children}</Primitive.Label>;
}

export function MenuSeparator() {
  return <Primitive.Separator className="-mx-1 my-1 h-px bg-line" />;
}
