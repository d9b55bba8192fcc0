package io.opsrelay.benchmarks.runs;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import tools.jackson.databind.json.JsonMapper;

/** Texts classified over HTTP, nothing stored. */
final class Classifications {

    private static final int CALLERS = 8;

    private final AgentRig rig;
    private final List<String> texts;

    Classifications(AgentRig rig, List<String> texts) {
        this.rig = rig;
        this.texts = texts;
    }

    /** How many a second, all callers together. */
    double aSecond(Duration lasting) throws Exception {
        try (HttpClient client = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build();
                ExecutorService threads = Executors.newFixedThreadPool(CALLERS)) {
            long end = System.nanoTime() + lasting.toNanos();
            List<Future<Integer>> callers = new ArrayList<>();
            for (int caller = 0; caller < CALLERS; caller++) {
                int first = caller * texts.size() / CALLERS;
                callers.add(threads.submit(() -> callUntil(client, first, end)));
            }
            int done = 0;
            for (Future<Integer> caller : callers) {
                done += caller.get();
            }
            return done * 1e9 / lasting.toNanos();
        }
    }

    private int callUntil(HttpClient client, int first, long end) throws Exception {
        String token = rig.token("acme");
        int done = 0;
        for (int i = first; System.nanoTime() - end < 0; i++) {
            String body = JsonMapper.shared().writeValueAsString(Map.of("text", texts.get(i % texts.size())));
            int status = client.send(
                            HttpRequest.newBuilder(rig.url().resolve("/api/v1/agent/classify"))
                                    .header("Authorization", "Bearer " + token)
                                    .header("Content-Type", "application/json")
                                    .POST(BodyPublishers.ofString(body))
                                    .build(),
                            BodyHandlers.discarding())
                    .statusCode();
            if (status != 200) {
                throw new IllegalStateException("the agent answered " + status + " to a text");
            }
            done++;
        }
        return done;
    }
}
