package io.opsrelay.security.docs;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import tools.jackson.databind.json.JsonMapper;

/** An OpenAPI 3.1 document of the handlers of our own packages. */
final class ApiDescription {

    private static final String PROBLEM = "Problem";

    /** What Spring lets a path variable be restricted by, and OpenAPI does not know. */
    private static final Pattern CONSTRAINT = Pattern.compile("\\{(\\w+):[^{}]*}");

    private final String service;
    private final Schemas schemas;
    private final Operations operations;

    ApiDescription(String service, JsonMapper json) {
        this.service = service;
        this.schemas = new Schemas(json);
        this.operations = new Operations(schemas);
    }

    Map<String, Object> of(Map<RequestMappingInfo, HandlerMethod> handlers) {
        Map<String, Map<String, Map<String, Object>>> paths = new TreeMap<>();
        // In an order of their own, so that the same handlers are always described by the same words.
        handlers.entrySet().stream()
                .filter(one -> one.getValue().getBeanType().getName().startsWith("io.opsrelay."))
                .sorted(Comparator.comparing(one -> one.getKey().toString()))
                .forEach(one -> add(paths, one.getKey(), one.getValue()));
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("openapi", "3.1.0");
        document.put("info", Map.of("title", service, "version", "v1"));
        document.put("paths", paths);
        document.put("components", components());
        return document;
    }

    private void add(
            Map<String, Map<String, Map<String, Object>>> paths, RequestMappingInfo mapping, HandlerMethod handler) {
        Set<RequestMethod> methods = mapping.getMethodsCondition().getMethods();
        for (String pattern : new TreeSet<>(mapping.getPatternValues())) {
            String path = CONSTRAINT.matcher(pattern).replaceAll("{$1}");
            Map<String, Map<String, Object>> item = paths.computeIfAbsent(path, unknown -> new TreeMap<>());
            for (RequestMethod method : methods.isEmpty() ? Set.of(RequestMethod.GET) : new TreeSet<>(methods)) {
                Map<String, Object> operation = operations.of(handler, mapping);
                // Handlers that differ by a parameter alone are one operation, whose parameters are united.
                item.merge(method.name().toLowerCase(Locale.ROOT), operation, Operations::united);
            }
        }
    }

    private Map<String, Object> components() {
        Map<String, Object> all = new TreeMap<>(schemas.named());
        all.put(PROBLEM, problemSchema());
        Map<String, Object> bearer = Map.of("type", "http", "scheme", "bearer", "bearerFormat", "JWT");
        return Map.of("schemas", all, "securitySchemes", Map.of("bearer", bearer));
    }

    private static Map<String, Object> problemSchema() {
        Map<String, Object> text = Map.of("type", "string");
        Map<String, Object> error = Map.of("type", "object", "properties", Map.of("field", text, "reason", text));
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("title", text);
        properties.put("status", Map.of("type", "integer"));
        properties.put("detail", text);
        properties.put("errors", Map.of("type", "array", "items", error));
        return Map.of("type", "object", "description", "RFC 9457", "properties", properties);
    }

    static Map<String, Object> problem() {
        Map<String, Object> content = Map.of("application/problem+json", Map.of("schema", Schemas.ref(PROBLEM)));
        return Map.of("description", "Refused or failed; the text says why", "content", content);
    }

    static List<Map<String, List<String>>> byBearer() {
        return List.of(Map.of("bearer", List.of()));
    }
}
