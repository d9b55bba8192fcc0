package io.opsrelay.security.docs;

import io.opsrelay.security.Caller;
import io.opsrelay.security.RequiresRole;
import io.opsrelay.security.Role;
import io.opsrelay.security.web.Page;
import io.opsrelay.security.web.PageRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.MethodParameter;
import org.springframework.core.ParameterNameDiscoverer;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.io.Resource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.BindParam;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.ValueConstants;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;

/** What one handler takes and gives. */
final class Operations {

    private static final String PARAMETERS = "parameters";

    private final Schemas schemas;
    private final ParameterNameDiscoverer names = new DefaultParameterNameDiscoverer();
    private final Set<String> ids = new HashSet<>();

    Operations(Schemas schemas) {
        this.schemas = schemas;
    }

    Map<String, Object> of(HandlerMethod handler, RequestMappingInfo mapping) {
        String packageName = handler.getBeanType().getPackageName();
        String feature = packageName.substring(packageName.lastIndexOf('.') + 1);
        Map<String, Object> operation = new LinkedHashMap<>();
        operation.put("tags", List.of(feature));
        operation.put("operationId", idOf(feature, handler.getMethod().getName()));
        operation.put("summary", feature + ": " + words(handler.getMethod().getName()));
        RequiresRole required = rolesOf(handler);
        if (required != null) {
            operation.put(
                    "description",
                    "Roles: "
                            + Arrays.stream(required.value())
                                    .map(Role::wireName)
                                    .collect(Collectors.joining(", ")));
            operation.put(
                    "x-roles",
                    Arrays.stream(required.value()).map(Role::wireName).toList());
            operation.put("security", ApiDescription.byBearer());
        } else {
            operation.put("security", List.of());
        }
        List<Map<String, Object>> parameters = new ArrayList<>();
        for (MethodParameter parameter : handler.getMethodParameters()) {
            parameter.initParameterNameDiscovery(names);
            if (parameter.hasParameterAnnotation(RequestBody.class)) {
                operation.put("requestBody", bodyOf(parameter, mapping));
            } else {
                parameters.addAll(parametersOf(parameter));
            }
        }
        operation.put(PARAMETERS, parameters);
        operation.put("responses", responsesOf(handler, mapping));
        return operation;
    }

    /** Both, as one: what only one of them knows need not be sent. */
    static Map<String, Object> united(Map<String, Object> one, Map<String, Object> other) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        for (Map<String, Object> parameter : concat(sentTo(one), sentTo(other))) {
            Map<String, Object> copy = new LinkedHashMap<>(parameter);
            if (!"path".equals(copy.get("in"))) {
                copy.put("required", false);
            }
            parameters.putIfAbsent(copy.get("in") + " " + copy.get("name"), copy);
        }
        Map<String, Object> united = new LinkedHashMap<>(one);
        united.put(PARAMETERS, List.copyOf(parameters.values()));
        return united;
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> sentTo(Map<String, Object> operation) {
        return (List<Map<String, Object>>) operation.getOrDefault(PARAMETERS, List.of());
    }

    private static List<Map<String, Object>> concat(List<Map<String, Object>> one, List<Map<String, Object>> other) {
        List<Map<String, Object>> both = new ArrayList<>(one);
        both.addAll(other);
        return both;
    }

    private String idOf(String feature, String method) {
        String id = feature + "_" + method;
        for (int n = 2; !ids.add(id); n++) {
            id = feature + "_" + method + n;
        }
        return id;
    }

    private static String words(String camelCase) {
        return camelCase.replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT);
    }

    private static @Nullable RequiresRole rolesOf(HandlerMethod handler) {
        RequiresRole onMethod = handler.getMethodAnnotation(RequiresRole.class);
        return onMethod != null ? onMethod : handler.getBeanType().getAnnotation(RequiresRole.class);
    }

    private Map<String, Object> bodyOf(MethodParameter parameter, RequestMappingInfo mapping) {
        Set<MediaType> consumed = mapping.getConsumesCondition().getConsumableMediaTypes();
        Map<String, Object> content = new LinkedHashMap<>();
        for (MediaType type : consumed.isEmpty() ? Set.of(MediaType.APPLICATION_JSON) : new TreeSet<>(consumed)) {
            content.put(type.toString(), Map.of("schema", bodyOf(parameter, type)));
        }
        RequestBody body = parameter.getParameterAnnotation(RequestBody.class);
        return Map.of("required", body == null || body.required(), "content", content);
    }

    private Map<String, Object> bodyOf(MethodParameter parameter, MediaType type) {
        Class<?> taken = parameter.getParameterType();
        DescribedAs stated = parameter.getParameterAnnotation(DescribedAs.class);
        boolean asItComes = taken == byte[].class || Resource.class.isAssignableFrom(taken);
        if (asItComes && (stated == null || !type.isCompatibleWith(MediaType.APPLICATION_JSON))) {
            return type.isCompatibleWith(MediaType.APPLICATION_JSON) ? Map.of() : Map.of("type", "string");
        }
        return schemas.of(ResolvableType.forMethodParameter(parameter), stated);
    }

    private List<Map<String, Object>> parametersOf(MethodParameter parameter) {
        if (parameter.getParameterType() == PageRequest.class) {
            return List.of(
                    parameter("limit", "query", false, Map.of("type", "integer", "maximum", Page.MAX_LIMIT)),
                    parameter("cursor", "query", false, Map.of("type", "string")),
                    parameter("sort", "query", false, Map.of("type", "string")));
        }
        if (parameter.getParameterType() == Caller.class
                || parameter.getParameterType() == HttpHeaders.class
                || Map.class.isAssignableFrom(parameter.getParameterType())) {
            return List.of();
        }
        if (parameter.getParameterType().isRecord() && parameter.getParameterAnnotations().length == 0) {
            return Arrays.stream(parameter
                            .getParameterType()
                            .getDeclaredConstructors()[0]
                            .getParameters())
                    .map(this::bound)
                    .toList();
        }
        Map<String, Object> schema = schemas.of(
                ResolvableType.forMethodParameter(parameter), parameter.getParameterAnnotation(DescribedAs.class));
        PathVariable inPath = parameter.getParameterAnnotation(PathVariable.class);
        if (inPath != null) {
            return List.of(parameter(nameOf(inPath.name(), parameter), "path", true, schema));
        }
        RequestParam inQuery = parameter.getParameterAnnotation(RequestParam.class);
        if (inQuery != null) {
            boolean required = inQuery.required() && inQuery.defaultValue().equals(ValueConstants.DEFAULT_NONE);
            return List.of(parameter(nameOf(inQuery.name(), parameter), "query", required, schema));
        }
        RequestHeader inHeader = parameter.getParameterAnnotation(RequestHeader.class);
        if (inHeader != null) {
            boolean required = inHeader.required() && inHeader.defaultValue().equals(ValueConstants.DEFAULT_NONE);
            return List.of(parameter(nameOf(inHeader.name(), parameter), "header", required, schema));
        }
        return List.of();
    }

    /** A record without an annotation gathers query parameters, each by the name that it is bound to. */
    private Map<String, Object> bound(Parameter component) {
        BindParam name = component.getAnnotation(BindParam.class);
        return parameter(
                name == null ? component.getName() : name.value(),
                "query",
                false,
                schemas.of(
                        ResolvableType.forType(component.getParameterizedType()),
                        component.getAnnotation(DescribedAs.class)));
    }

    private static Map<String, Object> parameter(String name, String in, boolean required, Map<String, Object> schema) {
        Map<String, Object> parameter = new LinkedHashMap<>();
        parameter.put("name", name);
        parameter.put("in", in);
        parameter.put("required", required);
        parameter.put("schema", schema);
        return parameter;
    }

    private static String nameOf(String stated, MethodParameter parameter) {
        return stated.isEmpty() ? String.valueOf(parameter.getParameterName()) : stated;
    }

    private Map<String, Object> responsesOf(HandlerMethod handler, RequestMappingInfo mapping) {
        ResolvableType type = ResolvableType.forMethodReturnType(handler.getMethod(), handler.getBeanType());
        ResponseStatus status = AnnotatedElementUtils.findMergedAnnotation(handler.getMethod(), ResponseStatus.class);
        boolean chosen = ResponseEntity.class.isAssignableFrom(type.toClass());
        ResolvableType body = chosen ? type.getGeneric(0) : type;
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("description", "Done");
        if (body.toClass() != void.class && body.toClass() != Void.class) {
            answer.put("content", Map.of(MediaType.APPLICATION_JSON_VALUE, Map.of("schema", schemas.of(body))));
        } else if (writesItself(handler)) {
            Set<MediaType> produced = mapping.getProducesCondition().getProducibleMediaTypes();
            Map<String, Object> content = new LinkedHashMap<>();
            for (MediaType one : produced.isEmpty() ? Set.of(MediaType.ALL) : new TreeSet<>(produced)) {
                content.put(one.toString(), Map.of("schema", Map.of("type", "string", "format", "binary")));
            }
            answer.put("content", content);
        }
        Map<String, Object> responses = new LinkedHashMap<>();
        String code = chosen ? "2XX" : "200";
        responses.put(status == null ? code : Integer.toString(status.value().value()), answer);
        responses.put("default", ApiDescription.problem());
        return responses;
    }

    /** A file, or what is too long to be held as one value. */
    private static boolean writesItself(HandlerMethod handler) {
        return Arrays.asList(handler.getMethod().getParameterTypes()).contains(HttpServletResponse.class);
    }
}
