package io.opsrelay.benchmarks.faults;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Somebody who calls the public API and puts up with anything it answers. All that is shown to them is looked at. */
final class Caller {

    static final JsonMapper JSON = JsonMapper.shared();
    private static final Duration TIMEOUT = Duration.ofSeconds(15);
    private static final Duration PAUSE = Duration.ofMillis(300);

    private final HttpClient http;
    private final URI base;
    private final String user;
    private final Eyes eyes;
    private @Nullable String token;
    private long renewAt;

    Caller(HttpClient http, URI base, String user, Eyes eyes) {
        this.http = http;
        this.base = base;
        this.user = user;
        this.eyes = eyes;
    }

    /** Whose user this is. */
    String client() {
        return user.substring(user.indexOf('@') + 1, user.lastIndexOf('.'));
    }

    String user() {
        return user;
    }

    Reply get(String path) throws InterruptedException {
        return exchange(HttpRequest.newBuilder(base.resolve(path)).GET());
    }

    Reply post(String path, byte[] body, Map<String, String> headers) throws InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(body));
        headers.forEach(request::header);
        return exchange(request);
    }

    /** Asks until it is answered with 200. */
    JsonNode insist(String path, Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        Reply reply = get(path);
        while (reply.status() != 200 && System.nanoTime() - end < 0) {
            Thread.sleep(PAUSE);
            reply = get(path);
        }
        if (reply.status() != 200) {
            throw new IllegalStateException("%s is answered %d for %s".formatted(path, reply.status(), user));
        }
        return reply.json();
    }

    /** All items of a list, over its pages. */
    List<JsonNode> all(String path, Duration limit) throws InterruptedException {
        List<JsonNode> items = new ArrayList<>();
        String cursor = "";
        do {
            String separator = path.contains("?") ? "&" : "?";
            JsonNode page =
                    insist(path + separator + "limit=200" + (cursor.isEmpty() ? "" : "&cursor=" + cursor), limit);
            page.path("items").forEach(items::add);
            cursor = page.path("next_cursor").asString("");
        } while (!cursor.isEmpty());
        return items;
    }

    /** A valid access token; null while nobody gives one. */
    synchronized @Nullable String token() throws InterruptedException {
        if (token == null || System.nanoTime() - renewAt > 0) {
            byte[] body = JSON.writeValueAsBytes(Map.of("username", user, "password", "demo"));
            Reply reply = send(HttpRequest.newBuilder(base.resolve("/api/v1/auth/token"))
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofByteArray(body)));
            if (reply.status() != 200) {
                return null;
            }
            token = reply.json().path("access_token").asString("");
            renewAt = System.nanoTime()
                    + TimeUnit.SECONDS.toNanos(reply.json().path("expires_in").asLong(300)) / 2;
        }
        return token;
    }

    private Reply exchange(HttpRequest.Builder request) throws InterruptedException {
        String current = token();
        if (current == null) {
            return Reply.NONE;
        }
        Reply reply = send(request.header("Authorization", "Bearer " + current));
        eyes.see(client(), reply.text());
        return reply;
    }

    private Reply send(HttpRequest.Builder request) throws InterruptedException {
        try {
            HttpResponse<String> response = http.send(
                    request.timeout(TIMEOUT).build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
            return new Reply(response.statusCode(), response.body());
        } catch (IOException e) {
            return Reply.NONE;
        }
    }

    /** @param status 0 if none came */
    record Reply(int status, String text) {

        static final Reply NONE = new Reply(0, "");

        JsonNode json() {
            try {
                return JSON.readTree(text.isEmpty() ? "null" : text);
            } catch (JacksonException e) {
                return JSON.missingNode();
            }
        }
    }
}
