package io.opsrelay.gateway.docs;

import io.opsrelay.gateway.route.Services;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.http.server.PathContainer;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The documents of all services as one: what the gateway forwards, and its own. A schema whose name another service uses
 * for something else gets the service's name before its own.
 */
final class OpenApi {

    private static final String SCHEMAS = "#/components/schemas/";

    /** All answer refusals in one form, and the gateway's own description of it knows all members. */
    private static final String PROBLEM = "Problem";

    private final ObjectNode document;
    private final ObjectNode paths;
    private final ObjectNode schemas;
    private final Set<String> operationIds = new HashSet<>();

    private OpenApi(ObjectNode own) {
        this.document = own.deepCopy();
        this.paths = (ObjectNode) document.get("paths");
        this.schemas = (ObjectNode) document.at("/components/schemas");
        own.get("paths")
                .forEach(item -> item.forEach(operation ->
                        operationIds.add(operation.path("operationId").asString(""))));
    }

    /**
     * @param own the gateway's, which the others are added to
     * @param services by name
     */
    static JsonNode united(ObjectNode own, Map<String, JsonNode> services, Services routes) {
        OpenApi united = new OpenApi(own);
        services.forEach((name, document) -> united.add(name, document, patternsOf(name, routes)));
        Set<String> missing = new HashSet<>(routes.services().keySet());
        missing.removeAll(services.keySet());
        if (!missing.isEmpty()) {
            ObjectNode info = (ObjectNode) united.document.get("info");
            info.put(
                    "description",
                    info.path("description").asString("") + " Missing now, because they do not answer: "
                            + missing.stream().sorted().collect(Collectors.joining(", ")) + ".");
        }
        return united.document;
    }

    private static List<PathPattern> patternsOf(String service, Services routes) {
        Services.Service route = routes.services().get(service);
        return route == null
                ? List.of()
                : route.paths().stream()
                        .map(PathPatternParser.defaultInstance::parse)
                        .toList();
    }

    private void add(String service, JsonNode described, List<PathPattern> forwarded) {
        JsonNode copy = described.deepCopy();
        Map<String, String> renamed = rename(service, copy.at("/components/schemas"));
        redirect(copy, renamed);
        copy.at("/components/schemas").properties().forEach(schema -> {
            if (!schema.getKey().equals(PROBLEM)) {
                schemas.set(renamed.getOrDefault(schema.getKey(), schema.getKey()), schema.getValue());
            }
        });
        copy.path("paths").properties().forEach(path -> {
            PathContainer container = PathContainer.parsePath(path.getKey());
            if (forwarded.stream().anyMatch(pattern -> pattern.matches(container))) {
                path.getValue().forEach(operation -> mark(service, operation));
                if (paths.get(path.getKey()) instanceof ObjectNode known) {
                    path.getValue()
                            .properties()
                            .forEach(operation -> known.set(operation.getKey(), operation.getValue()));
                } else {
                    paths.set(path.getKey(), path.getValue());
                }
            }
        });
    }

    private Map<String, String> rename(String service, JsonNode theirs) {
        Map<String, String> renamed = new HashMap<>();
        theirs.properties().forEach(schema -> {
            JsonNode known = schemas.get(schema.getKey());
            if (known != null && !schema.getKey().equals(PROBLEM) && !known.equals(schema.getValue())) {
                renamed.put(schema.getKey(), camelCase(service) + schema.getKey());
            }
        });
        return renamed;
    }

    private static void redirect(JsonNode node, Map<String, String> renamed) {
        if (renamed.isEmpty()) {
            return;
        }
        if (node instanceof ObjectNode object) {
            String target = object.path("$ref").asString("");
            String renaming = target.startsWith(SCHEMAS) ? renamed.get(target.substring(SCHEMAS.length())) : null;
            if (renaming != null) {
                object.put("$ref", SCHEMAS + renaming);
            }
        }
        node.forEach(child -> redirect(child, renamed));
    }

    private void mark(String service, JsonNode node) {
        if (!(node instanceof ObjectNode operation)) {
            return;
        }
        String feature = operation.at("/tags/0").asString("");
        ArrayNode tags = operation.putArray("tags");
        tags.add(feature.isEmpty() ? service : service + ": " + feature);
        String id = operation.path("operationId").asString("");
        if (!id.isEmpty() && !operationIds.add(id)) {
            operation.put("operationId", service + "_" + id);
        }
    }

    private static String camelCase(String name) {
        StringBuilder result = new StringBuilder();
        for (String word : List.of(name.split("-"))) {
            if (!word.isEmpty()) {
                result.append(Character.toUpperCase(word.charAt(0))).append(word, 1, word.length());
            }
        }
        return result.toString();
    }
}
