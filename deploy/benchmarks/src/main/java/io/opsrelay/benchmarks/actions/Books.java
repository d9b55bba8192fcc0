package io.opsrelay.benchmarks.actions;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is written on each side at the end of a run: each approved action was done once at the provider, or not and is
 * known to have failed; nothing was done without an approval of exactly that; nothing that was accepted is missing.
 *
 * @param accepted ids of the actions that were taken in for sure
 */
record Books(List<Action> actions, List<Approval> approvals, List<Effect> effects, Set<String> accepted) {

    private static final Set<String> SETTLED = Set.of("succeeded", "failed", "rejected", "expired", "cancelled");

    /**
     * An action in the engine's books.
     *
     * @param effectKey under which the provider keeps what it did
     * @param amount what shall be paid back; null for what is no refund
     */
    record Action(
            String client,
            String id,
            String type,
            String requester,
            String status,
            @Nullable String approvalId,
            @Nullable String argumentsHash,
            String effectKey,
            @Nullable String amount) {}

    /** An approval as approval-service keeps it. */
    record Approval(
            String client,
            String id,
            String actionId,
            String status,
            String argumentsHash,
            String requester,
            @Nullable String decidedBy) {}

    /** Something that the provider did. */
    record Effect(
            @Nullable String client, String key, @Nullable String amount) {}

    /** A sentence for each rule that is broken. */
    List<String> violations() {
        List<String> violations = new ArrayList<>();
        Map<String, List<Effect>> effectsByKey = new HashMap<>();
        effects.forEach(effect -> effectsByKey
                .computeIfAbsent(effect.key(), key -> new ArrayList<>())
                .add(effect));
        Map<String, Approval> approvalsById = new HashMap<>();
        approvals.forEach(approval -> approvalsById.put(approval.id(), approval));
        Set<String> missing = new HashSet<>(accepted);
        Set<String> keys = new HashSet<>();
        for (Action action : actions) {
            missing.remove(action.id());
            keys.add(action.effectKey());
            check(action, effectsByKey.getOrDefault(action.effectKey(), List.of()), approvalsById, violations);
        }
        missing.forEach(id -> violations.add("action " + id + " was accepted and is nowhere"));
        effectsByKey.keySet().stream()
                .filter(key -> !keys.contains(key))
                .forEach(key -> violations.add("the provider did " + key + ", which belongs to no action"));
        granted(violations);
        return violations;
    }

    private static void check(
            Action action, List<Effect> done, Map<String, Approval> approvals, List<String> violations) {
        String of = "%s's %s %s: ".formatted(action.client(), action.type(), action.id());
        if (!SETTLED.contains(action.status())) {
            violations.add(of + "it is not settled but " + action.status());
        }
        if (done.size() > 1) {
            violations.add(of + "the provider did it " + done.size() + " times");
        }
        if (done.isEmpty() == action.status().equals("succeeded")) {
            violations.add(of + "it is " + action.status() + ", and the provider did it " + done.size() + " times");
        }
        for (Effect effect : done) {
            if (effect.client() != null && !effect.client().equals(action.client())) {
                violations.add(of + "it was done to " + effect.client());
            }
            if (effect.amount() != null && !effect.amount().equals(action.amount())) {
                violations.add(of + "approved were " + action.amount() + ", done " + effect.amount());
            }
            Approval approval = action.approvalId() == null ? null : approvals.get(action.approvalId());
            if (approval == null
                    || !approval.status().equals("approved")
                    || !approval.actionId().equals(action.id())
                    || !approval.client().equals(action.client())
                    || !approval.argumentsHash().equals(action.argumentsHash())) {
                violations.add(of + "it was done without an approval of exactly that");
            } else if (approval.requester().equals(approval.decidedBy())) {
                violations.add(of + "it was approved by who asked for it");
            }
        }
    }

    /** What was approved is done, or known to have failed: nobody waits for it in vain. */
    private void granted(List<String> violations) {
        Map<String, String> statusById = new HashMap<>();
        actions.forEach(action -> statusById.put(action.id(), action.status()));
        for (Approval approval : approvals) {
            String status = statusById.getOrDefault(approval.actionId(), "missing");
            if (approval.status().equals("approved")
                    && !Set.of("succeeded", "failed").contains(status)) {
                violations.add("approval %s of action %s was given, and the action is %s"
                        .formatted(approval.id(), approval.actionId(), status));
            }
        }
    }
}
