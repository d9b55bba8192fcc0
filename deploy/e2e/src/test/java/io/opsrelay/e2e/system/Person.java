package io.opsrelay.e2e.system;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Somebody who calls the public API: one of the demo's users, or nobody. */
public final class Person {

    private static final String JSON = "application/json";

    private final HttpClient client;
    private final URI base;
    private final @Nullable String name;
    private @Nullable String token;
    private long renewAt;

    Person(HttpClient client, URI base, @Nullable String name) {
        this.client = client;
        this.base = base;
        this.name = name;
    }

    /** The user's name, {@code nobody} without one. */
    public String name() {
        return name == null ? "nobody" : name;
    }

    public Answer get(String path) {
        return send("GET", path, null, BodyPublishers.noBody());
    }

    /** The bytes that stand there; fails unless the answer is 200. */
    public byte[] download(String path) {
        HttpRequest request = HttpRequest.newBuilder(base.resolve(path))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", "Bearer " + accessToken())
                .build();
        try {
            HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
            if (response.statusCode() != 200) {
                throw new AssertionError("GET " + path + " as " + name() + " answered " + response.statusCode() + " "
                        + new String(response.body(), StandardCharsets.UTF_8));
            }
            return response.body();
        } catch (IOException e) {
            throw new UncheckedIOException(path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Posts the value as JSON. */
    public Answer post(String path, Object value) {
        return post(path, JSON, Json.write(value).getBytes(StandardCharsets.UTF_8));
    }

    /** Posts bytes as they are. */
    public Answer post(String path, String contentType, byte[] body) {
        return send("POST", path, contentType, BodyPublishers.ofByteArray(body));
    }

    /** Posts bytes as they are, with these headers beside our own. */
    public Answer post(String path, String contentType, byte[] body, Map<String, String> headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path))
                .POST(BodyPublishers.ofByteArray(body))
                .header("Content-Type", contentType);
        headers.forEach(request::header);
        return authorized(request, path);
    }

    /** Posts bytes whose length is not announced. */
    public Answer postChunked(String path, byte[] body) {
        return send("POST", path, JSON, BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)));
    }

    /** Puts the value as JSON. */
    public Answer put(String path, Object value) {
        return send("PUT", path, JSON, BodyPublishers.ofString(Json.write(value)));
    }

    public Answer delete(String path) {
        return send("DELETE", path, null, BodyPublishers.noBody());
    }

    /** Calls with the token that stands there, whatever it is. */
    public Answer getWithToken(String path, String foreignToken) {
        return send(HttpRequest.newBuilder(base.resolve(path)).header("Authorization", "Bearer " + foreignToken), path);
    }

    /** Opens the stream, authenticates in the first frame and subscribes to the channels. */
    public Stream stream(String... channels) {
        return Stream.open(base, accessToken(), channels);
    }

    /** Opens another stream, which goes on where that one ended. */
    public Stream resume(Stream ended) {
        return Stream.resume(base, accessToken(), ended);
    }

    /** A valid access token. */
    public synchronized String accessToken() {
        if (token == null || System.nanoTime() - renewAt > 0) {
            HttpRequest request = HttpRequest.newBuilder(base.resolve("/api/v1/auth/token"))
                    .timeout(Duration.ofSeconds(60))
                    .header("Content-Type", JSON)
                    .POST(BodyPublishers.ofString(
                            Json.write(Map.of("username", name(), "password", OpsRelay.PASSWORD))))
                    .build();
            Answer answer = exchange(request, "sign-in").expect(200);
            token = answer.text("access_token");
            renewAt = System.nanoTime()
                    + TimeUnit.SECONDS.toNanos(answer.json().path("expires_in").asLong()) / 2;
        }
        return token;
    }

    private Answer send(String method, String path, @Nullable String contentType, BodyPublisher body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path)).method(method, body);
        if (contentType != null) {
            request.header("Content-Type", contentType);
        }
        return authorized(request, path);
    }

    private Answer authorized(HttpRequest.Builder request, String path) {
        if (name != null) {
            request.header("Authorization", "Bearer " + accessToken());
        }
        return send(request, path);
    }

    private Answer send(HttpRequest.Builder builder, String path) {
        HttpRequest request = builder.timeout(Duration.ofSeconds(60)).build();
        return exchange(request, request.method() + " " + path + " as " + name());
    }

    private Answer exchange(HttpRequest request, String what) {
        try {
            HttpResponse<String> response =
                    client.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
            Map<String, String> headers = new LinkedHashMap<>();
            response.headers().map().forEach((header, values) -> headers.put(header, values.getFirst()));
            return new Answer(what, response.statusCode(), headers, response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(what, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
