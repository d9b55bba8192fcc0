import { UsersRound } from "lucide-react";
import { words } from "../../lib/format";
import { itemsOf, text, type JsonObject } from "../../lib/json";
import { ProblemError } from "../../lib/problem";
import { read, useView } from "../../lib/useView";
import { texts } from "../../lib/values";
import { Badge } from "../../ui/Badge";
import { Panel } from "../../ui/Panel";
import { EmptyState } from "../../ui/States";
import { Age } from "../../ui/Time";
import { Loaded } from "./form";

interface User {
  readonly email: string;
  readonly name: string | null;
  readonly roles: readonly string[];
  readonly clients: readonly string[];
}

const ROLES: readonly (readonly [string, string])[] = [
  ["viewer", "reads tickets, approvals, actions and metrics"],
  ["agent", "works tickets, corrects categories, sends drafts"],
  ["approver", "decides financial and account actions"],
  ["sre", "requests deployment actions and decides those of others"],
  ["admin", "all within the client, and these settings"],
  ["ingest", "machines: bring in tickets and telemetry, nothing else"],
];

export function Users() {
  const view = useView(["settings", "users"], read("/api/v1/users", ({ body }) => itemsOf(body).flatMap((item) => userOf(item) ?? [])));
  const elsewhere = view.data === undefined && view.error instanceof ProblemError && view.error.status === 404;
  return (
    <>
      {elsewhere ? (
        <Panel title="Users">
          <EmptyState title="Users are kept by your identity provider" icon={UsersRound}>
            Whoever signs people in says which roles they have. Change them there; a new token brings them here.
          </EmptyState>
        </Panel>
      ) : (
        <Loaded view={view}>
          {(users) => (
            <Panel title="Users" count={users.length} actions={<Age at={view.at} />}>
              {users.length === 0 ? (
                <EmptyState title="No users" icon={UsersRound}>The issuer knows nobody of this client.</EmptyState>
              ) : (
                <ul role="list" aria-label="Users">
                  {users.map(({ email, name, roles, clients }) => (
                    <li key={email} className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-3 py-2 last:border-b-0">
                      <div className="min-w-0 flex-1 basis-48">
                        <p className="truncate font-medium">{name ?? email}</p>
                        {name !== null && <p className="truncate text-xs text-muted">{email}</p>}
                      </div>
                      <div className="flex flex-wrap gap-1">
                        {roles.map((role) => (
                          <Badge key={role} tone={role === "admin" ? "info" : "neutral"}>
                            {role === "sre" ? "SRE" : words(role)}
                          </Badge>
                        ))}
                      </div>
                      {clients.length > 1 && <p className="text-xs text-muted">{clients.join(", ")}</p>}
                    </li>
                  ))}
                </ul>
              )}
            </Panel>
          )}
        </Loaded>
      )}
      <Panel title="What the roles may">
        <dl className="grid grid-cols-[6rem_minmax(0,1fr)] gap-x-3 gap-y-1.5 p-3">
          {ROLES.map(([role, may]) => (
            <div key={role} className="contents">
              <dt className="font-medium">{role === "sre" ? "SRE" : words(role)}</dt>
              <dd className="text-muted">{may}</dd>
            </div>
          ))}
        </dl>
      </Panel>
    </>
  );
}

function userOf(item: JsonObject): User | null {
  const email = text(item["email"]);
  return email === null ? null : { email, name: text(item["name"]), roles: texts(item["roles"]), clients: texts(item["clients"]) };
}
