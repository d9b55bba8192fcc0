package io.opsrelay.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Arguments against the schema of their type, however deep they are. */
class SchemaCheckTest {

    private static final Map<String, Object> SCHEMA = Map.of(
            "type",
            "object",
            "properties",
            Map.of(
                    "name", Map.of("type", "string", "minLength", 2, "maxLength", 4),
                    "place",
                            Map.of(
                                    "type",
                                    "object",
                                    "properties",
                                    Map.of("zip", Map.of("type", "string", "pattern", "^[0-9]{5}$")),
                                    "required",
                                    List.of("zip"),
                                    "additionalProperties",
                                    false),
                    "amounts",
                            Map.of(
                                    "type",
                                    "array",
                                    "maxItems",
                                    2,
                                    "items",
                                    Map.of("type", "integer", "minimum", 1, "maximum", 9))),
            "required",
            List.of("name"),
            "additionalProperties",
            false);

    @Test
    void whatFitsIsNotRefused() {
        assertThat(SchemaCheck.refusals(
                        SCHEMA, Map.of("name", "mary", "place", Map.of("zip", "12345"), "amounts", List.of(1, 9))))
                .isEmpty();
    }

    @Test
    void nothingStandsBehindTheEndOfAPattern() {
        assertThat(SchemaCheck.refusals(SCHEMA, Map.of("name", "mary", "place", Map.of("zip", "12345\n"))))
                .containsOnlyKeys("arguments.place.zip");
    }

    @Test
    void whatDoesNotFitIsNamedByItsPath() {
        assertThat(SchemaCheck.refusals(
                        SCHEMA,
                        Map.of("name", "m", "place", Map.of("zip", "1234", "x", 1), "amounts", List.of(1, 10), "y", 1)))
                .containsOnlyKeys(
                        "arguments.name",
                        "arguments.place.zip",
                        "arguments.place.x",
                        "arguments.amounts[1]",
                        "arguments.y");
        assertThat(SchemaCheck.refusals(SCHEMA, Map.of("place", Map.of(), "amounts", List.of(1, 2, 3))))
                .containsOnlyKeys("arguments.name", "arguments.place.zip", "arguments.amounts");
    }
}
