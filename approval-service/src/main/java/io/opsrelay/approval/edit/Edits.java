package io.opsrelay.approval.edit;

import io.opsrelay.contracts.ActionEvent.ActionPrepared;
import io.opsrelay.security.web.ProblemException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Edits of whatever type of action can be edited. What is well-formed here action-engine may still refuse. */
public final class Edits {

    private static final String REFUND = "refund";
    private static final String SCALE = "scale_deployment";

    /** Types whose reason is for people here and is nothing that is done. */
    private static final Set<String> WORDS_ONLY =
            Set.of("restart_deployment", "rollout_restart", "rollback_deployment", "password_reset");

    private Edits() {}

    /** @throws ProblemException 422 that names the field at fault */
    public static void check(ActionPrepared action, Map<String, Object> edited) {
        switch (action.actionType()) {
            case REFUND -> {
                RefundEdit.check(action.arguments(), edited);
                RefundEdit.checkLeft(action, edited);
            }
            case SCALE -> ScaleEdit.check(action.arguments(), edited);
            default -> SchemaEdit.check(action, edited);
        }
    }

    /** Whether the later preparation does no more than the one before: then its editor may approve it as anybody else. */
    public static boolean narrows(ActionPrepared before, ActionPrepared after) {
        if (!before.actionType().equals(after.actionType())) {
            return false;
        }
        return switch (after.actionType()) {
            case REFUND -> RefundEdit.narrows(before.arguments(), after.arguments());
            case SCALE -> ScaleEdit.narrows(before, after);
            default -> WORDS_ONLY.contains(after.actionType()) && isSameButForReason(before, after);
        };
    }

    private static boolean isSameButForReason(ActionPrepared before, ActionPrepared after) {
        return withoutReason(before).equals(withoutReason(after));
    }

    private static Map<String, Object> withoutReason(ActionPrepared action) {
        Map<String, Object> rest = new HashMap<>(action.arguments());
        rest.remove("reason");
        return rest;
    }
}
