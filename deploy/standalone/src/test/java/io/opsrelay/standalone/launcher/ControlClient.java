package io.opsrelay.standalone.launcher;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Asks the control API of a launcher, as action-engine does. */
final class ControlClient {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration LIMIT = Duration.ofSeconds(120);

    private final Checkout checkout;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    ControlClient(Checkout checkout) {
        this.checkout = checkout;
    }

    record Answer(int status, String contentType, JsonNode body) {

        String code() {
            return body.path("code").asString();
        }
    }

    Answer put(String key, String kind, String service, @Nullable Integer replicas) throws Exception {
        ObjectNode body = JSON.createObjectNode().put("kind", kind).put("service", service);
        if (replicas != null) {
            body.put("replicas", replicas);
        }
        return send("PUT", "/v1/operations/" + key, body.put("reason", "a test").toString(), token());
    }

    JsonNode operation(String key) throws Exception {
        return send("GET", "/v1/operations/" + key, "", token()).body();
    }

    JsonNode service(String name) throws Exception {
        return send("GET", "/v1/services/" + name, "", token()).body();
    }

    List<Long> pids(String service) throws Exception {
        List<Long> pids = new ArrayList<>();
        service(service)
                .path("instances")
                .forEach(instance -> pids.add(instance.path("pid").asLong()));
        return pids;
    }

    /** Waits until the operation has ended; it must have ended like this. */
    JsonNode awaitEnd(String key, String status) throws Exception {
        await().atMost(LIMIT)
                .until(() -> !operation(key).path("status").asString().equals("running"));
        JsonNode operation = operation(key);
        Assertions.assertThat(operation.path("status").asString())
                .as(operation.toPrettyString())
                .isEqualTo(status);
        return operation;
    }

    /** What gateways read at this moment. */
    List<String> listed(String service) throws IOException {
        List<String> addresses = new ArrayList<>();
        JSON.readTree(Files.readString(checkout.home().instances()))
                .path(service)
                .forEach(address -> addresses.add(address.asString()));
        return addresses;
    }

    Answer send(String method, String path, String body, @Nullable String token) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + checkout.settings().launcherPort() + path))
                .timeout(Duration.ofSeconds(60))
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        return new Answer(
                response.statusCode(),
                response.headers().firstValue("Content-Type").orElse(""),
                JSON.readTree(response.body()));
    }

    String token() throws IOException {
        return Files.readString(checkout.home().secrets().resolve("launcher.token"));
    }
}
