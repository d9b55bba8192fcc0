package io.opsrelay.action.remote;

import io.opsrelay.security.outbound.Exchange.Head;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a system answered.
 *
 * @param body its JSON; a missing node where it sent none
 */
public record Reply(Head head, JsonNode body) {

    private static final int LONGEST_JSON = 4_000;

    /** The HTTP status. */
    public int status() {
        return head.status();
    }

    /** Whether the system did what was asked. */
    public boolean done() {
        return status() >= 200 && status() <= 299;
    }

    /** The text or number at that place of the body on one line and bounded, or null if there is none. */
    public @Nullable String text(JsonPointer pointer) {
        JsonNode value = body.at(pointer);
        return value.isString() || value.isNumber()
                ? OutsideText.line(value.asString(), OutsideText.LONGEST_VALUE)
                : null;
    }

    /** See {@link #text(JsonPointer)}. */
    public @Nullable String text(String pointer) {
        return text(JsonPointer.compile(pointer));
    }

    /** The JSON at that place as maps, lists and values, or null if there is none, or more of it than anybody would read. */
    public @Nullable Object value(String pointer) {
        JsonNode value = body.at(pointer);
        return value.isMissingNode() || value.isNull() || value.toString().length() > LONGEST_JSON
                ? null
                : JsonMapper.shared().treeToValue(value, Object.class);
    }

    /** What the system says in its own words, bounded, or null if it says nothing. */
    public @Nullable String words() {
        for (String pointer : new String[] {
            "/detail", "/message", "/errorMessage", "/error_description", "/errorMessages/0", "/reason", "/error"
        }) {
            JsonNode value = body.at(pointer);
            if (value.isString() && !value.asString().isBlank()) {
                return OutsideText.line(value.asString(), OutsideText.LONGEST_REASON);
            }
        }
        return null;
    }
}
