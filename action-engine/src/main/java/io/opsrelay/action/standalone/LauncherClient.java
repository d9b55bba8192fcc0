package io.opsrelay.action.standalone;

import io.opsrelay.contracts.ContractJson;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Speaks to the launcher's control API. Thread-safe. */
final class LauncherClient {

    private final HttpClient http;
    private final LauncherProperties properties;

    LauncherClient(LauncherProperties properties) {
        this.properties = properties;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(properties.timeout())
                .build();
    }

    /** What the launcher says of a service, empty where it runs none of that name. */
    Optional<LauncherService> service(String name) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = send("GET", "/v1/services/" + name, null);
        return answer.statusCode() == 404 ? Optional.empty() : Optional.of(read(answer, LauncherService.class));
    }

    /** The operation of that key, empty where the launcher knows none. */
    Optional<LauncherOperation> operation(String key) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = send("GET", "/v1/operations/" + key, null);
        return answer.statusCode() == 404 ? Optional.empty() : Optional.of(read(answer, LauncherOperation.class));
    }

    /** Orders an operation; under a key that is known already, nothing new is begun. */
    Ordered order(String key, String kind, String service, @Nullable Integer replicas, String reason)
            throws IOException, InterruptedException {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("kind", kind);
        body.put("service", service);
        if (replicas != null) {
            body.put("replicas", replicas);
        }
        body.put("reason", reason);
        HttpResponse<byte[]> answer = send("PUT", "/v1/operations/" + key, body);
        return switch (answer.statusCode()) {
            case 200, 202 -> new Ordered.Taken(read(answer, LauncherOperation.class));
            case 404, 409, 422 -> refusal(answer);
            default -> throw unexpected(answer);
        };
    }

    private static Ordered.Refused refusal(HttpResponse<byte[]> answer) throws IOException {
        JsonNode problem = read(answer, JsonNode.class);
        return new Ordered.Refused(
                problem.path("code").asString("refused"), problem.path("detail").asString("the launcher refuses"));
    }

    private HttpResponse<byte[]> send(String method, String path, @Nullable Object body)
            throws IOException, InterruptedException {
        HttpRequest.BodyPublisher publisher = body == null
                ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofByteArray(ContractJson.mapper().writeValueAsBytes(body));
        HttpRequest request = HttpRequest.newBuilder(URI.create(properties.url() + path))
                .timeout(properties.timeout())
                // Read each time: a launcher that began anew with empty stores has another one.
                .header(
                        "Authorization",
                        "Bearer " + Files.readString(properties.tokenFile()).strip())
                .header("Content-Type", "application/json")
                .method(method, publisher)
                .build();
        HttpResponse<byte[]> answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        if (answer.statusCode() == 401 || answer.statusCode() >= 500) {
            throw unexpected(answer);
        }
        return answer;
    }

    private static <T> T read(HttpResponse<byte[]> answer, Class<T> type) throws IOException {
        try {
            return ContractJson.mapper().readValue(answer.body(), type);
        } catch (JacksonException e) {
            throw new IOException("the launcher's answer cannot be read: " + e.getOriginalMessage(), e);
        }
    }

    private static IOException unexpected(HttpResponse<byte[]> answer) {
        return new IOException("the launcher answered " + answer.statusCode());
    }

    /** Whether a request cannot have arrived. */
    static boolean neverArrived(IOException e) {
        return e instanceof ConnectException || e instanceof HttpConnectTimeoutException;
    }

    /** What became of an order. */
    sealed interface Ordered {

        record Taken(LauncherOperation operation) implements Ordered {}

        record Refused(String code, String reason) implements Ordered {}
    }

    /** A service as the launcher tells it; further fields are skipped. */
    record LauncherService(String service, int replicas, int maxReplicas, List<Instance> instances) {

        LauncherService {
            instances = instances == null ? List.of() : List.copyOf(instances);
        }

        /** @param startedAt null while it does not run */
        record Instance(String state, @Nullable Instant startedAt) {}

        int ready() {
            return (int) instances.stream()
                    .filter(instance -> "ready".equals(instance.state()))
                    .count();
        }

        Optional<Instant> lastStart() {
            return instances.stream()
                    .flatMap(instance -> Stream.ofNullable(instance.startedAt()))
                    .max(Comparator.naturalOrder());
        }
    }
}
