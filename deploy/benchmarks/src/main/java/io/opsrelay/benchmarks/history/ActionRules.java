package io.opsrelay.benchmarks.history;

import io.opsrelay.benchmarks.history.History.Action;
import io.opsrelay.benchmarks.history.History.Approval;
import io.opsrelay.benchmarks.history.History.Effect;
import io.opsrelay.benchmarks.history.History.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An approved action has at most one effect, after its intent; no other has any; none is left unsettled; and what was
 * approved is done, unless somebody outside said no.
 */
final class ActionRules {

    private static final Set<String> SETTLED = Set.of("succeeded", "failed", "rejected", "expired", "cancelled");

    /** Why an approved refund may fail: others have taken what was left of the charge, or a guardrail stands against it. */
    private static final Set<String> NOT_OURS = Set.of("amount_too_large", "guardrail_refused");

    private static final Set<String> AFTER_AN_APPROVAL = Set.of("succeeded", "failed", "cancelled");
    private static final String KEY_PREFIX = "opsrelay-";

    private final Map<String, Approval> approvals;
    private final Map<String, Action> byId;
    private final List<String> violations = new ArrayList<>();

    private ActionRules(History history) {
        approvals = history.approvals().stream()
                .collect(Collectors.toMap(Approval::approvalId, Function.identity(), (a, b) -> a));
        byId = history.actions().stream().collect(Collectors.toMap(Action::actionId, Function.identity(), (a, b) -> a));
    }

    static List<String> violations(History history) {
        ActionRules rules = new ActionRules(history);
        Map<String, List<Effect>> effects = new HashMap<>();
        for (Effect effect : history.effects()) {
            Action action = rules.actionOf(effect);
            if (action == null) {
                rules.violations.add("effect %s on %s's order %s belongs to no action (key %s)"
                        .formatted(effect.effectId(), effect.client(), effect.order(), effect.idempotencyKey()));
            } else {
                effects.computeIfAbsent(action.actionId(), id -> new ArrayList<>())
                        .add(effect);
            }
        }
        for (Action action : history.actions()) {
            rules.check(action, effects.getOrDefault(action.actionId(), List.of()));
        }
        return rules.violations;
    }

    /** By the key that all attempts share; a key that only begins like it is a second one of that action. */
    private @Nullable Action actionOf(Effect effect) {
        String key = effect.idempotencyKey();
        int idEnd = KEY_PREFIX.length() + 36;
        if (!key.startsWith(KEY_PREFIX) || key.length() < idEnd) {
            return null;
        }
        return byId.get(key.substring(KEY_PREFIX.length(), idEnd));
    }

    private void check(Action action, List<Effect> effects) {
        if (!SETTLED.contains(action.status())) {
            violations.add(of(action) + "it is not settled but " + action.status());
        }
        if (isApproved(action)) {
            checkDone(action);
        }
        if (effects.size() > 1) {
            violations.add(of(action)
                    + "the provider did it %d times: %s"
                            .formatted(
                                    effects.size(),
                                    effects.stream().map(Effect::effectId).toList()));
        }
        if (effects.isEmpty()) {
            if (action.status().equals("succeeded")) {
                violations.add(of(action) + "it succeeded, and the provider knows nothing of it");
            }
            return;
        }
        if (!action.status().equals("succeeded")) {
            violations.add(of(action)
                    + "the provider did it (%s), and it is %s"
                            .formatted(effects.getFirst().effectId(), action.status()));
        }
        checkApproval(action);
        for (Effect effect : effects) {
            checkEffect(action, effect);
        }
    }

    private boolean isApproved(Action action) {
        Approval approval = action.approvalId() == null ? null : approvals.get(action.approvalId());
        return (approval != null
                        && approval.actionId().equals(action.actionId())
                        && approval.status().equals("approved"))
                || action.steps().stream().anyMatch(step -> step.step().equals("approved"));
    }

    private void checkDone(Action action) {
        if (action.status().equals("failed")) {
            if (action.failureCode() == null || !NOT_OURS.contains(action.failureCode())) {
                violations.add(of(action) + "it was approved, and failed by a cause of ours: " + action.failureCode());
            }
        } else if (SETTLED.contains(action.status()) && !AFTER_AN_APPROVAL.contains(action.status())) {
            violations.add(of(action) + "it was approved, and is " + action.status());
        }
    }

    private void checkApproval(Action action) {
        Approval approval = action.approvalId() == null ? null : approvals.get(action.approvalId());
        if (approval == null || !approval.actionId().equals(action.actionId())) {
            violations.add(of(action) + "it was done without an approval");
        } else if (!approval.status().equals("approved")) {
            violations.add(of(action)
                    + "it was done and its approval %s is %s".formatted(approval.approvalId(), approval.status()));
        } else if (approval.decision() != null && !approval.decision().equals("approve")) {
            violations.add(of(action) + "it was done, and a person had said " + approval.decision());
        }
    }

    private void checkEffect(Action action, Effect effect) {
        if (!effect.client().equals(action.client()) || !effect.order().equals(action.order())) {
            violations.add(of(action)
                    + "its effect %s fell on %s's order %s"
                            .formatted(effect.effectId(), effect.client(), effect.order()));
        }
        if (action.effectId() != null && !action.effectId().equals(effect.effectId())) {
            violations.add(of(action)
                    + "it tells of effect %s, the provider of %s".formatted(action.effectId(), effect.effectId()));
        }
        boolean intended = action.steps().stream()
                .filter(step -> step.step().equals("executing"))
                .map(Step::at)
                .anyMatch(at -> !at.isAfter(effect.at()));
        if (!intended) {
            violations.add(of(action) + "effect %s is older than any intent".formatted(effect.effectId()));
        }
    }

    private static String of(Action action) {
        return "%s's action %s on order %s: ".formatted(action.client(), action.actionId(), action.order());
    }
}
