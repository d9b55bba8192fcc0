package io.opsrelay.e2e.system;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** JSON as it travels, without any of the house's own mapping: the tests see what strangers see. */
final class Json {

    private static final JsonMapper MAPPER = JsonMapper.shared();

    private Json() {}

    static JsonNode read(String text) {
        return MAPPER.readTree(text);
    }

    static String write(Object value) {
        return MAPPER.writeValueAsString(value);
    }
}
