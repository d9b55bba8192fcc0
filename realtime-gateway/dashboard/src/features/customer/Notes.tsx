import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useApi } from "../../lib/api";
import { messageOf } from "../../lib/problem";
import { useList } from "../../lib/useView";
import { Button } from "../../ui/Button";
import { TextArea } from "../../ui/Field";
import { Problem } from "../../ui/Notice";
import { Panel } from "../../ui/Panel";
import { ErrorState, SkeletonRows } from "../../ui/States";
import { Age, Time } from "../../ui/Time";
import { noteOf } from "./customer";

/** What colleagues noticed; no customer and no model sees it. */
export function Notes({ customerId, mayWrite }: { customerId: string; mayWrite: boolean }) {
  const api = useApi();
  const queries = useQueryClient();
  const path = `/api/v1/customers/${encodeURIComponent(customerId)}/notes`;
  const notes = useList(["customer", customerId, "notes"], path, noteOf);
  const [draft, setDraft] = useState("");
  const add = useMutation({
    mutationFn: () => api.post(path, { text: draft.trim() }),
    onSuccess: () => {
      setDraft("");
      return queries.invalidateQueries({ queryKey: ["customer", customerId] });
    },
  });
  return (
    <Panel title="Notes" actions={<Age at={notes.at} className="ml-auto" />}>
      {mayWrite && (
        <form
          className="flex flex-col gap-2 border-b border-line p-3"
          onSubmit={(event) => {
            event.preventDefault();
            if (draft.trim() !== "" && !add.isPending) {
              add.mutate();
            }
          }}
        >
          <TextArea
            label="Note"
            labelHidden
            placeholder="What colleagues should know"
            rows={2}
            maxLength={10_000}
            value={draft}
            onChange={(event) => setDraft(event.target.value)}
          />
          {add.isError && <Problem>{messageOf(add.error)}</Problem>}
          <Button type="submit" size="small" className="self-start" disabled={draft.trim() === "" || add.isPending}>
            {add.isPending ? "Adding…" : "Add note"}
          </Button>
        </form>
      )}
      {notes.data === undefined ? (
        notes.error === null ? (
          <SkeletonRows rows={2} />
        ) : (
          <ErrorState error={notes.error} onRetry={notes.refresh} />
        )
      ) : notes.data.length === 0 ? (
        <p className="p-3 text-muted">No notes.</p>
      ) : (
        <ul role="list" className="divide-y divide-line">
          {notes.data.map((note) => (
            <li key={note.id} className="flex flex-col gap-0.5 px-3 py-2">
              <p className="whitespace-pre-wrap wrap-anywhere">{note.text}</p>
              <p className="text-xs text-muted">
                {note.author} · <Time at={note.createdAt} />
              </p>
            </li>
          ))}
        </ul>
      )}
      {notes.more !== undefined && (
        <Button look="quiet" size="small" className="m-2 self-start" disabled={notes.isLoadingMore} onClick={notes.more}>
          {notes.isLoadingMore ? "Loading…" : "Older notes"}
        </Button>
      )}
    </Panel>
  );
}
