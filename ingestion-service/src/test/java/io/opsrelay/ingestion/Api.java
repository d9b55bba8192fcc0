package io.opsrelay.ingestion;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.util.JSONObjectUtils;
import io.opsrelay.security.Role;
import io.opsrelay.testing.TestTokens;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import org.springframework.boot.test.context.TestComponent;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Calls the service as somebody. */
@TestComponent
public class Api {

    private static final JsonMapper JSON = JsonMapper.shared();

    private final HttpClient http = HttpClient.newHttpClient();
    private final Environment environment;

    Api(Environment environment) {
        this.environment = environment;
    }

    /** The named user of that client, with that role. */
    public As as(String clientId, Role role) {
        return new As(TestTokens.bearer(clientId, role.wireName() + "@" + clientId + ".example", role));
    }

    /** Somebody without a client. */
    public As asOperator() {
        return new As(TestTokens.bearer(null, "operator@opsrelay.example", Role.OPERATOR));
    }

    /** Nobody. */
    public As asNobody() {
        return new As("");
    }

    /** Whoever this header says. */
    public As with(String authorization) {
        return new As(authorization);
    }

    /** An answer with its body read as JSON; missing if there is none. */
    public record Answer(int status, String contentType, String text, Map<String, String> headers) {

        public JsonNode json() {
            return JSON.readTree(text);
        }

        public Answer has(int expectedStatus) {
            assertThat(status).as(text).isEqualTo(expectedStatus);
            return this;
        }

        /** Exactly this problem, about this field. */
        public void isProblem(int expectedStatus, String title, String field, String reason) {
            isProblem(expectedStatus, """
                    {"title":"%s","status":%d,"detail":"%s","instance":"/api/v1/tickets",
                     "errors":[{"field":"%s","reason":"%s"}]}""".formatted(title, expectedStatus, field + " " + reason, field, reason));
        }

        /** Exactly this problem; {@code type} and {@code instance} say nothing and are not looked at. */
        public void isProblem(int expectedStatus, String body) {
            has(expectedStatus);
            assertThat(contentType).startsWith("application/problem+json");
            assertThat(withoutAddresses(JSON.readTree(text))).isEqualTo(withoutAddresses(JSON.readTree(body)));
        }

        private static Map<String, Object> withoutAddresses(JsonNode problem) {
            Map<String, Object> fields = JSON.convertValue(
                    problem,
                    JSON.getTypeFactory().constructMapType(java.util.TreeMap.class, String.class, Object.class));
            fields.remove("type");
            fields.remove("instance");
            return fields;
        }
    }

    /** Calls with one token. */
    public final class As {

        private final String authorization;

        private As(String authorization) {
            this.authorization = authorization;
        }

        public Answer get(String path) {
            return send(request(path).GET());
        }

        public Answer post(String path, String json) {
            return post(path, json, Map.of());
        }

        public Answer post(String path, String json, Map<String, String> headers) {
            return post(path, BodyPublishers.ofString(json), "application/json", headers);
        }

        public Answer post(String path, BodyPublisher body, String contentType, Map<String, String> headers) {
            HttpRequest.Builder request = request(path).header("Content-Type", contentType);
            headers.forEach(request::header);
            return send(request.POST(body));
        }

        public Answer put(String path, String json, Map<String, String> headers) {
            HttpRequest.Builder request = request(path).header("Content-Type", "application/json");
            headers.forEach(request::header);
            return send(request.PUT(BodyPublishers.ofString(json)));
        }

        public Answer patch(String path, String json) {
            return patch(path, json, Map.of());
        }

        public Answer patch(String path, String json, Map<String, String> headers) {
            HttpRequest.Builder request = request(path).header("Content-Type", "application/json");
            headers.forEach(request::header);
            return send(request.method("PATCH", BodyPublishers.ofString(json)));
        }

        public Answer send(String method, String path) {
            return send(request(path)
                    .header("Content-Type", "application/json")
                    .method(method, BodyPublishers.ofString("{}")));
        }

        public Answer send(String method, String path, BodyPublisher body, String contentType) {
            return send(request(path).header("Content-Type", contentType).method(method, body));
        }

        public Answer delete(String path, Map<String, String> headers) {
            HttpRequest.Builder request = request(path);
            headers.forEach(request::header);
            return send(request.DELETE());
        }

        /** Posts a ticket and hands back its id. */
        public String ticket(String subject) {
            Answer answer = post(
                            "/api/v1/tickets",
                            JSONObjectUtils.toJSONString(Map.of(
                                    "subject", subject,
                                    "body", "The lamp came in pieces.",
                                    "customer_email", "mary.major@example.org")))
                    .has(202);
            return answer.json().get("ticket_id").asString();
        }

        private HttpRequest.Builder request(String path) {
            String port = environment.getRequiredProperty("local.server.port");
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
            return StringUtils.hasText(authorization) ? request.header("Authorization", authorization) : request;
        }

        private Answer send(HttpRequest.Builder request) {
            try {
                HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
                Map<String, String> headers = new java.util.TreeMap<>(String.CASE_INSENSITIVE_ORDER);
                response.headers().map().forEach((name, values) -> headers.put(name, values.getFirst()));
                return new Answer(
                        response.statusCode(), headers.getOrDefault("Content-Type", ""), response.body(), headers);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
