package io.opsrelay.security.docs;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;
import tools.jackson.databind.json.JsonMapper;

/** JSON schemas of the types that handlers take and give: records, and what they are made of. */
final class Schemas {

    private static final Map<Class<?>, Map<String, Object>> SIMPLE = Map.ofEntries(
            Map.entry(String.class, simple("string")),
            Map.entry(Boolean.class, simple("boolean")),
            Map.entry(Integer.class, simple("integer", "int32")),
            Map.entry(Long.class, simple("integer", "int64")),
            Map.entry(BigInteger.class, simple("integer")),
            Map.entry(Float.class, simple("number", "float")),
            Map.entry(Double.class, simple("number", "double")),
            Map.entry(BigDecimal.class, simple("number")),
            Map.entry(UUID.class, simple("string", "uuid")),
            Map.entry(URI.class, simple("string", "uri")),
            Map.entry(Instant.class, simple("string", "date-time")),
            Map.entry(OffsetDateTime.class, simple("string", "date-time")),
            Map.entry(LocalDate.class, simple("string", "date")),
            Map.entry(Duration.class, simple("string", "duration")),
            Map.entry(byte[].class, simple("string", "byte")));

    private final JsonMapper json;
    private final Map<String, Object> named = new TreeMap<>();
    private final Map<String, String> typeOfName = new TreeMap<>();

    Schemas(JsonMapper json) {
        this.json = json;
    }

    /** The records met so far, by the name that refers to them. */
    Map<String, Object> named() {
        return named;
    }

    static Map<String, Object> ref(String name) {
        return Map.of("$ref", "#/components/schemas/" + name);
    }

    Map<String, Object> of(ResolvableType type) {
        Class<?> raw = ClassUtils.resolvePrimitiveIfNecessary(type.toClass());
        Map<String, Object> simple = SIMPLE.get(raw);
        if (simple != null) {
            return simple;
        }
        if (raw == Optional.class) {
            return of(type.getGeneric(0));
        }
        Method value = valueOf(raw);
        if (value != null) {
            return of(ResolvableType.forMethodReturnType(value));
        }
        if (raw.isEnum()) {
            return Map.of("type", "string", "enum", constantsOf(raw));
        }
        if (raw.isArray()) {
            return Map.of("type", "array", "items", of(type.getComponentType()));
        }
        if (Map.class.isAssignableFrom(raw)) {
            return Map.of(
                    "type",
                    "object",
                    "additionalProperties",
                    of(type.as(Map.class).getGeneric(1)));
        }
        if (Collection.class.isAssignableFrom(raw)) {
            return Map.of("type", "array", "items", of(type.as(Collection.class).getGeneric(0)));
        }
        if (raw.isRecord()) {
            return recordOf(type, raw);
        }
        if (raw.isSealed()) {
            return Map.of(
                    "oneOf",
                    Arrays.stream(raw.getPermittedSubclasses())
                            .map(ResolvableType::forClass)
                            .map(this::of)
                            .toList());
        }
        return Map.of(); // any JSON
    }

    private Map<String, Object> recordOf(ResolvableType type, Class<?> raw) {
        String name = nameOf(type, raw);
        if (!named.containsKey(name)) {
            named.put(name, Map.of()); // for a record that holds its like
            Map<String, Object> properties = new LinkedHashMap<>();
            List<String> required = new ArrayList<>();
            for (RecordComponent component : raw.getRecordComponents()) {
                if (component.getAccessor().isAnnotationPresent(JsonIgnore.class)) {
                    continue;
                }
                String property = nameOf(component);
                properties.put(property, of(ResolvableType.forType(component.getGenericType(), type)));
                if (!component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
                    required.add(property);
                }
            }
            Map<String, Object> schema = new LinkedHashMap<>();
            schema.put("type", "object");
            schema.put("properties", properties);
            if (!required.isEmpty()) {
                schema.put("required", required);
            }
            named.put(name, schema);
        }
        return ref(name);
    }

    /** {@code Page<TicketView.Summary>} is PageOfTicketViewSummary; two of the same name get their packages' too. */
    private String nameOf(ResolvableType type, Class<?> raw) {
        StringBuilder name = new StringBuilder();
        for (Class<?> around = raw; around != null; around = around.getEnclosingClass()) {
            name.insert(0, around.getSimpleName());
        }
        for (ResolvableType generic : type.getGenerics()) {
            Class<?> argument = generic.toClass();
            name.append("Of").append(argument.isRecord() ? nameOf(generic, argument) : argument.getSimpleName());
        }
        String known = typeOfName.putIfAbsent(name.toString(), type.toString());
        if (known != null && !known.equals(type.toString())) {
            String packageName = raw.getPackageName();
            return name + "In" + packageName.substring(packageName.lastIndexOf('.') + 1);
        }
        return name.toString();
    }

    private static String nameOf(RecordComponent component) {
        JsonProperty stated = component.getAccessor().getAnnotation(JsonProperty.class);
        return stated == null || stated.value().isEmpty()
                ? component.getName().replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT)
                : stated.value();
    }

    private static Map<String, Object> simple(String type) {
        return Map.of("type", type);
    }

    private static Map<String, Object> simple(String type, String format) {
        return Map.of("type", type, "format", format);
    }

    private List<String> constantsOf(Class<?> type) {
        return Arrays.stream(type.getEnumConstants())
                .map(constant -> json.valueToTree(constant).asString())
                .toList();
    }

    private static @Nullable Method valueOf(Class<?> type) {
        return type.getName().startsWith("io.opsrelay.")
                ? Arrays.stream(type.getDeclaredMethods())
                        .filter(method -> method.isAnnotationPresent(JsonValue.class))
                        .findFirst()
                        .orElse(null)
                : null;
    }
}
