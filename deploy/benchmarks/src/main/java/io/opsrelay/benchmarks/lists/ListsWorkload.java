package io.opsrelay.benchmarks.lists;

import com.nimbusds.jose.JOSEException;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.HdrHistogram.Histogram;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads the lists of the largest and of a small client, one request after the other. */
public final class ListsWorkload {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String LIST = "/api/v1/tickets?limit=50";

    private final Path checkout;
    private final int tickets;
    private final int reads;
    private final int pages;
    private final PrintStream out;

    /**
     * Nothing is started yet.
     *
     * @param tickets of all clients together
     * @param reads of each kind that are measured, after a fifth of as many to warm up
     * @param pages that are turned, one after the other
     */
    public ListsWorkload(Path checkout, int tickets, int reads, int pages, PrintStream out) {
        this.checkout = checkout;
        this.tickets = tickets;
        this.reads = reads;
        this.pages = pages;
        this.out = out;
    }

    /** Does all of it. */
    public void run() throws IOException, InterruptedException, JOSEException, SQLException {
        try (DeskRig rig = new DeskRig(checkout);
                HttpClient http = HttpClient.newHttpClient()) {
            long began = System.nanoTime();
            int largest;
            try (Connection database = rig.database()) {
                largest = Archive.fill(database, tickets);
            }
            out.printf(
                    "%,d tickets of 50 clients, %,d of one of them (filled in %d s)%n",
                    tickets, largest, TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began));
            new Reader(http, rig.url(), rig.token(Archive.name(0)), "the largest client").readAll(largest);
            new Reader(http, rig.url(), rig.token(Archive.name(7)), "a small client").readAll((tickets - largest) / 49);
        }
    }

    private final class Reader {

        private final HttpClient http;
        private final URI base;
        private final String token;
        private final String who;

        Reader(HttpClient http, URI base, String token, String who) {
            this.http = http;
            this.base = base;
            this.token = token;
            this.who = who;
        }

        void readAll(int own) throws IOException, InterruptedException {
            out.printf("%n%s (%,d tickets), ms%34s %8s %8s%n", who, own, "p50", "p95", "max");
            measure("first page", i -> LIST);
            measure("one status", i -> LIST + "&status=" + (i % 2 == 0 ? "escalated" : "resolved"));
            measure("an older name of statuses", i -> LIST + "&status=completed");
            measure("channel, priority and category", i -> LIST + "&channel=email&priority=high&category=technical");
            measure("by priority", i -> LIST + "&sort=-priority");
            measure("by change, oldest first", i -> LIST + "&sort=updated_at");
            measure("search: a word that a tenth has", i -> LIST + search("invoice"));
            measure("search: three words", i -> LIST + search("refund battery expected"));
            measure("search: a word of one ticket", i -> LIST + search("number " + (1 + i * 37 % own)));
            measure("search: the beginning of a word", i -> LIST + search("batt"));
            measure("search: a customer's address", i -> LIST + search("customer" + i % 100 + "@example.org"));
            measure("search: nothing there", i -> LIST + search("zzyzx" + i));
            String id = get(LIST).path("items").path(7).path("ticket_id").asString("");
            measure("one ticket", i -> "/api/v1/tickets/" + id);
            turnPages("pages, by time", LIST);
            turnPages("pages, by priority", LIST + "&sort=-priority");
            turnPages("pages of a search", LIST + search("invoice"));
        }

        private void measure(String name, IntFunction<String> path) throws IOException, InterruptedException {
            for (int i = 0; i < reads / 5; i++) {
                get(path.apply(i));
            }
            Histogram times = new Histogram(TimeUnit.MINUTES.toMicros(2), 3);
            for (int i = 0; i < reads; i++) {
                long began = System.nanoTime();
                get(path.apply(i));
                times.recordValue(TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - began));
            }
            print(name, times);
        }

        /** The last tenth beside the whole: a page must not cost more for being deep. */
        private void turnPages(String name, String path) throws IOException, InterruptedException {
            Histogram all = new Histogram(TimeUnit.MINUTES.toMicros(2), 3);
            Histogram deep = new Histogram(TimeUnit.MINUTES.toMicros(2), 3);
            String cursor = "";
            int page = 0;
            for (; page < pages; page++) {
                long began = System.nanoTime();
                JsonNode list = get(path + (cursor.isEmpty() ? "" : "&cursor=" + encoded(cursor)));
                long micros = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - began);
                all.recordValue(micros);
                if (page >= pages * 9 / 10) {
                    deep.recordValue(micros);
                }
                cursor = list.path("next_cursor").asString("");
                if (cursor.isEmpty()) {
                    break;
                }
            }
            print(name + " (" + Math.min(page + 1, pages) + ")", all);
            if (deep.getTotalCount() > 0) {
                print("  the last tenth of them", deep);
            }
        }

        private void print(String name, Histogram times) {
            out.printf(
                    "  %-44s %8.1f %8.1f %8.1f%n",
                    name,
                    times.getValueAtPercentile(50) / 1e3,
                    times.getValueAtPercentile(95) / 1e3,
                    times.getMaxValue() / 1e3);
        }

        private JsonNode get(String path) throws IOException, InterruptedException {
            HttpResponse<byte[]> answer = http.send(
                    HttpRequest.newBuilder(URI.create(base + path))
                            .timeout(TIMEOUT)
                            .header("Authorization", "Bearer " + token)
                            .build(),
                    HttpResponse.BodyHandlers.ofByteArray());
            if (answer.statusCode() != 200) {
                throw new IOException(path + " was answered " + answer.statusCode() + ": "
                        + new String(answer.body(), StandardCharsets.UTF_8));
            }
            return JSON.readTree(answer.body());
        }

        private static String search(String words) {
            return "&q=" + encoded(words);
        }

        private static String encoded(String text) {
            return URLEncoder.encode(text, StandardCharsets.UTF_8);
        }
    }
}
