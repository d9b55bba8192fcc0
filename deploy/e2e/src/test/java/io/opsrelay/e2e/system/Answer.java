package io.opsrelay.e2e.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/**
 * What the gateway answered.
 *
 * @param request method, path and caller, for messages
 * @param headers names in any case, first values
 */
public record Answer(String request, int status, Map<String, String> headers, String text) {

    public Answer {
        TreeMap<String, String> anyCase = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        anyCase.putAll(headers);
        headers = anyCase;
    }

    /** The body; a missing one reads as JSON's missing node. */
    public JsonNode json() {
        return Json.read(text.isEmpty() ? "null" : text);
    }

    /** A member of the body as text. */
    public String text(String field) {
        JsonNode value = json().path(field);
        assertThat(value.isValueNode())
                .as("%s has the member %s: %s", request, field, text)
                .isTrue();
        return value.asString();
    }

    /** Fails with the whole answer unless it has this status. */
    public Answer expect(int expected) {
        assertThat(status).as("%s answered %s", request, text).isEqualTo(expected);
        return this;
    }

    /** Fails unless it is RFC 9457 problem+json of this status that says what was wrong and nothing of our insides. */
    public Answer expectProblem(int expected) {
        expect(expected);
        assertThat(headers.get("content-type"))
                .as("content type of %s", request)
                .startsWith("application/problem+json");
        assertThat(json().path("status").asInt())
                .as("status in the body of %s: %s", request, text)
                .isEqualTo(expected);
        assertThat(json().path("detail").asString(""))
                .as("detail of %s: %s", request, text)
                .isNotBlank();
        assertThat(text)
                .as("%s tells nothing of our insides", request)
                .doesNotContain("Exception", "io.opsrelay", "springframework");
        return this;
    }

    /** Like {@link #expectProblem(int)}, and that it names the field at fault. */
    public Answer expectProblem(int expected, String field) {
        expectProblem(expected);
        assertThat(StreamSupport.stream(json().path("errors").spliterator(), false)
                        .map(error -> error.path("field").asString()))
                .as("fields at fault in %s", text)
                .contains(field);
        return this;
    }
}
