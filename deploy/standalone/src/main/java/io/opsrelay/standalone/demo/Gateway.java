package io.opsrelay.standalone.demo;

import io.opsrelay.standalone.process.StartFailure;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The public API, called as one of the demo's users. Trouble is an answer, not an exception. */
public final class Gateway implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String JSON_TYPE = "application/json";
    private static final String PASSWORD = "demo";
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
    private static final Duration LIMIT = Duration.ofSeconds(20);
    /** Of a token's lifetime, after which it is renewed. */
    private static final double USED = 0.7;

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_LIMIT)
            .build();
    private final URI base;
    private final Map<String, Session> sessions = new ConcurrentHashMap<>();

    /** @param base without a slash at its end */
    public Gateway(URI base) {
        this.base = base;
    }

    /**
     * Signs in, to learn at the start whether it can work at all.
     *
     * @throws StartFailure that says what is wrong
     */
    public void signIn(String user) throws InterruptedException {
        Answer answer = session(user).renew();
        if (answer.status() == Answer.NONE) {
            throw new StartFailure("Nothing answers at " + base + ". Is OpsRelay running? Start it: ./opsrelay up");
        }
        if (!answer.succeeded()) {
            throw new StartFailure("Cannot sign in as " + user + " at " + base + ": " + answer.reason());
        }
    }

    /** Reads as that user. */
    public Answer get(String user, String path) throws InterruptedException {
        return authorized(user, HttpRequest.newBuilder(URI.create(base + path)).GET());
    }

    /** @param key makes a repeated request harmless */
    public Answer post(String user, String path, Object body, String key) throws InterruptedException {
        return authorized(user, posting(path, body).header("Idempotency-Key", key));
    }

    private HttpRequest.Builder posting(String path, Object body) {
        return HttpRequest.newBuilder(URI.create(base + path))
                .header("Content-Type", JSON_TYPE)
                .POST(BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)));
    }

    private Answer authorized(String user, HttpRequest.Builder request) throws InterruptedException {
        Session session = session(user);
        Answer answer = session.send(request);
        if (answer.status() == 401) {
            // The token was refused before its time, as after a new start with other keys.
            session.forget();
            answer = session.send(request);
        }
        return answer;
    }

    private Session session(String user) {
        return sessions.computeIfAbsent(user, Session::new);
    }

    private Answer send(HttpRequest.Builder request) throws InterruptedException {
        try {
            HttpResponse<byte[]> response = client.send(request.timeout(LIMIT).build(), BodyHandlers.ofByteArray());
            return new Answer(response.statusCode(), json(response.body()), retryAfter(response));
        } catch (IOException e) {
            return noAnswer();
        }
    }

    private static Answer noAnswer() {
        return new Answer(Answer.NONE, JSON.createObjectNode(), Optional.empty());
    }

    private static JsonNode json(byte[] body) {
        try {
            return body.length == 0 ? JSON.createObjectNode() : JSON.readTree(body);
        } catch (JacksonException e) {
            return JSON.createObjectNode();
        }
    }

    private static Optional<Duration> retryAfter(HttpResponse<?> response) {
        try {
            return response.headers()
                    .firstValue("Retry-After")
                    .map(value -> Duration.ofSeconds(Integer.parseInt(value.strip())));
        } catch (NumberFormatException e) {
            return Optional.empty(); // a date; our own pauses do as well
        }
    }

    /** Ends what is under way. */
    @Override
    public void close() {
        client.shutdownNow();
    }

    /** One user's token, renewed before it expires. */
    private final class Session {

        private final String user;
        private @Nullable String token;
        private long renewAt;

        Session(String user) {
            this.user = user;
        }

        Answer send(HttpRequest.Builder request) throws InterruptedException {
            String bearer;
            synchronized (this) {
                if (token == null || System.nanoTime() - renewAt > 0) {
                    Answer answer = renew();
                    if (!answer.succeeded()) {
                        return answer;
                    }
                }
                bearer = "Bearer " + token;
            }
            return Gateway.this.send(request.setHeader("Authorization", bearer));
        }

        synchronized Answer renew() throws InterruptedException {
            Answer answer =
                    Gateway.this.send(posting("/api/v1/auth/token", Map.of("username", user, "password", PASSWORD)));
            if (answer.succeeded()) {
                token = answer.body().path("access_token").asString("");
                long lifetime = TimeUnit.SECONDS.toNanos(
                        answer.body().path("expires_in").asLong(300));
                renewAt = System.nanoTime() + (long) (lifetime * USED);
            }
            return answer;
        }

        synchronized void forget() {
            token = null;
        }
    }
}
