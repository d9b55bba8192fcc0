package io.opsrelay.approval;

import io.opsrelay.contracts.ContractJson;
import io.opsrelay.security.Role;
import io.opsrelay.testing.TestTokens;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.type.TypeReference;

/** Calls the service as one user does. */
public record Api(int port, String clientId, String user, Role... roles) {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    /** The user of that role at that client: {@code <role>@<client>.example}. */
    public static Api of(int port, String clientId, Role role) {
        return new Api(port, clientId, role.wireName() + "@" + clientId + ".example", role);
    }

    /** The user as requester or approver. */
    public String asActor() {
        return "user:" + user;
    }

    public Answer get(String path) {
        return send(request(path).GET());
    }

    /** @param headers names and values in turn */
    public Answer post(String path, Object body, String... headers) {
        return send("POST", path, body, headers);
    }

    /** @param headers names and values in turn */
    public Answer put(String path, Object body, String... headers) {
        return send("PUT", path, body, headers);
    }

    private Answer send(String method, String path, Object body, String... headers) {
        HttpRequest.Builder request = request(path)
                .header("Content-Type", "application/json")
                .method(
                        method,
                        HttpRequest.BodyPublishers.ofByteArray(
                                ContractJson.mapper().writeValueAsBytes(body)));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Authorization", TestTokens.bearer(clientId, user, roles));
    }

    private static Answer send(HttpRequest.Builder request) {
        try {
            HttpResponse<byte[]> response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            return new Answer(
                    response.statusCode(),
                    ContractJson.mapper().readValue(response.body(), new TypeReference<Map<String, Object>>() {}),
                    response.headers().firstValue("ETag"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public record Answer(int status, Map<String, Object> body, Optional<String> etag) {

        @SuppressWarnings("unchecked")
        public List<Map<String, Object>> items() {
            return (List<Map<String, Object>>) body.get("items");
        }

        @SuppressWarnings("unchecked")
        public Map<String, Object> object(String field) {
            return (Map<String, Object>) body.get(field);
        }

        @SuppressWarnings("unchecked")
        public List<Map<String, Object>> list(String field) {
            return (List<Map<String, Object>>) body.get(field);
        }

        public Object get(String field) {
            return body.get(field);
        }
    }
}
