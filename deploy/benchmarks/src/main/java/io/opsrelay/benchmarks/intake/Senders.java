package io.opsrelay.benchmarks.intake;

import io.opsrelay.benchmarks.Tokens;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** People and machines of the demo's two clients who may hand in tickets, in turns: each has a rate limit of its own. */
final class Senders implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final List<String> USERS = List.of(
            "ingest@acme.example",
            "ingest@globex.example",
            "agent@acme.example",
            "agent@globex.example",
            "admin@acme.example",
            "admin@globex.example");

    private final URI base;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient http;
    private final List<Tokens> tokens = new ArrayList<>();

    /**
     * @param password of all of them
     * @throws IOException if nothing answers there, or refuses them
     */
    Senders(URI base, String password) throws IOException, InterruptedException {
        this.base = base;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .executor(threads)
                .connectTimeout(TIMEOUT)
                .build();
        for (String user : USERS) {
            tokens.add(new Tokens(http, base, user, password));
        }
    }

    /** Between two loads: a token must not end within one. */
    void renew() throws IOException, InterruptedException {
        for (Tokens token : tokens) {
            token.renewIfOld();
        }
    }

    /** Posts one ticket and answers with the status code. */
    CompletableFuture<Integer> post(int number, String ticket) {
        return http.sendAsync(
                        request("/api/v1/tickets", "application/json", number)
                                .POST(HttpRequest.BodyPublishers.ofString(ticket))
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .thenApply(HttpResponse::statusCode);
    }

    /** Posts lines of tickets; the answer is read while they are sent. */
    HttpResponse<InputStream> bulk(int number, Iterable<byte[]> lines) throws IOException, InterruptedException {
        return http.send(
                request("/api/v1/tickets/bulk", "application/x-ndjson", number)
                        .timeout(Duration.ofMinutes(10))
                        .POST(HttpRequest.BodyPublishers.ofByteArrays(lines))
                        .build(),
                HttpResponse.BodyHandlers.ofInputStream());
    }

    private HttpRequest.Builder request(String path, String type, int number) {
        return HttpRequest.newBuilder(URI.create(base + path))
                .timeout(TIMEOUT)
                .header("Content-Type", type)
                .header(
                        "Authorization",
                        "Bearer " + tokens.get(number % tokens.size()).current());
    }

    /** A ticket of a few hundred characters, no two alike. */
    static String ticket(String run, int number) {
        return """
                {"subject":"Delivery %d is late","body":"Good morning, parcel %d of %s should have come on Monday. The tracking \
                page says nothing since then. Could you find out where it is and tell me when I can expect it? Thank you.",\
                "customer_email":"customer%d@example.org","external_id":"%s-%d"}""".formatted(number, number, run, number % 5000, run, number);
    }

    static byte[] line(String run, int number) {
        return (ticket(run, number) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        http.shutdownNow();
        threads.shutdownNow();
    }
}
