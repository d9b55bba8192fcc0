package io.opsrelay.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * How good the agent of a running system is: replays labelled tickets through an engine, the one that the client's workflow
 * has chosen or another, and compares what became of them with the labels.
 */
final class AgentBench implements Bench {

    private static final String HELD_BACK = "agent-service/src/test/resources/triage/held-back.tsv";
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final int BINS = 15;
    private static final JsonMapper JSON = JsonMapper.shared();

    /** The agent is done with these, or waits for somebody. */
    private static final Set<String> ENDS =
            Set.of("resolved", "escalated", "failed", "closed", "awaiting_approval", "acting");

    private final PrintStream out;
    private final PrintStream err;

    AgentBench(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    @Override
    public String name() {
        return "agent";
    }

    @Override
    public String summary() {
        return "Labelled tickets through the agent of a running system: accuracy, calibration, ends, citations, cost, time.";
    }

    @Override
    public String usage() {
        return """
            --file FILE       .tsv with a heading that has label and text, or .jsonl of {"text", "label"}; without it the
                              shipped tickets that the classifier has not learned from
            --at-once 4       tickets under way
            --most N          only the first N
            --patience 120    seconds that a ticket may take
            --engine NAME     local, or a configured model: the workflow has it meanwhile; without it, what is set
            --admin admin@acme.example  who may set that, with the same password
            --url http://127.0.0.1:8080
            --user agent@acme.example   --password demo\
            """;
    }

    @Override
    public int run(Options options) throws Exception {
        options.allow("file", "at-once", "most", "patience", "engine", "admin", "url", "user", "password");
        Path file = Path.of(options.text(
                "file",
                Path.of(System.getProperty("opsrelay.checkout", "."), HELD_BACK).toString()));
        List<Labelled> tickets = read(file);
        tickets = tickets.subList(0, Math.min(tickets.size(), (int) options.positive("most", tickets.size())));
        int atOnce = (int) options.positive("at-once", 4);
        Duration patience = options.seconds("patience", Duration.ofMinutes(2));
        URI base = URI.create(options.text("url", "http://127.0.0.1:8080").replaceAll("/+$", ""));
        List<Seen> seen = new ArrayList<>();
        long began = System.nanoTime();
        try (HttpClient client = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(TIMEOUT)
                        .build();
                ExecutorService threads =
                        Executors.newFixedThreadPool(atOnce, Thread.ofVirtual().factory())) {
            Tokens tokens = new Tokens(
                    client, base, options.text("user", "agent@acme.example"), options.text("password", "demo"));
            err.printf("%d tickets of %s, %d at once%n", tickets.size(), file.getFileName(), atOnce);
            try (ChosenEngine _ = options.isGiven("engine") ? engine(options, client, base) : null) {
                CompletionService<Seen> done = new ExecutorCompletionService<>(threads);
                for (Labelled ticket : tickets) {
                    done.submit(() -> new Journey(client, base, tokens, patience).of(ticket));
                }
                for (int i = 1; i <= tickets.size(); i++) {
                    seen.add(done.take().get());
                    if (i % 50 == 0) {
                        err.printf("  %d done%n", i);
                        tokens.renewIfOld();
                    }
                }
            }
        }
        tell(seen, (System.nanoTime() - began) / 1e9);
        return seen.stream().allMatch(one -> ENDS.contains(one.status)) ? 0 : 1;
    }

    private static ChosenEngine engine(Options options, HttpClient client, URI base)
            throws IOException, InterruptedException {
        Tokens admin =
                new Tokens(client, base, options.text("admin", "admin@acme.example"), options.text("password", "demo"));
        return new ChosenEngine(client, base, admin, options.text("engine", ""));
    }

    private static List<Labelled> read(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        List<Labelled> read = new ArrayList<>();
        if (file.toString().endsWith(".jsonl")) {
            for (String line : lines) {
                JsonNode node = JSON.readTree(line);
                read.add(labelled(
                        node.path("text").asString(""), node.path("label").asString("")));
            }
            return read;
        }
        List<String> heading =
                lines.isEmpty() ? List.of() : Arrays.asList(lines.getFirst().split("\t"));
        int text = heading.indexOf("text");
        int label = heading.indexOf("label");
        if (text < 0 || label < 0) {
            throw new UsageException("--file needs a heading with label and text, divided by tabs");
        }
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split("\t", -1);
            read.add(labelled(cells[text], cells[label]));
        }
        return read;
    }

    private static Labelled labelled(String text, String label) {
        if (text.isBlank() || label.isBlank()) {
            throw new UsageException("--file has a line without text or label");
        }
        return new Labelled(text, label);
    }

    private void tell(List<Seen> seen, double seconds) {
        int count = seen.size();
        List<Seen> classified =
                seen.stream().filter(one -> one.category != null).toList();
        long right = classified.stream().filter(Seen::right).count();
        Map<String, Integer> statuses = new HashMap<>();
        Map<String, Integer> engines = new HashMap<>();
        Histogram times = new Histogram(TimeUnit.HOURS.toMillis(1), 3);
        long costMicros = 0;
        long tokens = 0;
        for (Seen one : seen) {
            statuses.merge(one.status, 1, Integer::sum);
            engines.merge(one.engine, 1, Integer::sum);
            times.recordValue(Math.min(one.millis, times.getHighestTrackableValue()));
            costMicros += one.costMicros;
            tokens += one.tokens;
        }
        long answers = seen.stream().filter(one -> one.answered).count();
        long cited = seen.stream().filter(one -> one.answered && one.cited).count();
        out.printf(Locale.ROOT, "%d tickets in %.1f s, engines %s%n", count, seconds, engines);
        out.printf(
                Locale.ROOT,
                "accuracy             %.1f %% of %d classified%n",
                percent(right, classified.size()),
                classified.size());
        out.printf(Locale.ROOT, "calibration error    %.3f%n", calibrationError(classified));
        out.printf(Locale.ROOT, "ended                %s%n", statuses);
        out.printf(
                Locale.ROOT, "escalated            %.1f %%%n", percent(statuses.getOrDefault("escalated", 0), count));
        out.printf(Locale.ROOT, "with a citation      %.1f %% of %d answers%n", percent(cited, answers), answers);
        out.printf(
                Locale.ROOT,
                "cost                 %.6f US dollars and %.0f tokens a ticket%n",
                costMicros / 1e6 / Math.max(1, count),
                (double) tokens / Math.max(1, count));
        out.printf(
                Locale.ROOT,
                "time to an end       p50 %d, p90 %d, p99 %d ms (looked at every %d ms)%n",
                times.getValueAtPercentile(50),
                times.getValueAtPercentile(90),
                times.getValueAtPercentile(99),
                POLL.toMillis());
        Machine machine = Machine.describe(Clock.systemUTC());
        out.printf(
                "%n%d cores (%s), JDK %s, %s%n", machine.cores(), machine.processor(), machine.jdk(), machine.date());
    }

    private static double percent(long part, long whole) {
        return whole == 0 ? 0 : 100.0 * part / whole;
    }

    /** Mean distance between confidence and accuracy over equal-width bins of confidence, weighted by their size. */
    private static double calibrationError(List<Seen> classified) {
        double[] surplus = new double[BINS];
        for (Seen one : classified) {
            int bin = Math.min(BINS - 1, (int) (one.confidence * BINS));
            surplus[bin] += one.confidence - (one.right() ? 1 : 0);
        }
        return Arrays.stream(surplus).map(Math::abs).sum() / Math.max(1, classified.size());
    }

    private record Labelled(String text, String label) {}

    /** What became of a ticket. */
    private record Seen(
            String label,
            String status,
            @Nullable String category,
            double confidence,
            String engine,
            boolean answered,
            boolean cited,
            long tokens,
            long costMicros,
            long millis) {

        boolean right() {
            return label.equals(category);
        }
    }

    /** One ticket from being posted to its end. */
    private record Journey(HttpClient client, URI base, Tokens tokens, Duration patience) {

        Seen of(Labelled ticket) throws IOException, InterruptedException {
            JsonNode accepted = JSON.readTree(send(HttpRequest.newBuilder(URI.create(base + "/api/v1/tickets"))
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofByteArray(JSON.writeValueAsBytes(Map.of(
                            "subject", "Message",
                            "body", ticket.text(),
                            "customer_email", "mary.major@example.org"))))));
            String id = accepted.path("ticket_id").asString("");
            long end = System.nanoTime() + patience.toNanos();
            JsonNode found = get("/api/v1/tickets/" + id);
            while (!ENDS.contains(found.path("status").asString("")) && System.nanoTime() < end) {
                TimeUnit.MILLISECONDS.sleep(POLL.toMillis());
                found = get("/api/v1/tickets/" + id);
            }
            JsonNode run =
                    get("/api/v1/agent/runs?ticket_id=" + id).path("items").path(0);
            return seen(ticket, found, run);
        }

        private static Seen seen(Labelled ticket, JsonNode found, JsonNode run) {
            boolean answered = false;
            boolean cited = false;
            for (JsonNode entry : found.path("timeline")) {
                JsonNode data = entry.path("data");
                if (entry.path("event").asString("").contains("reply_drafted")
                        && data.path("kind").asString("").equals("answer")) {
                    answered = true;
                    cited |= !data.path("citations").isEmpty();
                }
            }
            String category = found.path("category").asString("");
            JsonNode usage = run.path("usage");
            return new Seen(
                    ticket.label(),
                    found.path("status").asString(""),
                    category.isEmpty() ? null : category,
                    found.path("confidence").asDouble(0),
                    run.path("engine").asString("none"),
                    answered,
                    cited,
                    usage.path("input_tokens").asLong(0)
                            + usage.path("output_tokens").asLong(0),
                    usage.path("cost_micros").asLong(0),
                    Math.max(0, millisOf(found)));
        }

        private static long millisOf(JsonNode found) {
            return Duration.between(
                            Instant.parse(found.path("created_at").asString("")),
                            Instant.parse(found.path("updated_at").asString("")))
                    .toMillis();
        }

        private JsonNode get(String path) throws IOException, InterruptedException {
            return JSON.readTree(
                    send(HttpRequest.newBuilder(URI.create(base + path)).GET()));
        }

        private byte[] send(HttpRequest.Builder request) throws IOException, InterruptedException {
            HttpResponse<byte[]> answer = client.send(
                    request.timeout(TIMEOUT)
                            .header("Authorization", "Bearer " + tokens.current())
                            .build(),
                    BodyHandlers.ofByteArray());
            if (answer.statusCode() / 100 != 2) {
                throw new IOException(answer.uri().getPath() + " answered " + answer.statusCode());
            }
            return answer.body();
        }
    }
}
