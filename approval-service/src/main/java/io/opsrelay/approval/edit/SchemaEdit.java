package io.opsrelay.approval.edit;

import io.opsrelay.contracts.ActionEvent.ActionPrepared;
import io.opsrelay.contracts.SchemaCheck;
import io.opsrelay.security.web.ProblemException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;

/**
 * What a person may change about an action of any type, as far as action-engine has said with its preparation. Whether that
 * can be had is for action-engine to say.
 */
final class SchemaEdit {

    private SchemaEdit() {}

    /** @throws ProblemException 422 that names the fields at fault */
    static void check(ActionPrepared action, Map<String, Object> edited) {
        Map<String, Object> schema = action.editable();
        if (schema == null || !(schema.get("properties") instanceof Map<?, ?> known) || known.isEmpty()) {
            throw ProblemException.unprocessable(
                    "decision",
                    action.actionType().replace('_', ' ')
                            + " actions cannot be edited: reject it, and say what should be asked for instead");
        }
        Map<String, String> refusals = new LinkedHashMap<>(SchemaCheck.refusals(schema, edited));
        edited.forEach((name, value) -> {
            if (!known.containsKey(name)) {
                refusals.put("arguments." + name, "is not an argument that can be edited");
            } else if (value == null || (value instanceof String text && text.isBlank())) {
                refusals.put("arguments." + name, "must not be empty");
            }
        });
        if (!refusals.isEmpty()) {
            throw ProblemException.unprocessable(refusals);
        }
        if (action.arguments().entrySet().containsAll(edited.entrySet())) {
            TreeSet<String> names = new TreeSet<>();
            known.keySet().forEach(name -> names.add(String.valueOf(name)));
            throw ProblemException.unprocessable("arguments", "must change something: " + String.join(", ", names));
        }
    }
}
