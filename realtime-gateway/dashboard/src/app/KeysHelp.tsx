import { groupsOf, useAllCommands } from "../lib/commands";
import { Dialog } from "../ui/Dialog";
import { KeyHint } from "../ui/KeyHint";

/** The keys that work now: the frame's and the page's. */
export function KeysHelp({ open, onClose }: { open: boolean; onClose: () => void }) {
  const all = useAllCommands();
  // A page may take a key of the frame for itself while it is open.
  const commands = all.filter(({ id, keys }) => keys !== undefined && all.findLast((each) => each.keys === keys)?.id === id);
  const groups = groupsOf(commands);
  return (
    <Dialog open={open} onClose={onClose} title="Keys" description="They work while you are not typing into a field; those of a reply while you write one.">
      <div className="flex flex-col gap-4">
        <Group name="Everywhere" keys={[["Ctrl+K", "Search and commands"]]} />
        <Group
          name="In a list"
          keys={[
            ["↓ j", "Next row"],
            ["↑ k", "Row before"],
            ["Enter", "Open the row"],
            ["x", "Choose the row"],
          ]}
        />
        <Group
          name="In a reply"
          keys={[
            ["Ctrl+.", "Insert a canned reply"],
            ["Ctrl+Enter", "Send"],
          ]}
        />
        {groups.map((group) => (
          <Group
            key={group}
            name={group}
            keys={commands.filter((each) => each.group === group).map(({ keys = "", title }) => [keys, title])}
          />
        ))}
      </div>
    </Dialog>
  );
}

function Group({ name, keys }: { name: string; keys: readonly (readonly [string, string])[] }) {
  return (
    <section aria-label={name}>
      <h3 className="mb-1 text-xs font-medium text-muted">{name}</h3>
      <dl className="flex flex-col">
        {keys.map(([key, title]) => (
          <div key={`${key} ${title}`} className="flex min-h-8 items-center justify-between gap-4 border-t border-line">
            <dt className="order-1">
              <KeyHint keys={key} />
            </dt>
            <dd>{title}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
