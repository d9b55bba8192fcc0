import { words } from "../../lib/format";
import { isObject, text } from "../../lib/json";
import { usePerson } from "../../lib/session";
import { useView } from "../../lib/useView";
import { texts } from "../../lib/values";
import { Badge } from "../../ui/Badge";
import { Disclosure } from "../../ui/Disclosure";
import { Panel } from "../../ui/Panel";
import { EmptyState } from "../../ui/States";
import { Age } from "../../ui/Time";
import { Loaded } from "./form";
import { readTools, TOOLS_KEY, type Tool } from "./tools";
import { ToolUsers } from "./ToolUsers";

export function Tools() {
  const view = useView(TOOLS_KEY, readTools);
  const client = usePerson().clientId ?? "<client>";
  return (
    <Loaded view={view} rows={10}>
      {(tools) => {
        const own = tools.filter(({ source }) => source !== "built_in");
        const builtIn = tools.filter(({ source }) => source === "built_in");
        return (
          <>
            <Panel title="Your own tools" count={own.length} actions={<Age at={view.at} />}>
              {own.length === 0 ? (
                <EmptyState title="No tools of your own">They appear here, with a reason where one cannot be asked.</EmptyState>
              ) : (
                <ToolList label="Your own tools" tools={own} all={tools} />
              )}
              <p className="border-t border-line px-3 py-2 text-xs text-muted wrap-anywhere">
                HTTP endpoints and MCP servers are added and removed by who runs OpsRelay, in the configuration of agent-service:{" "}
                <code>opsrelay.tools.http.{client}</code> and <code>opsrelay.tools.mcp.{client}</code>, with address, allowed tools and timeout. It is
                checked when the service starts. Who may use a tool is decided here: open it.
              </p>
            </Panel>
            <Panel title="Built-in tools" count={builtIn.length}>
              <ToolList label="Built-in tools" tools={builtIn} all={tools} />
            </Panel>
          </>
        );
      }}
    </Loaded>
  );
}

function ToolList({ label, tools, all }: { label: string; tools: readonly Tool[]; all: readonly Tool[] }) {
  return (
    <ul role="list" aria-label={label}>
      {tools.map((tool) => (
        <ToolRow key={tool.name} tool={tool} all={all} />
      ))}
    </ul>
  );
}

function ToolRow({ tool, all }: { tool: Tool; all: readonly Tool[] }) {
  return (
    <li className="border-b border-line last:border-b-0">
      <Disclosure
        look="row"
        row={
          <>
            <span className="min-w-0 flex-1">
              <span className="block font-mono text-xs leading-5 font-medium wrap-anywhere">{tool.name}</span>
              {tool.description !== null && <span className="block text-muted wrap-anywhere">{tool.description}</span>}
              {tool.reason !== null && <span className="block text-warn wrap-anywhere">{tool.reason}</span>}
            </span>
            <span className="flex shrink-0 flex-wrap justify-end gap-1">
              <Badge>{words(tool.category)}</Badge>
              {!tool.available && <Badge tone="warn">Not there</Badge>}
            </span>
          </>
        }
      >
        <div className="flex flex-col gap-3">
          <Schema tool={tool} />
          <ToolUsers name={tool.name} tools={all} />
        </div>
      </Disclosure>
    </li>
  );
}

function Schema({ tool: { schema } }: { tool: Tool }) {
  const fields = schema !== null && isObject(schema["properties"]) ? Object.entries(schema["properties"]) : [];
  const required = new Set(schema === null ? [] : texts(schema["required"]));
  if (fields.length === 0) {
    return <p className="text-xs text-muted">It is told nothing that the model chooses.</p>;
  }
  return (
    <dl aria-label="What the model fills in" className="grid grid-cols-[minmax(6rem,auto)_minmax(0,1fr)] gap-x-4 gap-y-1 text-xs">
      {fields.map(([name, field]) => {
        const what = isObject(field) ? field : {};
        const choices = texts(what["enum"]);
        return (
          <div key={name} className="contents">
            <dt className="font-mono wrap-anywhere">{name}</dt>
            <dd className="text-muted wrap-anywhere">
              {text(what["description"]) ?? text(what["type"])}
              {choices.length > 0 && `: ${choices.join(", ")}`}
              {!required.has(name) && " (optional)"}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
