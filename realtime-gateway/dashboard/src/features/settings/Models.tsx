import { itemsOf, text } from "../../lib/json";
import { read, useView } from "../../lib/useView";
import { number } from "../../lib/values";
import { words } from "../../lib/format";
import { Badge, type Tone } from "../../ui/Badge";
import { Panel } from "../../ui/Panel";
import { EmptyState } from "../../ui/States";
import { Age } from "../../ui/Time";
import { Loaded } from "./form";

interface Model {
  readonly name: string;
  readonly provider: string;
  readonly model: string;
  readonly inputPrice: number | null;
  readonly outputPrice: number | null;
  readonly breaker: string;
}

const readModels = read("/api/v1/agent/models", ({ body }) =>
  itemsOf(body).flatMap((item): Model[] => {
    const name = text(item["name"]);
    return name === null
      ? []
      : [
          {
            name,
            provider: text(item["provider"]) ?? "unknown",
            model: text(item["model"]) ?? "",
            inputPrice: number(item["input_price_usd"]),
            outputPrice: number(item["output_price_usd"]),
            breaker: text(item["breaker"]) ?? "closed",
          },
        ];
  }),
);

const PROVIDERS: ReadonlyMap<string, string> = new Map([
  ["openai", "OpenAI's protocol"],
  ["ollama", "Ollama"],
  ["anthropic", "Anthropic"],
]);
const BREAKERS: ReadonlyMap<string, readonly [Tone, string]> = new Map<string, readonly [Tone, string]>([
  ["closed", ["good", "Is asked"]],
  ["half_open", ["warn", "Tried again"]],
  ["open", ["bad", "Left alone"]],
]);

/** The models that a workflow may name, as they are configured; they are changed where agent-service is. */
export function Models() {
  const view = useView(["settings", "models"], readModels);
  return (
    <Loaded view={view} rows={4}>
      {(models) => (
        <Panel title="Models" count={models.length} actions={<Age at={view.at} />}>
          {models.length === 0 ? (
            <EmptyState title="No models are configured">
              The local engine does everything, and costs nothing. Models are named in the configuration of agent-service (opsrelay.llm.models).
            </EmptyState>
          ) : (
            <div role="region" aria-label="Configured models" tabIndex={0} className="overflow-x-auto">
              <table className="w-full border-collapse text-sm">
                <thead>
                  <tr className="text-xs text-muted">
                    <th scope="col" className="px-3 py-2 text-left font-medium">Name</th>
                    <th scope="col" className="px-3 py-2 text-left font-medium">Provider</th>
                    <th scope="col" className="px-3 py-2 text-left font-medium">Model</th>
                    <th scope="col" className="px-3 py-2 text-right font-medium">A million tokens in</th>
                    <th scope="col" className="px-3 py-2 text-right font-medium">and out</th>
                    <th scope="col" className="px-3 py-2 text-left font-medium">State</th>
                  </tr>
                </thead>
                <tbody>
                  {models.map(({ name, provider, model, inputPrice, outputPrice, breaker }) => {
                    const [tone, word] = BREAKERS.get(breaker) ?? (["neutral", words(breaker)] as const);
                    return (
                      <tr key={name} className="border-t border-line">
                        <th scope="row" className="px-3 py-2 text-left font-mono text-xs font-medium">{name}</th>
                        <td className="px-3 py-2">{PROVIDERS.get(provider) ?? provider}</td>
                        <td className="px-3 py-2 font-mono text-xs wrap-anywhere">{model}</td>
                        <td className="px-3 py-2 text-right tabular-nums">{price(inputPrice)}</td>
                        <td className="px-3 py-2 text-right tabular-nums">{price(outputPrice)}</td>
                        <td className="px-3 py-2">
                          <Badge tone={tone}>{word}</Badge>
                        </td>
                      </tr>
                    );
                  })}
                </tbody>
              </table>
            </div>
          )}
          <p className="border-t border-line px-3 py-2 text-xs text-muted">
            A model that fails too often is left alone for a while, and the local engine works meanwhile. What models cost stands on the page AI performance.
          </p>
        </Panel>
      )}
    </Loaded>
  );
}

function price(value: number | null): string {
  return value === null ? "–" : value.toLocaleString(undefined, { style: "currency", currency: "USD", maximumFractionDigits: 4 });
}
