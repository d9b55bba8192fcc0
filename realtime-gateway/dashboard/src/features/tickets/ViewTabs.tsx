import { Link } from "@tanstack/react-router";
import { BookmarkPlus, Trash2 } from "lucide-react";
import { useState } from "react";
import { usePerson } from "../../lib/session";
import { useInStrip } from "../../lib/useInStrip";
import { useStored } from "../../lib/useStored";
import { Button, IconButton } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { TextField } from "../../ui/Field";
import type { TicketsSearch } from "./filters";
import { builtInViews, isSame, KEPT_VIEWS, LONGEST_NAME, readViews } from "./views";

/** The views that everybody has, then one's own; each is an address. */
export function ViewTabs({ search }: { search: TicketsSearch }) {
  const { user } = usePerson();
  const [own, setOwn] = useStored("ticket-views", readViews);
  const [naming, setNaming] = useState(false);
  const builtIn = builtInViews(user);
  const all = [...builtIn, ...own];
  const current = all.find((view) => isSame(view.search, search));
  const strip = useInStrip<HTMLElement>("[aria-current=page]", current?.name);
  const isOwn = current !== undefined && own.includes(current);
  return (
    <div className="flex min-w-0 items-center gap-2 border-b border-line">
      <nav ref={strip} aria-label="Views" className="min-w-0 overflow-x-auto">
        <ul role="list" className="flex gap-1">
          {all.map((view) => (
            <li key={`${own.includes(view)} ${view.name}`} className="shrink-0">
              <Link
                to="/tickets"
                search={view.search}
                // A view is exactly its filters: the router's own mark would be on every view that has fewer.
                activeOptions={{ exact: true, includeSearch: true }}
                aria-current={view === current ? "page" : undefined}
                className="flex h-9 items-center border-b-2 border-transparent px-1.5 font-medium text-muted -outline-offset-2 hover:text-ink aria-[current=page]:border-accent aria-[current=page]:text-ink"
              >
                {view.name}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      {isOwn && (
        <IconButton
          label={`Forget the view ${current.name}`}
          icon={Trash2}
          size="small"
          onClick={() => setOwn(own.filter((view) => view !== current))}
        />
      )}
      {current === undefined && own.length < KEPT_VIEWS && (
        <Button look="quiet" size="small" icon={BookmarkPlus} onClick={() => setNaming(true)}>
          Save view
        </Button>
      )}
      {naming && (
        <NameView
          taken={all.map(({ name }) => name)}
          onClose={() => setNaming(false)}
          onName={(name) => {
            setOwn([...own, { name, search }]);
            setNaming(false);
          }}
        />
      )}
    </div>
  );
}

function NameView({
  taken,
  onClose,
  onName,
}: {
  taken: readonly string[];
  onClose: () => void;
  onName: (name: string) => void;
}) {
  const [name, setName] = useState("");
  const [problem, setProblem] = useState<string>();
  return (
    <Dialog
      open
      onClose={onClose}
      title="Save this view"
      description="Its filters, words and order. It is yours, on this device."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" form="name-view">
            Save
          </Button>
        </>
      }
    >
      <form
        id="name-view"
        onSubmit={(event) => {
          event.preventDefault();
          const plain = name.trim();
          if (plain === "") {
            setProblem("Give it a name.");
          } else if (taken.some((each) => each.toLowerCase() === plain.toLowerCase())) {
            setProblem("There is a view of that name.");
          } else {
            onName(plain);
          }
        }}
      >
        <TextField
          label="Name"
          value={name}
          maxLength={LONGEST_NAME}
          autoComplete="off"
          problem={problem}
          onChange={(event) => {
            setName(event.target.value);
            setProblem(undefined);
          }}
        />
      </form>
    </Dialog>
  );
}
