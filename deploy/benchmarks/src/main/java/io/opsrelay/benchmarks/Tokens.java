package io.opsrelay.benchmarks;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The caller's access token, renewed before it expires. */
public final class Tokens {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final JsonMapper JSON = JsonMapper.shared();

    private final HttpClient client;
    private final URI address;
    private final String user;
    private final String password;
    private volatile @Nullable String token;
    private volatile long renewAt;

    /** Signs in.
     *
     * @throws IOException if nothing answers or the password is wrong
     */
    public Tokens(HttpClient client, URI base, String user, String password) throws IOException, InterruptedException {
        this.client = client;
        this.address = URI.create(base + "/api/v1/auth/token");
        this.user = user;
        this.password = password;
        signIn();
    }

    /** The token to send. */
    public String current() {
        String current = token;
        if (current == null) {
            throw new IllegalStateException("not signed in");
        }
        return current;
    }

    /** True if there is a new one. */
    public boolean renewIfOld() throws IOException, InterruptedException {
        if (System.nanoTime() - renewAt < 0) {
            return false;
        }
        signIn();
        return true;
    }

    private void signIn() throws IOException, InterruptedException {
        HttpResponse<byte[]> answer;
        try {
            answer = client.send(
                    HttpRequest.newBuilder(address)
                            .timeout(TIMEOUT)
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofByteArray(
                                    JSON.writeValueAsBytes(Map.of("username", user, "password", password))))
                            .build(),
                    HttpResponse.BodyHandlers.ofByteArray());
        } catch (ConnectException e) {
            throw new IOException("nothing answers at " + address + "; is it running? (./opsrelay up)", e);
        }
        if (answer.statusCode() != 200) {
            throw new IOException("cannot sign in as " + user + " at " + address + ": answer " + answer.statusCode());
        }
        JsonNode body = JSON.readTree(answer.body());
        token = body.path("access_token").asString("");
        renewAt = System.nanoTime()
                + TimeUnit.SECONDS.toNanos(body.path("expires_in").asLong(300)) * 6 / 10;
    }
}
