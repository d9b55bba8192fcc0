package io.opsrelay.action.catalogue;

import java.util.Map;
import java.util.Set;

/**
 * What a type of action is like.
 *
 * @param category information, account, financial, technical, escalation or operations
 * @param schema JSON Schema (2020-12) of the arguments as they are asked for
 * @param risk low, medium or high
 * @param reversible whether an action of this installation can undo it
 * @param description one sentence for a person
 */
public record Traits(String category, Map<String, Object> schema, String risk, boolean reversible, String description) {

    private static final Set<String> CATEGORIES =
            Set.of("information", "account", "financial", "technical", "escalation", "operations");
    private static final Set<String> RISKS = Set.of("low", "medium", "high");

    public Traits {
        if (!CATEGORIES.contains(category)) {
            throw new IllegalArgumentException("category must be one of " + CATEGORIES + ", not " + category);
        }
        if (!RISKS.contains(risk)) {
            throw new IllegalArgumentException("risk must be one of " + RISKS + ", not " + risk);
        }
        if (description.isBlank()) {
            throw new IllegalArgumentException("description must not be blank");
        }
        schema = Map.copyOf(schema);
    }
}
