package io.opsrelay.agent.tool;

import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An argument of a tool.
 *
 * @param longest characters of a text; more are refused
 * @param choices where only these are allowed, else empty
 * @param least smallest number; with {@code most} null for texts
 */
public record Field(
        String name,
        String description,
        int longest,
        List<String> choices,
        @Nullable Integer least,
        @Nullable Integer most,
        boolean required) {

    static final Field SERVICE = new Field("service_name", "the deployment's name", 63, true);
    static final Field TARGET =
            new Field("target_type", "where it runs", List.of("kubernetes", "gke", "cloud_run", "standalone"), true);
    static final Field REASON = new Field("reason", "why, for the SRE who decides", 500, true);

    public Field {
        choices = List.copyOf(choices);
    }

    Field(String name, String description, int longest, boolean required) {
        this(name, description, longest, List.of(), null, null, required);
    }

    Field(String name, String description, List<String> choices, boolean required) {
        this(name, description, 0, choices, null, null, required);
    }

    Field(String name, String description, int least, int most) {
        this(name, description, 0, List.of(), least, most, true);
    }

    void describeIn(JsonObjectSchema.Builder schema) {
        if (least != null) {
            schema.addIntegerProperty(name, description + ", " + least + " to " + most);
        } else if (choices.isEmpty()) {
            schema.addStringProperty(name, description);
        } else {
            schema.addEnumProperty(name, choices, description);
        }
    }

    /**
     * The value that was sent.
     *
     * @return null where it is optional and was not sent
     * @throws IllegalArgumentException saying what is wrong with it, for the model to mend
     */
    @Nullable
    Object read(JsonNode arguments) {
        JsonNode value = arguments.get(name);
        if (value == null
                || value.isNull()
                || (value.isString() && value.asString().isBlank())) {
            if (required) {
                throw new IllegalArgumentException(name + " is missing");
            }
            return null;
        }
        Integer low = least;
        Integer high = most;
        if (low != null && high != null) {
            if (!value.isInt() || value.asInt() < low || value.asInt() > high) {
                throw new IllegalArgumentException(name + " must be a whole number from " + low + " to " + high);
            }
            return value.asInt();
        }
        if (!value.isString()) {
            throw new IllegalArgumentException(name + " must be a text");
        }
        String text = value.asString().strip();
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(name + " must not hold characters that are none");
        }
        if (!choices.isEmpty()) {
            if (!choices.contains(text)) {
                throw new IllegalArgumentException(name + " must be one of " + String.join(", ", choices));
            }
        } else if (text.length() > longest) {
            throw new IllegalArgumentException(name + " must have at most " + longest + " characters");
        }
        return text;
    }
}
