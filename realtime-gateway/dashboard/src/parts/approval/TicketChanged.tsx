import { instant } from "../../lib/format";
import { text } from "../../lib/json";
import { Banner } from "../../ui/Notice";
import { Time } from "../../ui/Time";
import type { Approval } from "./approvals";

/** Says that the customer has written since it was asked, as long as that may change the decision. */
export function TicketChanged({ approval: { status, raw } }: { approval: Approval }) {
  const at = instant(text(raw["ticket_changed_at"]));
  return status !== "pending" || at === null ? null : (
    <Banner tone="warn">
      The customer has written since this was asked (<Time at={at} />
      ): read the ticket before you decide. Approvals given before that do not count.
    </Banner>
  );
}
