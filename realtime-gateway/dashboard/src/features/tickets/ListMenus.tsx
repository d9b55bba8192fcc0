import { Download, SlidersHorizontal } from "lucide-react";
import { useRef, useState } from "react";
import { useApi } from "../../lib/api";
import { messageOf } from "../../lib/problem";
import { saveFile } from "../../lib/saveFile";
import { Button } from "../../ui/Button";
import { DropdownMenu, MenuCheck, MenuChoice, MenuItem, MenuLabel, MenuSeparator } from "../../ui/Menu";
import { useToast } from "../../ui/Toast";
import { COLUMN_CHOICES, type Layout } from "./columns";

export function LayoutMenu({ layout, onChange }: { layout: Layout; onChange: (layout: Layout) => void }) {
  return (
    <DropdownMenu
      label="Display"
      trigger={
        <Button look="quiet" icon={SlidersHorizontal}>
          Display
        </Button>
      }
    >
      <MenuLabel>Rows</MenuLabel>
      <MenuChoice
        value={layout.dense ? "dense" : "roomy"}
        options={[
          { value: "roomy", label: "Roomy" },
          { value: "dense", label: "Dense" },
        ]}
        onChange={(value) => onChange({ ...layout, dense: value === "dense" })}
      />
      <MenuSeparator />
      <MenuLabel>Columns</MenuLabel>
      {COLUMN_CHOICES.map(({ id, header }) => (
        <MenuCheck
          key={id}
          checked={layout.columns.includes(id)}
          onChange={(on) =>
            onChange({ ...layout, columns: on ? [...layout.columns, id] : layout.columns.filter((each) => each !== id) })
          }
        >
          {header}
        </MenuCheck>
      ))}
    </DropdownMenu>
  );
}

/** Everything that the filter finds, with texts: more than is on the page. */
export function ExportMenu({ query }: { query: string }) {
  const api = useApi();
  const toast = useToast();
  const [busy, setBusy] = useState(false);
  const isBusy = useRef(false);
  const save = async (format: "csv" | "json") => {
    if (isBusy.current) {
      return;
    }
    isBusy.current = true;
    setBusy(true);
    try {
      const file = await api.download(`/api/v1/tickets/export?${query === "" ? "" : `${query}&`}format=${format}`);
      saveFile(file, `tickets-${new Date().toISOString().slice(0, 16).replaceAll(/[-:]/g, "")}.${format}`);
      toast({ title: "Tickets exported", tone: "good" });
    } catch (reason) {
      toast({
        title: "The tickets were not exported",
        detail: messageOf(reason),
        tone: "bad",
        action: { label: "Try again", run: () => void save(format) },
      });
    } finally {
      isBusy.current = false;
      setBusy(false);
    }
  };
  return (
    <DropdownMenu
      label="Export"
      trigger={
        <Button look="quiet" icon={Download} disabled={busy}>
          {busy ? "Exporting…" : "Export"}
        </Button>
      }
    >
      <MenuLabel>All that the filters find</MenuLabel>
      <MenuItem onSelect={() => void save("csv")}>CSV, for spreadsheets</MenuItem>
      <MenuItem onSelect={() => void save("json")}>JSON</MenuItem>
    </DropdownMenu>
  );
}
