package io.opsrelay.security.docs;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.annotation.JsonValue;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Currency;
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
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;
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
            Map.entry(LocalTime.class, simple("string", "time")),
            Map.entry(ZoneId.class, simple("string")),
            Map.entry(Currency.class, simple("string")),
            Map.entry(byte[].class, simple("string", "byte")));

    private static final String STRING = "string";

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

    /** @param stated what its own declaration says of it beside the type */
    Map<String, Object> of(ResolvableType type, @Nullable DescribedAs stated) {
        if (stated == null) {
            return of(type);
        }
        if (stated.oneOf().length == 0) {
            return of(ResolvableType.forClass(stated.value()));
        }
        Map<String, Object> word = Map.of("type", STRING, "enum", List.of(stated.oneOf()));
        return stated.value().isArray() ? Map.of("type", "array", "items", word) : word;
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
            return Map.of("type", STRING, "enum", constantsOf(raw));
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
            gather(type, raw, properties, required);
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

    private void gather(ResolvableType type, Class<?> raw, Map<String, Object> properties, List<String> required) {
        for (RecordComponent component : raw.getRecordComponents()) {
            ResolvableType held = ResolvableType.forType(component.getGenericType(), type);
            if (annotation(component, JsonIgnore.class) != null) {
                continue;
            }
            if (annotation(component, JsonUnwrapped.class) != null) {
                gather(held, held.toClass(), properties, required);
                continue;
            }
            boolean nullable = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
            Map<String, Object> schema =
                    annotation(component, JsonRawValue.class) == null ? shapeOf(component, held) : Map.of(); // any JSON
            JsonInclude.Include inclusion = inclusionOf(component, raw);
            boolean always = inclusion == JsonInclude.Include.ALWAYS;
            String property = nameOf(component, raw);
            properties.put(property, nullable && always ? orNull(schema) : schema);
            if (always || (!nullable && inclusion == JsonInclude.Include.USE_DEFAULTS)) {
                required.add(property);
            }
        }
    }

    private Map<String, Object> shapeOf(RecordComponent component, ResolvableType held) {
        JsonFormat format = annotation(component, JsonFormat.class);
        return format != null && format.shape() == JsonFormat.Shape.STRING
                ? simple(STRING)
                : of(held, component.getAnnotation(DescribedAs.class));
    }

    /** Nulls are left out unless a component says otherwise. */
    private static JsonInclude.Include inclusionOf(RecordComponent component, Class<?> raw) {
        JsonInclude own = annotation(component, JsonInclude.class);
        JsonInclude ofAll = raw.getAnnotation(JsonInclude.class);
        JsonInclude stated = own == null ? ofAll : own;
        return stated == null || stated.value() == JsonInclude.Include.NON_NULL
                ? JsonInclude.Include.USE_DEFAULTS
                : stated.value();
    }

    private static Map<String, Object> orNull(Map<String, Object> schema) {
        if (schema.isEmpty()) {
            return schema;
        }
        if (!(schema.get("type") instanceof String one) || schema.containsKey("enum")) {
            return Map.of("anyOf", List.of(schema, Map.of("type", "null")));
        }
        Map<String, Object> either = new LinkedHashMap<>(schema);
        either.put("type", List.of(one, "null"));
        return either;
    }

    private static <A extends Annotation> @Nullable A annotation(RecordComponent component, Class<A> kind) {
        return component.getAccessor().getAnnotation(kind);
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

    private static String nameOf(RecordComponent component, Class<?> raw) {
        JsonProperty stated = annotation(component, JsonProperty.class);
        if (stated != null && !stated.value().isEmpty()) {
            return stated.value();
        }
        JsonNaming naming = raw.getAnnotation(JsonNaming.class);
        return naming != null && naming.value() == PropertyNamingStrategies.LowerCamelCaseStrategy.class
                ? component.getName()
                : component.getName().replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
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
