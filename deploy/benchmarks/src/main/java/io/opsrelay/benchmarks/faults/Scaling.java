package io.opsrelay.benchmarks.faults;

import io.opsrelay.benchmarks.faults.Caller.Reply;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Has services run more or fewer instances, as an SRE of the demo client acme does. */
final class Scaling {

    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final long POLL_MILLIS = 500;
    private static final Set<String> UNDER_WAY =
            Set.of("requested", "prepared", "approved", "executing", "unknown", "settling");

    private final Caller sre;
    private final PrintStream progress;

    private Scaling(Caller sre, PrintStream progress) {
        this.sre = sre;
        this.progress = progress;
    }

    /**
     * Asks for all of them at once and returns when all are done.
     *
     * @throws IllegalStateException if one is refused, fails, or is not done in time
     */
    static void to(int replicas, List<String> services, URI base, PrintStream progress) throws InterruptedException {
        progress.printf("scaling to %d of each service%n", replicas);
        try (HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(2))
                .build()) {
            Scaling scaling =
                    new Scaling(new Caller(http, base, "sre@acme.example", new Eyes(List.of("acme"))), progress);
            long end = System.nanoTime() + LIMIT.toNanos();
            Map<String, String> actions = new LinkedHashMap<>();
            for (String service : services) {
                actions.put(service, scaling.ask(service, replicas, end));
            }
            for (Map.Entry<String, String> action : actions.entrySet()) {
                scaling.await(action.getKey(), action.getValue(), end);
            }
        }
    }

    /** Answers the action's id. Who leaves may be the one that is asked: then it is asked again. */
    private String ask(String service, int replicas, long end) throws InterruptedException {
        byte[] body = Caller.JSON.writeValueAsBytes(Map.of(
                "service_name",
                service,
                "target_type",
                "standalone",
                "replicas",
                replicas,
                "reason",
                "faults are tried on so many"));
        Map<String, String> key = Map.of("Idempotency-Key", "scale-" + UUID.randomUUID());
        Reply reply = sre.post("/api/v1/scale_deployment", body, key);
        while (reply.status() == 0 || reply.status() >= 500) {
            pause(service, end);
            reply = sre.post("/api/v1/scale_deployment", body, key);
        }
        if (reply.status() != 202) {
            throw new IllegalStateException(
                    "scaling %s to %d is answered %d: %s".formatted(service, replicas, reply.status(), reply.text()));
        }
        return reply.json().path("action_id").asString("");
    }

    private void await(String service, String action, long end) throws InterruptedException {
        String status = "requested";
        while (UNDER_WAY.contains(status)) {
            pause(service, end);
            Reply reply = sre.get("/api/v1/actions/" + action);
            if (reply.status() == 200) {
                status = reply.json().path("status").asString("");
                if (!UNDER_WAY.contains(status) && !status.equals("succeeded")) {
                    throw new IllegalStateException("scaling %s is %s: %s".formatted(service, status, reply.text()));
                }
            }
        }
        progress.println(service + " is scaled");
    }

    private static void pause(String service, long end) throws InterruptedException {
        if (System.nanoTime() - end > 0) {
            throw new IllegalStateException(service + " was not scaled within " + LIMIT.toMinutes() + " min");
        }
        Thread.sleep(POLL_MILLIS);
    }
}
