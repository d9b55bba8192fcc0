package io.opsrelay.benchmarks.runs;

import java.io.IOException;
import java.io.PrintStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * Holds so many runs in flight that wait for a slow model: a ticket is written for each that ends, for two clients in turn.
 * Each run asks the model twice, to search and to reply.
 *
 * @param checkout with agent-service built
 * @param flags of its JVM
 * @param inFlight runs that are open at every moment
 * @param answerTime of the model at the mean
 * @param warmUp before anything is counted
 * @param measured how long is counted
 */
public record InFlightWorkload(
        Path checkout,
        List<String> flags,
        int inFlight,
        Duration answerTime,
        Duration warmUp,
        Duration measured,
        PrintStream out) {

    private static final List<String> CLIENTS = List.of("globex", "acme");
    private static final Path TEXTS = Path.of("agent-service/src/test/resources/triage/held-back.tsv");
    private static final Duration LOOK = Duration.ofMillis(20);
    private static final Duration BETWEEN_FOOTPRINTS = Duration.ofSeconds(1);
    private static final Duration STILL = Duration.ofMinutes(1);
    private static final String WORKFLOW = """
            {"mode": "react", "engine": "slow", "limits": {"max_seconds": 3600, "max_tokens": 5000000}}""";

    /** Measures; answers whether every ticket was answered, once and with its own reply, and so many were in flight. */
    public boolean run() throws Exception {
        try (SlowModel model = new SlowModel(answerTime);
                AgentRig rig = new AgentRig(checkout, flags, false, settings(model));
                Tickets stream = new Tickets(rig.kafka(), checkout.resolve(TEXTS));
                HttpClient http = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build()) {
            for (String client : CLIENTS) {
                setWorkflow(rig, http, client);
            }
            return new Measurement(rig, model, stream, http).run();
        }
    }

    private List<String> settings(SlowModel model) {
        String prefix = "--opsrelay.llm.models.slow.";
        int places = inFlight + inFlight / 4;
        return List.of(
                prefix + "provider=openai",
                prefix + "model=slow",
                prefix + "base-url=" + model.url(),
                prefix + "timeout="
                        + Duration.ofSeconds(30)
                                .plus(answerTime.multipliedBy(2))
                                .toSeconds() + "s",
                // An eighth of each is kept for other clients, and there may be more of one client than of the other.
                prefix + "at-once=" + places,
                "--opsrelay.agent.model-concurrency=" + places);
    }

    private static void setWorkflow(AgentRig rig, HttpClient http, String client)
            throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(rig.url().resolve("/api/v1/agent/workflow"))
                        .header("Authorization", "Bearer " + rig.token(client, "admin"))
                        .header("Content-Type", "application/json")
                        .PUT(BodyPublishers.ofString(WORKFLOW))
                        .build(),
                BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IllegalStateException("the workflow was not taken: " + answer.statusCode() + " " + answer.body());
        }
    }

    /** One run of it. */
    private final class Measurement {

        private final AgentRig rig;
        private final SlowModel model;
        private final Tickets stream;
        private final HttpClient http;
        private final RunBooks books = new RunBooks();
        private final Histogram times = new Histogram(3);
        private final Histogram waiting = new Histogram(3);
        private Footprint most = new Footprint(0, 0, 0);
        private long written;

        Measurement(AgentRig rig, SlowModel model, Tickets stream, HttpClient http) {
            this.rig = rig;
            this.model = model;
            this.stream = stream;
            this.http = http;
            stream.watch(books::seen);
        }

        boolean run() throws IOException, InterruptedException {
            Footprint idle = Footprint.of(rig.agentPid(), http, rig.url());
            hold(warmUp, false);
            long before = books.completed();
            double cpuBefore = cpu();
            long answersBefore = model.answers();
            long began = System.nanoTime();
            hold(measured, true);
            double seconds = (System.nanoTime() - began) / 1e9;
            long completed = books.completed() - before;
            double cpu = cpu() - cpuBefore;
            long answers = model.answers() - answersBefore;
            drain();
            tell(idle, seconds, completed, answers, cpu);
            return isSound();
        }

        private double cpu() {
            return rig.cpuSeconds().getOrDefault("agent-service", 0.0);
        }

        private void hold(Duration lasting, boolean counted) throws IOException, InterruptedException {
            long end = System.nanoTime() + lasting.toNanos();
            long nextLook = System.nanoTime();
            while (System.nanoTime() - end < 0) {
                while (stream.open() < inFlight) {
                    write();
                }
                stream.look(LOOK, (client, after) -> {
                    if (counted) {
                        times.recordValue(after.toMillis());
                    }
                });
                if (counted && System.nanoTime() - nextLook >= 0) {
                    nextLook = System.nanoTime() + BETWEEN_FOOTPRINTS.toNanos();
                    waiting.recordValue(model.underWay());
                    most = most.most(Footprint.of(rig.agentPid(), http, rig.url()));
                }
            }
        }

        private void write() {
            long number = ++written;
            String client = CLIENTS.get((int) (number % CLIENTS.size()));
            String text = "How long do refunds take? " + SlowModel.NUMBER.formatted(number);
            books.written(stream.write(client, text), number);
        }

        private void drain() {
            int before = stream.open();
            long moved = System.nanoTime();
            while (stream.open() > 0 && System.nanoTime() - moved < STILL.toNanos()) {
                stream.look(LOOK, (client, after) -> {});
                if (stream.open() != before) {
                    before = stream.open();
                    moved = System.nanoTime();
                }
            }
        }

        private boolean isSound() {
            return books.missing() == 0
                    && books.wrong().isEmpty()
                    && books.otherEnds().isEmpty();
        }

        private void tell(Footprint idle, double seconds, long completed, long answers, double cpu) {
            out.printf(
                    Locale.ROOT,
                    "%d runs in flight, a model that takes %.1f s, for %.0f s%n",
                    inFlight,
                    answerTime.toMillis() / 1e3,
                    seconds);
            out.printf(
                    Locale.ROOT,
                    "completed            %.1f a second, %.1f answers of the model a second%n",
                    completed / seconds,
                    answers / seconds);
            out.printf(
                    Locale.ROOT,
                    "waiting for a model  p10 %d, p50 %d, most %d%n",
                    waiting.getValueAtPercentile(10),
                    waiting.getValueAtPercentile(50),
                    model.mostUnderWay());
            out.printf(
                    Locale.ROOT,
                    "received to done     p50 %d, p90 %d, p99 %d ms%n",
                    times.getValueAtPercentile(50),
                    times.getValueAtPercentile(90),
                    times.getValueAtPercentile(99));
            out.printf(
                    Locale.ROOT,
                    "threads              at most %d of the system, %d before%n",
                    most.threads(),
                    idle.threads());
            out.printf(
                    Locale.ROOT,
                    "memory               at most %d MiB of heap with its garbage, %d MiB resident (before: %d, %d)%n",
                    most.heapMib(),
                    most.residentMib(),
                    idle.heapMib(),
                    idle.residentMib());
            out.printf(
                    Locale.ROOT,
                    "processor time       %.2f ms of agent-service a run%n",
                    cpu * 1000 / Math.max(1, completed));
            out.printf(
                    Locale.ROOT,
                    "lost                 %d of %d tickets; %d said twice, out of order or on a wrong ticket%n",
                    books.missing(),
                    written,
                    books.wrong().size());
            books.wrong().stream().limit(10).forEach(out::println);
            books.otherEnds().forEach((why, count) -> out.println(count + " " + why));
        }
    }
}
