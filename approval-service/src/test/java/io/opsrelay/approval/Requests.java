package io.opsrelay.approval;

import io.opsrelay.contracts.ActionEvent.ActionPrepared;
import io.opsrelay.contracts.ActionFacts;
import io.opsrelay.contracts.Effect;
import io.opsrelay.contracts.Money;
import java.math.BigDecimal;
import java.util.Map;
import java.util.UUID;

/** Preparations as action-engine tells of them. */
public final class Requests {

    private static final String HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    private Requests() {}

    static ActionPrepared refund(UUID actionId, UUID ticketId, int version, String amount, String editor) {
        return new ActionPrepared(
                actionId,
                ticketId,
                version,
                "refund",
                Map.of(
                        "order_id",
                        "A-1",
                        "charge_id",
                        "ch_1",
                        "amount",
                        amount,
                        "currency",
                        "EUR",
                        "reason",
                        "it broke"),
                HASH,
                new Effect(
                        "Refund " + amount + " EUR of order A-1",
                        new Money(new BigDecimal(amount), "EUR"),
                        Map.of("remaining_after", "0.00")),
                "ai:luna",
                editor,
                new ActionFacts("financial", "medium", false, "order/A-1", "production", 0.8, true, null));
    }

    /** A change of replicas. */
    public static ActionPrepared scaling(UUID actionId, int version, int replicas, String requester, String editor) {
        return new ActionPrepared(
                actionId,
                null,
                version,
                "scale_deployment",
                Map.of("service_name", "web", "target_type", "kubernetes", "replicas", replicas, "reason", "load"),
                HASH,
                new Effect(
                        "Scale web from 3 to " + replicas, null, Map.of("replicas_now", 3, "replicas_after", replicas)),
                requester,
                editor,
                new ActionFacts("operations", "medium", true, "kubernetes/web", null, null, null, null));
    }

    /** A client's own action. */
    static ActionPrepared payout(UUID actionId, UUID ticketId) {
        return new ActionPrepared(
                actionId,
                ticketId,
                1,
                "http_payout",
                Map.of("account", "A-1", "points", 5, "_request", HASH),
                HASH,
                new Effect("Pays out points", null, Map.of()),
                "ai:luna",
                null,
                new ActionFacts("financial", "high", false, "http_payout/A-1", null, 0.8, true, null),
                null,
                editable(Map.of(
                        "account", Map.of("type", "string", "maxLength", 20),
                        "points", Map.of("type", "integer", "minimum", 1, "maximum", 100))));
    }

    private static Map<String, Object> editable(Map<String, Object> properties) {
        return Map.of("type", "object", "properties", properties, "additionalProperties", false);
    }

    static ActionPrepared restart(UUID actionId, String requester, String breakGlass) {
        return new ActionPrepared(
                actionId,
                null,
                1,
                "restart_deployment",
                Map.of("service_name", "web", "target_type", "kubernetes", "reason", "it hangs"),
                HASH,
                new Effect("Restart web", null, Map.of("outside_guardrails", "web is protected")),
                requester,
                null,
                new ActionFacts("operations", "high", true, "kubernetes/web", null, null, null, breakGlass),
                null,
                editable(Map.of("reason", Map.of("type", "string", "minLength", 1, "maxLength", 500))));
    }
}
