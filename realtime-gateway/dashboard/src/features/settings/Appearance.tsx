import { Monitor, Moon, Sun, type LucideIcon } from "lucide-react";
import { span } from "../../lib/figures";
import { PACES_MS, setPace, usePace } from "../../lib/pace";
import { setTheme, useTheme, type Theme } from "../../lib/theme";
import { Select, Switch } from "../../ui/Field";
import { Panel } from "../../ui/Panel";

const THEMES: readonly { value: Theme; label: string; hint: string; icon: LucideIcon }[] = [
  { value: "system", label: "As the device", hint: "Follows day and night where the device does", icon: Monitor },
  { value: "light", label: "Light", hint: "For bright rooms", icon: Sun },
  { value: "dark", label: "Dark", hint: "For dark rooms and long nights", icon: Moon },
];

export function Appearance() {
  return (
    <div className="flex flex-col gap-4">
      <ThemeChoice />
      <PaceChoice />
    </div>
  );
}

function PaceChoice() {
  const pace = usePace();
  return (
    <Panel title="Refresh">
      <div className="flex flex-col gap-3 p-3">
        <Switch
          label="Read views again by themselves"
          hint="Where no stream tells of changes. Without it only Refresh reads them again; what the stream tells is shown at once in any case."
          checked={pace.isAutomatic}
          onChange={(isAutomatic) => setPace({ ...pace, isAutomatic })}
        />
        <Select
          label="How often"
          hint="A queue and a ticket at work are read every 3 s, and services every 15 s."
          className="max-w-60"
          value={String(pace.everyMs)}
          disabled={!pace.isAutomatic}
          options={[...new Set([...PACES_MS, pace.everyMs])].sort((a, b) => a - b).map((each) => ({ value: String(each), label: `Every ${span(each / 1_000)}` }))}
          onChange={(value) => setPace({ ...pace, everyMs: Number(value) })}
        />
      </div>
    </Panel>
  );
}

function ThemeChoice() {
  const theme = useTheme();
  return (
    <Panel title="Theme">
      <fieldset className="m-0 grid gap-3 border-0 p-3 sm:grid-cols-3">
        <legend className="sr-only">Theme</legend>
        {THEMES.map(({ value, label, hint, icon: Icon }) => (
          <label
            key={value}
            className="flex cursor-pointer items-start gap-3 rounded-md border border-line p-3 hover:bg-raised has-checked:border-accent has-checked:bg-accent-soft has-focus-visible:outline-2 has-focus-visible:outline-accent"
          >
            <input type="radio" name="theme" value={value} checked={theme === value} onChange={() => setTheme(value)} className="mt-0.5 size-4 accent-accent-solid" />
            <span className="min-w-0 flex-1">
              <span className="block font-medium">{label}</span>
              <span className="block text-xs text-muted">{hint}</span>
            </span>
            <Icon aria-hidden="true" className="size-4 text-muted" />
          </label>
        ))}
      </fieldset>
      <p className="border-t border-line px-3 py-2 text-xs text-muted">
        Kept on this device. Motion is reduced where the device asks for it. Press ? for the keys.
      </p>
    </Panel>
  );
}
