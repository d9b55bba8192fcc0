package io.opsrelay.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/** The AsyncAPI document says what the code does. */
class AsyncApiTest {

    private static final Path DOCUMENT = Path.of("src/main/resources/asyncapi.yaml");
    private static final Path EXPECTED = Path.of("target/asyncapi.yaml");

    private final YAMLMapper yaml = YAMLMapper.builder(YAMLFactory.builder()
                    .enable(YAMLWriteFeature.MINIMIZE_QUOTES)
                    .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
                    .disable(YAMLWriteFeature.SPLIT_LINES)
                    .enable(YAMLWriteFeature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
                    .build())
            .build();

    @Test
    void theDocumentAgreesWithTheCode() throws IOException {
        String expected = yaml.writeValueAsString(AsyncApi.document());
        Files.createDirectories(EXPECTED.getParent());
        Files.writeString(EXPECTED, expected);
        JsonNode written = Files.exists(DOCUMENT) ? yaml.readTree(Files.readString(DOCUMENT)) : yaml.readTree("{}");

        List<String> differences = new ArrayList<>();
        compare("", yaml.readTree(expected), written, differences);

        assertThat(differences)
                .as(
                        "%s differs from the code. If the change of the contracts is meant (a field may be added, never"
                                + " removed or renamed within a version), copy %s over it.",
                        DOCUMENT, EXPECTED)
                .isEmpty();
    }

    @TestFactory
    Stream<DynamicTest> everyApprovedEventFitsItsSchema() {
        JsonNode document = yaml.valueToTree(AsyncApi.document());
        return EventCatalog.all().stream()
                .map(event -> DynamicTest.dynamicTest(event.getSimpleName(), () -> {
                    Path approved = Path.of(
                            "src/test/resources/approved",
                            EventCatalog.typeOf(event).value() + ".json");
                    JsonNode json = JsonMapper.shared().readTree(Files.readString(approved));
                    List<String> misfits = new ArrayList<>();
                    fit(event.getSimpleName(), schema(document, event.getSimpleName()), json, document, misfits);
                    assertThat(misfits).isEmpty();
                }));
    }

    @Test
    void anActivityFitsItsSchema() {
        JsonNode document = yaml.valueToTree(AsyncApi.document());
        JsonNode data = JsonMapper.shared()
                .readTree(ContractJson.mapper()
                        .writeValueAsString(Samples.activity().toFeed().data()));
        ((ObjectNode) data).put("version", Samples.activity().toFeed().version());
        List<String> misfits = new ArrayList<>();

        fit("AiActivity", schema(document, "AiActivityData"), data, document, misfits);

        assertThat(misfits).isEmpty();
    }

    private static void compare(String path, JsonNode expected, JsonNode written, List<String> differences) {
        if (expected.isObject() && written.isObject()) {
            TreeSet<String> names = new TreeSet<>(expected.propertyNames());
            names.addAll(written.propertyNames());
            for (String name : names) {
                String below = path + "/" + name;
                if (!written.has(name)) {
                    differences.add(below + " is missing");
                } else if (!expected.has(name)) {
                    differences.add(below + " is not in the code");
                } else {
                    compare(below, expected.get(name), written.get(name), differences);
                }
            }
        } else if (!expected.equals(written)) {
            differences.add(path + " is " + written + ", in the code " + expected);
        }
    }

    private static void fit(String path, JsonNode schema, JsonNode json, JsonNode document, List<String> misfits) {
        if (schema.has("$ref")) {
            String reference = schema.get("$ref").asString();
            fit(path, schema(document, reference.substring(reference.lastIndexOf('/') + 1)), json, document, misfits);
            return;
        }
        boolean rightType =
                switch (schema.path("type").asString("")) {
                    case "object" -> json.isObject();
                    case "array" -> json.isArray();
                    case "string" -> json.isString();
                    case "integer" -> json.isIntegralNumber();
                    case "number" -> json.isNumber();
                    case "boolean" -> json.isBoolean();
                    default -> true;
                };
        if (!rightType) {
            misfits.add(path + " is no " + schema.get("type") + ": " + json);
        }
        if (schema.has("enum") && !schema.get("enum").valueStream().toList().contains(json)) {
            misfits.add(path + " is none of " + schema.get("enum") + ": " + json);
        }
        schema.path("required")
                .valueStream()
                .map(JsonNode::asString)
                .filter(name -> !json.has(name))
                .forEach(name -> misfits.add(path + "." + name + " is missing"));
        if (schema.has("properties")) {
            for (Map.Entry<String, JsonNode> property : json.properties()) {
                JsonNode inner = schema.get("properties").get(property.getKey());
                if (inner == null) {
                    misfits.add(path + "." + property.getKey() + " is not in the schema");
                } else {
                    fit(path + "." + property.getKey(), inner, property.getValue(), document, misfits);
                }
            }
        }
        if (schema.has("items")) {
            json.forEach(element -> fit(path + "[]", schema.get("items"), element, document, misfits));
        }
    }

    private static JsonNode schema(JsonNode document, String name) {
        return document.get("components").get("schemas").get(name);
    }
}
