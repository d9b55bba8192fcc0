package io.opsrelay.standalone.control;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** What each request means, apart from how it travels and who may ask. */
final class ControlApi {

    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9._:~-]{1,200}");

    private final Fleet fleet;
    private final Operations operations;

    ControlApi(Fleet fleet, Operations operations) {
        this.fleet = fleet;
        this.operations = operations;
    }

    /** @param operation the key of the one at work on it */
    record ServiceView(
            String service,
            int replicas,
            int maxReplicas,
            @JsonInclude @Nullable String operation,
            List<InstanceStatus> instances) {}

    record Items<T>(List<T> items) {}

    /** @param path as it was sent, e.g. {@code /v1/services} */
    Reply answer(String method, String path, byte[] body) {
        String[] parts = path.split("/", -1);
        boolean one = parts.length == 4 && !parts[3].isEmpty();
        if (path.equals("/v1/services")) {
            return method.equals("GET") ? services() : wrongMethod("GET");
        }
        if (one && path.startsWith("/v1/services/")) {
            return method.equals("GET") ? service(parts[3]) : wrongMethod("GET");
        }
        if (one && path.startsWith("/v1/operations/")) {
            return switch (method) {
                case "GET" -> operation(parts[3]);
                case "PUT" -> wish(parts[3], body);
                default -> wrongMethod("GET or PUT");
            };
        }
        return Reply.problem(404, "not_found", "there is nothing at " + path);
    }

    private Reply services() {
        return Reply.of(
                200, new Items<>(fleet.services().stream().map(this::view).toList()));
    }

    private Reply service(String name) {
        return fleet.services().stream()
                .filter(one -> one.service().equals(name))
                .findFirst()
                .map(one -> Reply.of(200, view(one)))
                .orElseGet(() -> Reply.problem(404, "unknown_service", "there is no service '" + name + "'"));
    }

    private ServiceView view(ServiceStatus status) {
        return new ServiceView(
                status.service(),
                status.replicas(),
                Fleet.MAX_REPLICAS,
                operations.running(status.service()).map(Operation::key).orElse(null),
                status.instances());
    }

    private Reply operation(String key) {
        Optional<Operation> known = operations.find(key);
        return known.isPresent()
                ? Reply.of(200, known.get())
                : Reply.problem(404, "unknown_operation", "no operation has this key");
    }

    private Reply wish(String key, byte[] body) {
        if (!KEY.matcher(key).matches()) {
            return Reply.problem(400, "bad_request", "a key is 1 to 200 letters, digits or . _ : ~ -");
        }
        OperationRequest request;
        try {
            request = Json.MAPPER.readValue(body, OperationRequest.class);
        } catch (JacksonException e) {
            return Reply.problem(400, "bad_request", reason(e));
        }
        if (request == null) {
            return Reply.problem(400, "bad_request", "the body is null");
        }
        return switch (operations.accept(key, request)) {
            case Verdict.Accepted(Operation operation) -> new Reply(202, operation, () -> operations.begin(operation));
            case Verdict.Known(Operation operation) -> Reply.of(200, operation);
            case Verdict.Refused(Verdict.Refusal refusal, String detail) ->
                Reply.problem(refusal.status, refusal.name().toLowerCase(Locale.ROOT), detail);
        };
    }

    private static String reason(JacksonException e) {
        return e.getCause() instanceof IllegalArgumentException guard
                ? String.valueOf(guard.getMessage())
                : String.valueOf(e.getOriginalMessage());
    }

    private static Reply wrongMethod(String allowed) {
        return Reply.problem(405, "method_not_allowed", "here only " + allowed + " is understood");
    }
}
