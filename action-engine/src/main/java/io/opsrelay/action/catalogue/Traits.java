package io.opsrelay.action.catalogue;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a type of action is like.
 *
 * @param category information, account, financial, technical, escalation or operations
 * @param schema JSON Schema (2020-12) of the arguments as they are asked for
 * @param risk low, medium or high
 * @param reversible whether an action of this installation can undo it
 * @param description one sentence for a person
 * @param editable arguments that whoever decides may change
 */
public record Traits(
        String category,
        Map<String, Object> schema,
        String risk,
        boolean reversible,
        String description,
        Set<String> editable) {

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
        if (!propertiesOf(schema).keySet().containsAll(editable)) {
            throw new IllegalArgumentException("editable names what is no argument: " + editable);
        }
        editable = Set.copyOf(editable);
    }

    /** Of a type all of whose arguments may be edited. */
    public Traits(String category, Map<String, Object> schema, String risk, boolean reversible, String description) {
        this(
                category,
                schema,
                risk,
                reversible,
                description,
                propertiesOf(schema).keySet().stream().map(String::valueOf).collect(Collectors.toSet()));
    }

    /** JSON Schema of an edit: what is not edited stays. */
    public Map<String, Object> editableSchema() {
        Map<String, Object> properties = new LinkedHashMap<>();
        propertiesOf(schema).forEach((name, property) -> {
            if (editable.contains(String.valueOf(name))) {
                properties.put(String.valueOf(name), property);
            }
        });
        return Map.of("type", "object", "properties", properties, "additionalProperties", false);
    }

    private static Map<?, ?> propertiesOf(Map<String, Object> schema) {
        return schema.get("properties") instanceof Map<?, ?> properties ? properties : Map.of();
    }
}
