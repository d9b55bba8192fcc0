import { Flame, ShieldAlert, ShieldCheck } from "lucide-react";
import { words } from "../../lib/format";
import { Badge } from "../../ui/Badge";

/** How much harm an action may do, by the catalogue: by word and shape, not by colour alone. */
export function RiskBadge({ risk }: { risk: string }) {
  const high = risk === "high" || risk === "critical";
  const Icon = high ? ShieldAlert : ShieldCheck;
  return (
    <Badge tone={high ? "bad" : risk === "medium" ? "warn" : "neutral"}>
      <Icon aria-hidden="true" className="size-3" />
      {words(risk)} risk
    </Badge>
  );
}

/** Somebody set guardrails aside for it. */
export function BreakGlassBadge() {
  return (
    <Badge tone="bad">
      <Flame aria-hidden="true" className="size-3" />
      Break-glass
    </Badge>
  );
}
