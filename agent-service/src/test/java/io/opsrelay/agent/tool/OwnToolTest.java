package io.opsrelay.agent.tool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.internal.JsonSchemaElementUtils;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class OwnToolTest {

    private static final JsonMapper JSON = JsonMapper.shared();

    private static final OwnTool STOCK = new OwnTool(
            "http_stock",
            "Tells the stock.",
            new Arguments.Declared(List.of(
                    new Field("article", "its number", 10, true),
                    new Field("days", "from now", 0, List.of(), 1, 30, false))));

    private static final OwnTool ROUTES =
            new OwnTool("mcp_maps_routes", "Finds routes.", described("""
            {"to": {"type": "string", "maxLength": 8}, "hops": {"type": "integer", "minimum": 1, "maximum": 3},
             "by": {"enum": ["rail", "road"]}, "via": {"type": "array", "items": {"$ref": "#/$defs/place"}},
             "note": {"type": ["string", "null"]}}""", List.of("to")));

    private static final Toolbox BOX = new Toolbox(Set.of(Tool.ESCALATE_TO_HUMAN), List.of(STOCK, ROUTES));

    @Test
    void ownToolsAreToldOfBesideOursWithTheirSchemas() {
        assertThat(BOX.specifications())
                .extracting(ToolSpecification::name)
                .containsExactly("escalate_to_human", "http_stock", "mcp_maps_routes");
        Map<String, Object> schema =
                JsonSchemaElementUtils.toMap(BOX.specifications().get(2).parameters());
        JsonNode told = JSON.valueToTree(schema);
        assertThat(told).isEqualTo(JSON.readTree("""
                {"type": "object", "properties": {
                    "to": {"type": "string", "maxLength": 8},
                    "hops": {"type": "integer", "minimum": 1, "maximum": 3},
                    "by": {"enum": ["rail", "road"]},
                    "via": {"type": "array", "items": {"$ref": "#/$defs/place"}},
                    "note": {"type": ["string", "null"]}},
                 "required": ["to"], "$defs": {"place": {"type": "string"}}}"""));
    }

    @Test
    void onlyDeclaredFieldsAreRead() {
        assertThat(call(
                        "http_stock",
                        "{\"article\":\"A-1\",\"days\":3,\"client_id\":\"other\",\"url\":\"http://evil\"}"))
                .isEqualTo(new Call.Ask(STOCK, Map.of("article", "A-1", "days", 3)));
        assertThat(call("mcp_maps_routes", "{\"to\":\"Ulm\",\"admin\":true}"))
                .isEqualTo(new Call.Ask(ROUTES, Map.of("to", JSON.readTree("\"Ulm\""))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"to\":7}",
                "{\"to\":\"far too far\"}",
                "{\"to\":\"Ulm\",\"hops\":9}",
                "{\"to\":\"Ulm\",\"hops\":1.5}",
                "{\"to\":\"Ulm\",\"by\":\"air\"}",
                "{\"to\":\"Ulm\",\"via\":{}}",
                "[]",
                "{",
                "{\"to\":[[[[[[[[[[[[]]]]]]]]]]]]}"
            })
    void argumentsThatTheSchemaForbidsAreRefused(String arguments) {
        assertThat(call("mcp_maps_routes", arguments)).isInstanceOf(Call.Refused.class);
    }

    @Test
    void hugeArgumentsAreRefused() {
        assertThat(call("mcp_maps_routes", "{\"to\":\"Ulm\",\"via\":[\"" + "a".repeat(30_000) + "\"]}"))
                .isEqualTo(new Call.Refused("the arguments are too long"));
    }

    @Test
    void aToolThatIsNotThereIsRefusedWithTheNamesOfThoseThatAre() {
        assertThat(call("http_gone", "{}"))
                .isEqualTo(new Call.Refused(
                        "there is no such tool here; there are escalate_to_human, http_stock," + " mcp_maps_routes"));
    }

    @ParameterizedTest
    @CsvSource({
        "http_stock, true",
        "mcp_a_b, true",
        "http_, false",
        "process_refund, false",
        "HTTP_stock, false",
        "http_a-b, false"
    })
    void aNameTellsWhetherAToolIsOwn(String name, boolean own) {
        assertThat(OwnTool.isCode(name)).isEqualTo(own);
    }

    private static Arguments described(String properties, List<String> required) {
        Map<String, ObjectNode> schemas = new LinkedHashMap<>();
        JSON.readTree(properties).forEachEntry((name, schema) -> schemas.put(name, (ObjectNode) schema));
        return new Arguments.Described(
                schemas, required, Map.of("place", (ObjectNode) JSON.readTree("{\"type\":\"string\"}")));
    }

    private static Call call(String name, String arguments) {
        return BOX.read(ToolExecutionRequest.builder()
                .id("1")
                .name(name)
                .arguments(arguments)
                .build());
    }
}
