package io.opsrelay.e2e;

import io.opsrelay.e2e.system.OpsRelay;
import io.opsrelay.e2e.system.Person;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * People who post one ticket after the other: half of them over connections that they keep, half over a new one for each.
 * Whose connection breaks posts the same ticket again.
 */
final class Posters implements AutoCloseable {

    static final int COUNT = 6;

    private static final JsonMapper JSON = JsonMapper.shared();
    /**
     * Of one of them. Below the two seconds after which a gateway that leaves closes connections on which nothing comes;
     * together they post what one agent-service works off.
     */
    private static final Duration PACE = Duration.ofMillis(1200);

    private final OpsRelay opsRelay;
    private final String token;
    private final List<Thread> threads = new ArrayList<>();
    private final CountDownLatch end = new CountDownLatch(1);
    private final Queue<String> tickets = new ConcurrentLinkedQueue<>();
    private final Queue<String> refused = new ConcurrentLinkedQueue<>();
    private final Queue<String> broken = new ConcurrentLinkedQueue<>();

    /** They begin at once. */
    Posters(OpsRelay opsRelay, Person agent) {
        this.opsRelay = opsRelay;
        this.token = agent.accessToken();
        for (int n = 0; n < COUNT; n++) {
            boolean keeps = n % 2 == 0;
            threads.add(Thread.ofVirtual().name("poster-" + n).start(() -> post(keeps)));
        }
    }

    /** The tickets that were accepted, each once. */
    List<String> tickets() {
        return tickets.stream().distinct().toList();
    }

    /** How many were posted and answered, repetitions aside. */
    int answered() {
        return tickets.size() + refused.size();
    }

    /** Answers that were no. */
    List<String> refused() {
        return List.copyOf(refused);
    }

    /** Connections that gave no answer. */
    List<String> broken() {
        return List.copyOf(broken);
    }

    private void post(boolean keeps) {
        HttpClient kept = newClient();
        try {
            do {
                if (keeps) {
                    postOne(kept);
                } else {
                    try (HttpClient once = newClient()) {
                        postOne(once);
                    }
                }
            } while (!end.await(PACE.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            kept.shutdownNow();
        }
    }

    private static HttpClient newClient() {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    /** Until it is answered: what one gateway did not tell is asked of another. */
    private void postOne(HttpClient http) throws InterruptedException {
        Map<String, Object> ticket = new HashMap<>(Steps.ticket("A question", "How long do refunds take?"));
        ticket.put("external_id", "poster-" + UUID.randomUUID());
        HttpRequest request = HttpRequest.newBuilder(opsRelay.base().resolve("/api/v1/tickets"))
                .timeout(Steps.PATIENCE)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(JSON.writeValueAsString(ticket)))
                .build();
        while (true) {
            try {
                HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
                if (answer.statusCode() == 202 || answer.statusCode() == 200) {
                    JsonNode body = JSON.readTree(answer.body());
                    tickets.add(body.path("ticket_id").asString());
                } else {
                    refused.add(answer.statusCode() + " " + answer.body());
                }
                return;
            } catch (IOException e) {
                broken.add(e.toString());
                if (end.await(PACE.toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
        }
    }

    /** They finish what they are at. */
    @Override
    public void close() throws InterruptedException {
        end.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
    }
}
