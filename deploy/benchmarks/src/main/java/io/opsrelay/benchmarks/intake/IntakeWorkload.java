package io.opsrelay.benchmarks.intake;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Singles at a rate, singles as fast as they go, lines in bulk, records of the upstream topic; then the agent's rest. */
public final class IntakeWorkload {

    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final JsonMapper JSON = JsonMapper.shared();

    private final URI base;
    private final String kafka;
    private final String password;
    private final Sizes sizes;
    private final PrintStream out;
    private final String run = "i" + Long.toString(System.currentTimeMillis(), 36);
    private long accepted;
    private boolean sound = true;

    /**
     * How much of each.
     *
     * @param warmUp singles before anything is measured
     * @param rate of the singles whose latency is measured, a second
     * @param seconds how long the singles are sent, at the rate and without one
     * @param connections singles under way at once where there is no rate
     * @param bulk lines
     * @param bulkRequests in which they are sent, side by side
     * @param upstream records of the upstream topic; 0 leaves it out
     * @param source of these, as it is configured
     * @param drain how long the agent may take to finish at the end
     */
    public record Sizes(
            int warmUp,
            double rate,
            Duration seconds,
            int connections,
            int bulk,
            int bulkRequests,
            int upstream,
            String source,
            Duration drain) {}

    /** Nothing is sent yet. */
    public IntakeWorkload(URI base, String kafka, String password, Sizes sizes, PrintStream out) {
        this.base = base;
        this.kafka = kafka;
        this.password = password;
        this.sizes = sizes;
        this.out = out;
    }

    /** Does all of it; false if something was refused that should not have been, or did not arrive. */
    public boolean run() throws IOException, InterruptedException, ExecutionException {
        try (Outlet outlet = new Outlet(kafka);
                Senders senders = new Senders(base, password)) {
            unpaced(senders, "w", Integer.MAX_VALUE, sizes.warmUp());
            outlet.awaitReceived(accepted, LIMIT);
            singlesAtRate(senders);
            senders.renew();
            singlesWithoutRate(senders, outlet);
            senders.renew();
            bulk(senders, outlet);
            upstream(outlet);
            rest(outlet);
        }
        return sound;
    }

    private void singlesAtRate(Senders senders) throws InterruptedException {
        int count = (int) (sizes.rate() * sizes.seconds().toSeconds());
        Histogram latency = new ConcurrentHistogram(TimeUnit.MINUTES.toMicros(2), 3);
        Map<Integer, Long> codes = new ConcurrentHashMap<>();
        CountDownLatch open = new CountDownLatch(count);
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            // Counted from when it was due: a stall is seen by each request that it made wait.
            long due = start + Math.round(i * 1e9 / sizes.rate());
            for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
                LockSupport.parkNanos(wait);
            }
            senders.post(i, Senders.ticket(run + "r", i)).whenComplete((code, failure) -> {
                latency.recordValue(TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - due));
                codes.merge(failure == null ? code : 0, 1L, Long::sum);
                open.countDown();
            });
        }
        if (!open.await(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException(open.getCount() + " tickets got no answer");
        }
        count(codes);
        out.printf(
                "Singles at %.0f/s through the gateway: p50 %.1f, p99 %.1f, max %.1f ms; answers %s%n",
                sizes.rate(),
                latency.getValueAtPercentile(50) / 1e3,
                latency.getValueAtPercentile(99) / 1e3,
                latency.getMaxValue() / 1e3,
                new TreeMap<>(codes));
    }

    private void singlesWithoutRate(Senders senders, Outlet outlet) throws InterruptedException {
        long began = System.nanoTime();
        long before = accepted;
        int sent = unpaced(senders, "u", (int) sizes.seconds().toSeconds(), Integer.MAX_VALUE);
        double seconds = since(began);
        outlet.awaitReceived(accepted, LIMIT);
        out.printf(
                "Singles with %d under way: %.0f/s (%d of %d accepted), the last in Kafka after %.1f of %.1f s%n",
                sizes.connections(), (accepted - before) / seconds, accepted - before, sent, since(began), seconds);
    }

    /** Sends singles, so many under way at once, for so long or until there were so many. */
    private int unpaced(Senders senders, String name, int seconds, int most) throws InterruptedException {
        Semaphore free = new Semaphore(sizes.connections());
        Map<Integer, Long> codes = new ConcurrentHashMap<>();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(Math.min(seconds, LIMIT.toSeconds()));
        int sent = 0;
        for (; sent < most && System.nanoTime() < end; sent++) {
            free.acquire();
            senders.post(sent, Senders.ticket(run + name, sent)).whenComplete((code, failure) -> {
                codes.merge(failure == null ? code : 0, 1L, Long::sum);
                free.release();
            });
        }
        free.acquire(sizes.connections());
        count(codes);
        return sent;
    }

    /** What was refused because of its rate was not lost; anything else should not have been refused. */
    private void count(Map<Integer, Long> codes) {
        codes.forEach((code, times) -> {
            switch (code) {
                case 202 -> accepted += times;
                case 429, 503 -> out.printf("%d tickets were told to come later (%d)%n", times, code);
                default -> {
                    out.printf("%d tickets were answered %d%n", times, code);
                    sound = false;
                }
            }
        });
    }

    private void bulk(Senders senders, Outlet outlet) throws InterruptedException, ExecutionException {
        int each = sizes.bulk() / sizes.bulkRequests();
        long before = outlet.received();
        long began = System.nanoTime();
        long stored = 0;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Long>> requests = new ArrayList<>();
            for (int i = 0; i < sizes.bulkRequests(); i++) {
                int number = i;
                requests.add(threads.submit((Callable<Long>) () -> bulk(senders, number, each)));
            }
            for (Future<Long> request : requests) {
                stored += request.get();
            }
        }
        double answered = since(began);
        accepted += stored;
        sound &= stored == (long) each * sizes.bulkRequests();
        double told = (outlet.awaitReceived(before + stored, LIMIT) - began) / 1e9;
        out.printf(
                "Bulk, %d lines in %d request(s): %.0f/s into PostgreSQL, %.0f/s out to Kafka (%d accepted in %.1f s)%n",
                each * sizes.bulkRequests(), sizes.bulkRequests(), stored / answered, stored / told, stored, answered);
    }

    private long bulk(Senders senders, int number, int lines) throws IOException, InterruptedException {
        HttpResponse<InputStream> answer = senders.bulk(number, () -> IntStream.range(0, lines)
                .mapToObj(i -> Senders.line(run + "b" + number, i))
                .iterator());
        if (answer.statusCode() != 200) {
            throw new IOException("bulk was answered " + answer.statusCode());
        }
        long stored = 0;
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                JsonNode told = JSON.readTree(line);
                if (told.path("status").asString("").equals("accepted")) {
                    stored++;
                } else {
                    out.println("bulk: " + line);
                }
            }
        }
        return stored;
    }

    private void upstream(Outlet outlet) throws InterruptedException, ExecutionException {
        if (sizes.upstream() == 0) {
            return;
        }
        long before = outlet.received();
        long began = System.nanoTime();
        UpstreamTopic.write(kafka, sizes.source(), run + "k", sizes.upstream());
        double written = since(began);
        double told = (outlet.awaitReceived(before + sizes.upstream(), LIMIT) - began) / 1e9;
        accepted += sizes.upstream();
        out.printf(
                "Upstream topic, %d records (written in %.1f s): %.0f/s into PostgreSQL and out to Kafka%n",
                sizes.upstream(), written, sizes.upstream() / told);
    }

    private void rest(Outlet outlet) throws InterruptedException {
        long atEnd = outlet.completed();
        long began = System.nanoTime();
        long limit = began + sizes.drain().toNanos();
        out.printf("The agent has finished %d of %d tickets, %d wait%n", atEnd, accepted, accepted - atEnd);
        while (outlet.completed() < accepted && System.nanoTime() < limit) {
            TimeUnit.MILLISECONDS.sleep(200);
        }
        double seconds = since(began);
        out.printf(
                "%d more were finished in %.0f s (%.0f/s); %d still wait%n",
                outlet.completed() - atEnd,
                seconds,
                (outlet.completed() - atEnd) / seconds,
                Math.max(0, accepted - outlet.completed()));
    }

    private static double since(long nanos) {
        return (System.nanoTime() - nanos) / 1e9;
    }
}
