package io.opsrelay.standalone.demo;

import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** The command {@code demo}: feeds traffic into a running system until it is ended or its time is over. */
public final class Demo {

    /** The command with its options, as people type it. */
    public static final String USAGE = DemoOptions.USAGE;

    static final List<String> CLIENTS = List.of("acme", "globex");

    private static final int WRONG_USAGE = 2;
    private static final Duration COUNTS_EVERY = Duration.ofSeconds(10);
    /** How long an end by signal waits for the summary. */
    private static final Duration SUMMARY_LIMIT = Duration.ofSeconds(8);
    /** How long the last tickets get to end before the summary, where the time is over. */
    private static final Duration LAST_LIMIT = Duration.ofSeconds(3);

    private static final int PAGES_AT_THE_END = 20;

    private final DemoOptions options;
    private final long seed;
    private final Gateway gateway;
    private final Chronicle chronicle;
    private final Tally tally = new Tally();
    private final CountDownLatch end;
    private final Door door = new Door(System::nanoTime);
    private final OpenTickets tickets;
    private final Mailroom mailroom;
    private final Sre sre;
    private final CannedReplies cannedReplies;
    private final Set<String> restarts = ConcurrentHashMap.newKeySet();

    Demo(DemoOptions options, Gateway gateway, Chronicle chronicle, CountDownLatch end) {
        this.options = options;
        this.seed = options.seed().orElseGet(() -> ThreadLocalRandom.current().nextLong(1, 1_000_000));
        this.gateway = gateway;
        this.chronicle = chronicle;
        this.end = end;
        this.tickets = new OpenTickets(gateway, tally);
        this.mailroom = new Mailroom(gateway, door, tickets, tally, chronicle, end, "demo-" + UUID.randomUUID());
        this.sre = new Sre(gateway, restarts, tally, chronicle);
        this.cannedReplies = new CannedReplies(gateway, chronicle);
    }

    /**
     * Runs it. Ctrl-C ends it too, with the summary.
     *
     * @param usual the address where no option names another
     * @return the exit code
     * @throws io.opsrelay.standalone.process.StartFailure if nobody answers there or lets the demo's users in
     */
    public static int run(List<String> arguments, String usual) {
        Chronicle chronicle = new Chronicle(new PrintStream(System.out, true, StandardCharsets.UTF_8));
        DemoOptions options;
        try {
            options = DemoOptions.parse(arguments);
        } catch (IllegalArgumentException e) {
            chronicle.say("demo: " + e.getMessage());
            chronicle.say("usage: ./opsrelay " + DemoOptions.USAGE);
            return WRONG_USAGE;
        }
        URI url = options.url().orElseGet(() -> URI.create(usual.replaceAll("/+$", "")));
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        try (Gateway gateway = new Gateway(url)) {
            Demo demo = new Demo(options, gateway, chronicle, end);
            demo.begin(url);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> await(end, ended)));
            demo.run();
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        } finally {
            ended.countDown();
        }
    }

    /** On Ctrl-C: asks for the end and lets the summary be written. */
    private static void await(CountDownLatch end, CountDownLatch ended) {
        end.countDown();
        try {
            ended.await(SUMMARY_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void begin(URI url) throws InterruptedException {
        for (String client : CLIENTS) {
            gateway.signIn("ingest@" + client + ".example");
        }
        chronicle.say(String.format(
                Locale.ROOT,
                "Traffic of %s into %s: about %.1f tickets/s, %s. The same again: --seed %d",
                String.join(" and ", CLIENTS),
                url,
                options.rate(),
                options.length()
                        .map(length -> "for " + length.toSeconds() + " s")
                        .orElse("until Ctrl-C"),
                seed));
    }

    void run() throws InterruptedException {
        for (String client : CLIENTS) {
            cannedReplies.provide(client);
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CountDownLatch home = new CountDownLatch(1);
            try {
                for (String client : CLIENTS) {
                    Approver approver = new Approver(
                            client, gateway, tickets, restarts, tally, chronicle, new Random(seed + client.hashCode()));
                    start(threads, () -> approver.workUntil(home));
                }
                start(threads, () -> countUntil(home));
                play(new Traffic(seed, options.rate()), threads);
                letLastTicketsEnd();
            } finally {
                end.countDown();
                home.countDown();
                threads.shutdown();
                if (!threads.awaitTermination(LAST_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                    threads.shutdownNow();
                }
            }
        }
        tickets.look(PAGES_AT_THE_END);
        chronicle.say("");
        chronicle.say("After " + chronicle.elapsed().toSeconds() + " s, with --seed " + seed);
        chronicle.say(tally.summary(tickets.size()).indent(2).stripTrailing());
    }

    /** Lets everything happen when it is due. While the door is shut the clock of the traffic stands still. */
    private void play(Traffic traffic, ExecutorService threads) throws InterruptedException {
        long start = System.nanoTime();
        long over = options.length().map(length -> start + length.toNanos()).orElse(Long.MAX_VALUE);
        Duration stood = Duration.ZERO;
        while (true) {
            Happening next = traffic.next();
            Duration shut = door.shutFor();
            stood = stood.plus(shut);
            long due = Math.min(over, start + stood.plus(next.at()).toNanos());
            if (end.await(due - System.nanoTime(), TimeUnit.NANOSECONDS) || due == over) {
                return;
            }
            switch (next) {
                case Happening.Turn turn ->
                    chronicle.note(
                            turn.tide().words + (turn.about().isEmpty() ? "" : ": " + turn.about() + " is struck"));
                case Happening.Arrival arrival -> start(threads, () -> mailroom.post(arrival.letter()));
                case Happening.Restart restart -> start(threads, () -> sre.request(restart));
            }
        }
    }

    private void letLastTicketsEnd() throws InterruptedException {
        if (end.getCount() > 0) {
            end.await(LAST_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void countUntil(CountDownLatch home) throws InterruptedException {
        while (!home.await(COUNTS_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
            tickets.look(1);
            chronicle.note(tally.line(tickets.size()));
        }
    }

    private interface Work {
        void run() throws InterruptedException;
    }

    private static void start(ExecutorService threads, Work work) {
        threads.execute(() -> {
            try {
                work.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }
}
