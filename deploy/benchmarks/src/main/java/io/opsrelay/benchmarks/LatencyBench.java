package io.opsrelay.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.json.JsonMapper;

/**
 * How long it takes from a ticket's acceptance to its first frame on a subscribed WebSocket, measured from outside
 * against a running system at a constant rate.
 */
final class LatencyBench implements Bench {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Duration HEARTBEAT = Duration.ofSeconds(25);
    private static final JsonMapper JSON = JsonMapper.shared();

    private final PrintStream out;
    private final PrintStream err;

    LatencyBench(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    @Override
    public String name() {
        return "latency";
    }

    @Override
    public String summary() {
        return "Ticket accepted -> first frame on a subscribed WebSocket, against a running system.";
    }

    @Override
    public String usage() {
        return """
            --rate 50         tickets a second
            --seconds 60      how long is measured
            --warm-up 10      seconds before that, not counted
            --import 0        tickets that another client imports (as JSON lines) from the end of the warm-up on
            --importer agent@globex.example   who does that
            --drain 60        seconds to wait at the end for what is under way
            --url http://127.0.0.1:8080
            --user agent@acme.example   --password demo
            --json            one JSON document instead of the table\
            """;
    }

    @Override
    public int run(Options options) throws Exception {
        options.allow("rate", "seconds", "warm-up", "import", "importer", "drain", "url", "user", "password", "json");
        Schedule schedule = new Schedule(
                options.positive("rate", 50),
                options.seconds("warm-up", Duration.ofSeconds(10)),
                options.seconds("seconds", Duration.ofSeconds(60)));
        Duration drain = options.seconds("drain", Duration.ofSeconds(60));
        URI base = URI.create(options.text("url", "http://127.0.0.1:8080").replaceAll("/+$", ""));

        Journeys journeys = new Journeys();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                HttpClient client = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .executor(threads)
                        .connectTimeout(TIMEOUT)
                        .build()) {
            Tokens tokens = new Tokens(
                    client, base, options.text("user", "agent@acme.example"), options.text("password", "demo"));
            try (Stream stream = Stream.open(client, base, tokens.current(), JSON, journeys)) {
                Posts posts = new Posts(client, base, tokens, journeys);
                threads.execute(anImport(options, client, base, schedule));
                post(schedule, posts, stream, tokens, threads);
                awaitEnds(journeys, stream, posts, drain);
                posts.reasons().forEach((reason, count) -> err.println(count + " x " + reason));
                if (stream.lossReason() != null) {
                    err.println(stream.lossReason());
                }
            } finally {
                client.shutdownNow();
            }
        }
        Report report = new Report(Machine.describe(Clock.systemUTC()), schedule, journeys.result());
        out.println(options.isSet("json") ? report.json() : report.table());
        return report.result().isSound() ? 0 : 1;
    }

    /** What another client does meanwhile: nothing, or an import. */
    private Runnable anImport(Options options, HttpClient client, URI base, Schedule schedule) {
        if (!options.isGiven("import")) {
            return () -> {};
        }
        int tickets = (int) options.positive("import", 1);
        return () -> {
            try {
                Tokens importer = new Tokens(
                        client,
                        base,
                        options.text("importer", "agent@globex.example"),
                        options.text("password", "demo"));
                Thread.sleep(schedule.warmUp());
                err.println(new Import(client, base, importer.current(), JSON).post(tickets));
            } catch (IOException | IllegalStateException e) {
                err.println("the import failed: " + e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
    }

    /** Starts each request when it is due, on a thread of its own: a slow answer delays nobody. */
    private void post(Schedule schedule, Posts posts, Stream stream, Tokens tokens, ExecutorService threads)
            throws InterruptedException, IOException {
        err.printf("%d tickets at %.0f/s%n", schedule.size(), schedule.rate());
        long start = System.nanoTime();
        long nextHeartbeat = HEARTBEAT.toNanos();
        for (int i = 0; i < schedule.size(); i++) {
            int index = i;
            long due = start + schedule.dueNanos(i);
            for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
                LockSupport.parkNanos(wait);
            }
            boolean measured = schedule.isMeasured(i);
            posts.begin();
            threads.execute(() -> posts.post(index, measured, due));
            if (due - start >= nextHeartbeat) {
                nextHeartbeat += HEARTBEAT.toNanos();
                threads.execute(() -> keepAlive(stream, tokens));
            }
        }
    }

    private static void keepAlive(Stream stream, Tokens tokens) {
        try {
            stream.heartbeat();
            if (tokens.renewIfOld()) {
                stream.refresh(tokens.current());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | IllegalStateException e) {
            // The next beat tries again; a stream that is really lost shows in the result.
        }
    }

    private static void awaitEnds(Journeys journeys, Stream stream, Posts posts, Duration limit)
            throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (!(posts.allAnswered() && journeys.allEnded())
                && System.nanoTime() < end
                && stream.lossReason() == null) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    /** The posting of tickets and what was answered. */
    private static final class Posts {

        private final HttpClient client;
        private final URI address;
        private final Tokens tokens;
        private final Journeys journeys;
        private final Map<String, Long> reasons = new ConcurrentHashMap<>();
        private final AtomicInteger open = new AtomicInteger();

        Posts(HttpClient client, URI base, Tokens tokens, Journeys journeys) {
            this.client = client;
            this.address = URI.create(base + "/api/v1/tickets");
            this.tokens = tokens;
            this.journeys = journeys;
        }

        /** Before the thread of {@link #post} runs, so that nobody takes the last one for answered before it was sent. */
        void begin() {
            open.incrementAndGet();
        }

        void post(int index, boolean measured, long due) {
            try {
                Texts.Question question = Texts.of(index);
                HttpResponse<byte[]> answer = client.send(
                        HttpRequest.newBuilder(address)
                                .timeout(TIMEOUT)
                                .header("Authorization", "Bearer " + tokens.current())
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(Map.of(
                                        "subject", question.subject(),
                                        "body", question.body(),
                                        "customer_email", "mary.major@example.org"))))
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray());
                long answered = System.nanoTime();
                if (answer.statusCode() == 202) {
                    String ticketId =
                            JSON.readTree(answer.body()).path("ticket_id").asString("");
                    journeys.accepted(ticketId, measured, due, answered);
                } else {
                    refused("answer " + answer.statusCode());
                }
            } catch (IOException e) {
                refused(e.toString());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                open.decrementAndGet();
            }
        }

        private void refused(String reason) {
            reasons.merge(reason, 1L, Long::sum);
            journeys.refused();
        }

        boolean allAnswered() {
            return open.get() == 0;
        }

        Map<String, Long> reasons() {
            return reasons;
        }
    }
}
