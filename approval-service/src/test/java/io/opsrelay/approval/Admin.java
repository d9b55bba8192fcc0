package io.opsrelay.approval;

import io.opsrelay.contracts.ContractJson;
import io.opsrelay.security.Role;
import io.opsrelay.testing.TestTokens;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import tools.jackson.core.type.TypeReference;

/** Calls the service by any method, by default as a client's admin. */
public record Admin(int port, String clientId, Role role) {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    public static Admin of(int port, String clientId) {
        return new Admin(port, clientId, Role.ADMIN);
    }

    /** @param headers names and values in turn */
    public Api.Answer call(String method, String path, Object body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header(
                        "Authorization",
                        TestTokens.bearer(clientId, role.wireName() + "@" + clientId + ".example", role))
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body == null
                                ? BodyPublishers.noBody()
                                : BodyPublishers.ofByteArray(
                                        ContractJson.mapper().writeValueAsBytes(body)));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            HttpResponse<byte[]> answer = HTTP.send(request.build(), BodyHandlers.ofByteArray());
            return new Api.Answer(
                    answer.statusCode(),
                    answer.body().length == 0
                            ? Map.of()
                            : ContractJson.mapper()
                                    .readValue(answer.body(), new TypeReference<Map<String, Object>>() {}),
                    answer.headers().firstValue("ETag"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public Api.Answer get(String path) {
        return call("GET", path, null);
    }

    public Api.Answer post(String path, Object body) {
        return call("POST", path, body);
    }
}
