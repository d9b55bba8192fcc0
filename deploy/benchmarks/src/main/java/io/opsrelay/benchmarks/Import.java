package io.opsrelay.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.json.JsonMapper;

/** One client's import of many tickets as JSON lines, in requests of some thousand. */
record Import(HttpClient client, URI base, String token, JsonMapper json) {

    private static final int LINES = 5000;
    private static final Duration TIMEOUT = Duration.ofMinutes(5);

    /** Posts so many; tells how many were accepted, and how fast. */
    String post(int tickets) throws IOException, InterruptedException {
        String name = UUID.randomUUID().toString();
        long began = System.nanoTime();
        long accepted = 0;
        for (int from = 0; from < tickets; from += LINES) {
            String body = IntStream.range(from, Math.min(tickets, from + LINES))
                    .mapToObj(i -> line(name, i))
                    .collect(Collectors.joining("\n"));
            HttpResponse<InputStream> answer = client.send(
                    HttpRequest.newBuilder(URI.create(base + "/api/v1/tickets/bulk"))
                            .timeout(TIMEOUT)
                            .header("Authorization", "Bearer " + token)
                            .header("Content-Type", "application/x-ndjson")
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofInputStream());
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
                if (answer.statusCode() != 200) {
                    throw new IOException("answer " + answer.statusCode() + " "
                            + lines.lines().collect(Collectors.joining(" ")));
                }
                accepted += lines.lines()
                        .filter(line -> json.readTree(line).has("ticket_id"))
                        .count();
            }
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        return String.format(
                Locale.ROOT,
                "imported: %d of %d in %.1f s, %.0f a second",
                accepted,
                tickets,
                seconds,
                accepted / seconds);
    }

    private String line(String name, int number) {
        Texts.Question question = Texts.of(number);
        return json.writeValueAsString(Map.of(
                "subject",
                question.subject(),
                "body",
                question.body(),
                "customer_email",
                "customer" + number % 1000 + "@example.org",
                "external_id",
                name + "-" + number));
    }
}
