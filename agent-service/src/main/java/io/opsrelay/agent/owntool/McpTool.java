package io.opsrelay.agent.owntool;

import io.opsrelay.agent.tool.Arguments;
import io.opsrelay.agent.tool.OwnTool;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads a tool as its MCP server describes it, cut to what a model may be told of somebody else's words. */
final class McpTool {

    private static final int LONGEST_DESCRIPTION = 600;
    private static final int LONGEST_TEXT = 200;
    private static final int LONGEST_SCHEMA = 8 * 1024;
    private static final int MOST_PROPERTIES = 40;
    /** An argument that can be told of. */
    static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,63}");

    private McpTool() {}

    /**
     * The tool without what is filled from the ticket.
     *
     * @param fixed the names of what is filled from the ticket. A tool without one of them may have it under another name,
     *     which a model would fill
     * @throws IllegalArgumentException with the reason if it cannot be offered; in our words
     */
    static OwnTool read(String server, String code, JsonNode described, Set<String> fixed) {
        String acts = whyItActs(described.path("annotations"));
        if (acts != null) {
            throw new IllegalArgumentException(acts);
        }
        JsonNode schema = described.path("inputSchema");
        if (!schema.isObject() || !schema.path("type").asString("object").equals("object")) {
            throw new IllegalArgumentException("its inputSchema is not that of an object");
        }
        if (schema.toString().length() > LONGEST_SCHEMA) {
            throw new IllegalArgumentException("its inputSchema has more than " + LONGEST_SCHEMA + " characters");
        }
        Map<String, ObjectNode> properties = schemas(schema.path("properties"));
        for (String name : fixed) {
            if (properties.remove(name) == null) {
                throw new IllegalArgumentException(
                        "it has no argument " + name + ", which is to be filled from the ticket");
            }
        }
        Map<String, ObjectNode> definitions = schemas(schema.path("$defs"));
        schemas(schema.path("definitions")).forEach(definitions::putIfAbsent);
        List<String> required = new ArrayList<>();
        schema.path("required").forEach(name -> required.add(name.asString("")));
        return new OwnTool(
                code,
                "A tool of the company's server " + server + ", which looks something up. By its own words: "
                        + OutsideText.line(described.path("description").asString("nothing"), LONGEST_DESCRIPTION),
                new Arguments.Described(properties, required, definitions));
    }

    /** What it says of itself counts only against it: that it does no harm the configuration says. */
    private static @Nullable String whyItActs(JsonNode annotations) {
        if (annotations.path("destructiveHint").asBoolean(false)) {
            return "it says that it is destructive, and tools may only look something up";
        }
        JsonNode reads = annotations.path("readOnlyHint");
        return reads.isBoolean() && !reads.asBoolean()
                ? "it says that it does not only read, and tools may only look something up"
                : null;
    }

    private static Map<String, ObjectNode> schemas(JsonNode node) {
        Map<String, ObjectNode> schemas = new LinkedHashMap<>();
        node.forEachEntry((name, schema) -> {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException("its inputSchema has a name that models cannot use");
            }
            schemas.put(name, schema.isObject() ? (ObjectNode) bounded(schema) : HttpTool.JSON.createObjectNode());
        });
        if (schemas.size() > MOST_PROPERTIES) {
            throw new IllegalArgumentException("its inputSchema has more than " + MOST_PROPERTIES + " properties");
        }
        return schemas;
    }

    /** The same with each text on one short line, and with references into itself alone. */
    private static JsonNode bounded(JsonNode node) {
        if (node.isString()) {
            return HttpTool.JSON.getNodeFactory().stringNode(OutsideText.line(node.asString(), LONGEST_TEXT));
        }
        if (node.isArray()) {
            ArrayNode array = HttpTool.JSON.createArrayNode();
            node.forEach(one -> array.add(bounded(one)));
            return array;
        }
        if (!node.isObject()) {
            return node;
        }
        ObjectNode object = HttpTool.JSON.createObjectNode();
        node.forEachEntry((name, value) -> {
            if (!name.equals("$ref")) {
                object.set(OutsideText.line(name, LONGEST_TEXT), bounded(value));
                return;
            }
            String target = value.asString("").replace("#/definitions/", "#/$defs/");
            if (!target.startsWith("#/$defs/")) {
                throw new IllegalArgumentException("its inputSchema refers to something outside of it");
            }
            object.put(name, target);
        });
        return object;
    }
}
