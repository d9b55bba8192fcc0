package io.opsrelay.contracts;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What policy may ask about a prepared action besides its arguments and its effect. Computed by action-engine.
 *
 * @param category information, account, financial, technical, escalation or operations
 * @param risk low, medium or high
 * @param reversible whether an action of this installation can undo it
 * @param target what is touched, e.g. {@code kubernetes/prod-eu/shop/payment-api} or {@code order/A-1001}
 * @param environment where the target runs, e.g. production; absent where nothing says so
 * @param confidence how sure the agent is, 0 to 1; absent for what people ask for
 * @param customerVerified whether the ticket's customer is verified; absent without a customer
 * @param breakGlass why an admin sets the guardrails aside, absent where they hold
 */
public record ActionFacts(
        String category,
        String risk,
        boolean reversible,
        @Nullable String target,
        @Nullable String environment,
        @Nullable Double confidence,
        @Nullable Boolean customerVerified,
        @Nullable String breakGlass) {

    private static final Set<String> CATEGORIES =
            Set.of("information", "account", "financial", "technical", "escalation", "operations");
    private static final Set<String> RISKS = Set.of("low", "medium", "high");

    public ActionFacts {
        Require.text(category, "category");
        Require.text(risk, "risk");
        if (!CATEGORIES.contains(category)) {
            throw new IllegalArgumentException("category must be one of " + CATEGORIES);
        }
        if (!RISKS.contains(risk)) {
            throw new IllegalArgumentException("risk must be one of " + RISKS);
        }
    }
}
