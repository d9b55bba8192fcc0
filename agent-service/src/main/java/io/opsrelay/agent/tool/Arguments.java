package io.opsrelay.agent.tool;

import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What a tool of a client's wants to be told. */
public sealed interface Arguments {

    /** As models are told of it. */
    JsonObjectSchema schema();

    /**
     * What was sent, and of that only what is declared.
     *
     * @throws IllegalArgumentException saying what is wrong with it, for the model to mend
     */
    Map<String, Object> read(JsonNode sent);

    /** Fields of ours. */
    record Declared(List<Field> fields) implements Arguments {
        public Declared {
            fields = List.copyOf(fields);
        }

        @Override
        public JsonObjectSchema schema() {
            JsonObjectSchema.Builder schema = JsonObjectSchema.builder();
            fields.forEach(field -> field.describeIn(schema));
            return schema.required(fields.stream()
                            .filter(Field::required)
                            .map(Field::name)
                            .toList())
                    .additionalProperties(false)
                    .build();
        }

        @Override
        public Map<String, Object> read(JsonNode sent) {
            Map<String, Object> read = new LinkedHashMap<>();
            for (Field field : fields) {
                Object value = field.read(sent);
                if (value != null) {
                    read.put(field.name(), value);
                }
            }
            return read;
        }
    }

    /**
     * A JSON schema that somebody else wrote. Of a value its type, its choices and its bounds are looked at; what lies
     * deeper the server judges itself.
     *
     * @param properties schema of each
     * @param required names of those that must be there
     * @param definitions what schemas refer to as {@code #/$defs/}
     */
    record Described(Map<String, ObjectNode> properties, List<String> required, Map<String, ObjectNode> definitions)
            implements Arguments {

        private static final int SHOWN_CHOICES = 20;

        public Described {
            properties = new LinkedHashMap<>(properties);
            required = required.stream().filter(properties::containsKey).toList();
            definitions = new LinkedHashMap<>(definitions);
        }

        @Override
        public JsonObjectSchema schema() {
            JsonObjectSchema.Builder schema = JsonObjectSchema.builder()
                    .addProperties(raw(properties))
                    .required(required)
                    .additionalProperties(false);
            return definitions.isEmpty()
                    ? schema.build()
                    : schema.definitions(raw(definitions)).build();
        }

        private static Map<String, JsonSchemaElement> raw(Map<String, ObjectNode> schemas) {
            Map<String, JsonSchemaElement> raw = new LinkedHashMap<>();
            schemas.forEach((name, schema) -> raw.put(name, JsonRawSchema.from(schema.toString())));
            return raw;
        }

        @Override
        public Map<String, Object> read(JsonNode sent) {
            Map<String, Object> read = new LinkedHashMap<>();
            properties.forEach((name, schema) -> {
                JsonNode value = sent.get(name);
                if (value != null && !value.isNull()) {
                    String wrong = objection(schema, value);
                    if (wrong != null) {
                        throw new IllegalArgumentException(name + " " + wrong);
                    }
                    read.put(name, value);
                } else if (required.contains(name)) {
                    throw new IllegalArgumentException(name + " is missing");
                }
            });
            return read;
        }

        private static @Nullable String objection(ObjectNode schema, JsonNode value) {
            JsonNode type = schema.path("type");
            boolean fits = type.isArray()
                    ? type.valueStream().anyMatch(one -> is(one.asString(""), value))
                    : !type.isString() || is(type.asString(), value);
            if (!fits) {
                return "must be of type " + type;
            }
            JsonNode choices = schema.path("enum");
            if (choices.isArray() && choices.valueStream().noneMatch(value::equals)) {
                return "must be one of "
                        + choices.valueStream()
                                .limit(SHOWN_CHOICES)
                                .map(choice -> choice.isString() ? choice.asString() : choice.toString())
                                .collect(Collectors.joining(", "));
            }
            if (value.isNumber()
                    && (value.asDouble() < schema.path("minimum").asDouble(Double.NEGATIVE_INFINITY)
                            || value.asDouble() > schema.path("maximum").asDouble(Double.POSITIVE_INFINITY))) {
                return "lies outside of its bounds";
            }
            if (value.isString()
                    && value.asString().length() > schema.path("maxLength").asInt(Integer.MAX_VALUE)) {
                return "is too long";
            }
            return null;
        }

        private static boolean is(String type, JsonNode value) {
            return switch (type) {
                case "string" -> value.isString();
                case "integer" -> value.isIntegralNumber();
                case "number" -> value.isNumber();
                case "boolean" -> value.isBoolean();
                case "array" -> value.isArray();
                case "object" -> value.isObject();
                case "null" -> value.isNull();
                default -> true;
            };
        }
    }
}
