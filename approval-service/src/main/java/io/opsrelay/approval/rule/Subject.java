package io.opsrelay.approval.rule;

import io.opsrelay.contracts.ActionEvent.ActionPrepared;
import io.opsrelay.contracts.ActionFacts;
import io.opsrelay.contracts.Money;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An action as policy sees it.
 *
 * @param category absent for a type of which nothing is known
 * @param money what moves, if money moves
 * @param requester {@code user:<name>} or {@code ai:<persona>}
 * @param at when policy is asked
 */
public record Subject(
        String actionType,
        @Nullable String category,
        @Nullable Money money,
        @Nullable String target,
        @Nullable String environment,
        @Nullable Double confidence,
        String requester,
        boolean customerVerified,
        boolean outsideGuardrails,
        boolean breakGlass,
        Instant at) {

    /** What an action can be. */
    public static final Set<String> CATEGORIES =
            Set.of("information", "account", When.FINANCIAL, "technical", "escalation", "operations");

    /** How action-engine marks, in an effect's details, what one person alone may not ask for. */
    private static final String OUTSIDE_GUARDRAILS = "outside_guardrails";

    private static final String PERSON = "user:";
    private static final String PERSONA = "ai:";

    /** A prepared action; from writers that tell no facts, the type alone says what it is. */
    public static Subject of(ActionPrepared action, Instant at) {
        ActionFacts facts = action.facts();
        String reason = facts == null ? null : facts.breakGlass();
        return new Subject(
                action.actionType(),
                facts == null ? categoryOf(action.actionType()) : facts.category(),
                action.effect().money(),
                facts == null ? null : facts.target(),
                facts == null ? null : facts.environment(),
                facts == null ? null : facts.confidence(),
                action.requester(),
                facts != null && Boolean.TRUE.equals(facts.customerVerified()),
                action.effect().details().containsKey(OUTSIDE_GUARDRAILS),
                reason != null && !reason.isBlank(),
                at);
    }

    /** The category of a type that OpsRelay itself knows. */
    public static @Nullable String categoryOf(String actionType) {
        return switch (actionType) {
            case When.REFUND -> When.FINANCIAL;
            case "password_reset" -> "account";
            case "bug_report" -> "technical";
            case "restart_deployment", "rollout_restart", "scale_deployment", "rollback_deployment" -> "operations";
            default -> null;
        };
    }

    boolean isRefund() {
        return actionType.equals(When.REFUND);
    }

    /** Who asks, in kind: user, ai, or whatever it calls itself. */
    String kind() {
        int colon = requester.indexOf(':');
        return colon < 0 ? requester : requester.substring(0, colon);
    }

    /** Whether a person asks. */
    public boolean fromPerson() {
        return requester.startsWith(PERSON);
    }

    @Nullable
    String persona() {
        return requester.startsWith(PERSONA) ? requester.substring(PERSONA.length()) : null;
    }
}
