package io.opsrelay.benchmarks.gateways;

import io.opsrelay.benchmarks.faults.Verdict;
import io.opsrelay.benchmarks.gateways.Account.Stay;
import io.opsrelay.benchmarks.gateways.Account.Told;
import io.opsrelay.benchmarks.gateways.Account.Watched;
import io.opsrelay.benchmarks.gateways.Watcher.Who;
import io.opsrelay.benchmarks.history.FeedLog;
import io.opsrelay.benchmarks.history.Written;
import java.io.PrintStream;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One run: two gateways, clients that follow the feed, faults by seed; then rest, then judgement.
 *
 * @param checkout with the gateway built
 * @param seed of all that is left to chance
 * @param clients whose feeds are written
 * @param dashboards connections, of all clients together
 * @param rate records a second
 * @param lasting no round of faults but the first begins later than that
 */
public record GatewayRun(
        Path checkout, long seed, int clients, int dashboards, double rate, Duration lasting, PrintStream progress) {

    private static final int PEOPLE_PER_CLIENT = 3;
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final Duration REST = Duration.ofMinutes(1);
    private static final Duration TAIL = Duration.ofSeconds(2);
    private static final long LOOK_MILLIS = 50;

    private static final List<String> COMMON = List.of("tickets", "approvals", "actions", "ai", "metrics", "queue");

    /**
     * Carries it out.
     *
     * @throws Exception if nothing can be judged: a part did not start, or the feed could not be written
     */
    public Verdict run() throws Exception {
        // Before the first client of HTTP: who does not read is to be felt before megabytes lie in the kernel.
        System.setProperty("jdk.httpclient.receiveBufferSize", "16384");
        Random random = new Random(seed);
        progress.println("starting Kafka, Redis and two gateways");
        try (Stand stand = new Stand(checkout);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                HttpClient http = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(Duration.ofSeconds(2))
                        .executor(threads)
                        .build();
                Writer writer = new Writer(stand.kafka(), people(), rate, new Random(random.nextLong()))) {
            List<Watcher> watchers = watchers(stand, http, random);
            try {
                watchers.forEach(threads::execute);
                if (!await(LIMIT, () -> watchers.stream().allMatch(Watcher::isOn))) {
                    throw new IllegalStateException("not everybody could subscribe; the logs are in " + stand.keep());
                }
                Thread writing = Thread.ofPlatform().name("writer").start(writer);
                Saboteur saboteur = new Saboteur(stand, watchers, new Random(random.nextLong()), threads, progress);
                saboteur.carryOut(lasting);
                Thread.sleep(TAIL); // what changes no more is not of interest: everybody is to see the last of it
                writer.leave();
                writing.join();
                Verdict verdict = judge(stand, writer.finish(), watchers, saboteur);
                if (!verdict.isSound()) {
                    progress.println("the logs are in " + stand.keep());
                }
                return verdict;
            } finally {
                watchers.forEach(Watcher::leave);
                http.shutdownNow();
            }
        }
    }

    private Verdict judge(Stand stand, long acknowledged, List<Watcher> watchers, Saboteur saboteur)
            throws InterruptedException {
        List<Written> written;
        try (FeedLog feed = new FeedLog(stand.kafka(), Instant.EPOCH)) {
            written = feed.read();
        }
        if (written.size() < acknowledged) {
            throw new IllegalStateException("Kafka acknowledged %d records and holds %d: nothing can be judged"
                    .formatted(acknowledged, written.size()));
        }
        // Nothing is left to come when nothing is missing any more; if something is, it is waited for, and then said.
        await(REST, () -> GatewayRules.violations(account(written, watchers, saboteur))
                .isEmpty());
        watchers.forEach(Watcher::leave);
        Account account = account(written, watchers, saboteur);
        List<String> violations = new ArrayList<>(saboteur.violations());
        violations.addAll(GatewayRules.violations(account));
        return new Verdict(violations, figures(account, watchers, saboteur));
    }

    private static Account account(List<Written> written, List<Watcher> watchers, Saboteur saboteur) {
        return new Account(
                written, watchers.stream().map(Watcher::watched).toList(), saboteur.drains(), saboteur.outages());
    }

    private List<String> figures(Account account, List<Watcher> watchers, Saboteur saboteur) {
        List<Stay> stays = all(account, Watched::stays);
        List<Told> told = all(account, Watched::told);
        long sentAway = stays.stream().filter(Stay::sentAway).count();
        return List.of(
                "seed %d, %d clients, %d dashboards, %.0f records/s".formatted(seed, clients, dashboards, rate),
                "%d records written, %d frames seen"
                        .formatted(
                                account.written().size(),
                                watchers.stream().mapToLong(Watcher::frames).sum()),
                "%d faults: %s"
                        .formatted(saboteur.done().size(), counted(saboteur.done().stream(), fault -> fault.words())),
                "%d connections, %d sent away by drains, %d given up for silence; closed with: %s"
                        .formatted(
                                stays.size(),
                                sentAway,
                                watchers.stream().mapToLong(Watcher::silences).sum(),
                                counted(stays.stream(), stay -> stay.code() == 0 ? "none" : "" + stay.code())),
                "%d resyncs: %s".formatted(told.size(), counted(told.stream(), Told::reason)));
    }

    private static <T> List<T> all(Account account, Function<Watched, List<T>> part) {
        return account.watched().stream()
                .flatMap(watched -> part.apply(watched).stream())
                .toList();
    }

    private static <T> String counted(Stream<T> things, Function<T, String> name) {
        return things.collect(Collectors.groupingBy(name, TreeMap::new, Collectors.counting())).entrySet().stream()
                .map(entry -> entry.getValue() + " " + entry.getKey())
                .collect(Collectors.joining(", "));
    }

    private Map<String, List<String>> people() {
        Map<String, List<String>> people = new HashMap<>();
        for (String client : names()) {
            people.put(
                    client,
                    IntStream.range(0, PEOPLE_PER_CLIENT)
                            .mapToObj(number -> "person-" + number + "@" + client)
                            .toList());
        }
        return people;
    }

    private List<String> names() {
        return IntStream.range(0, clients)
                .mapToObj(number -> "client-" + number)
                .toList();
    }

    private List<Watcher> watchers(Stand stand, HttpClient http, Random random) {
        Map<String, List<String>> people = people();
        List<Watcher> watchers = new ArrayList<>();
        for (int i = 0; i < dashboards; i++) {
            String client = "client-" + i % clients;
            int number = i / clients;
            String user = people.getOrDefault(client, List.of()).get(number % PEOPLE_PER_CLIENT);
            Who who = new Who(
                    client,
                    user,
                    Integer.toString(number),
                    stand.tokens().of(client, user, "agent"),
                    channels(number),
                    random.nextBoolean());
            List<String> strangers =
                    names().stream().filter(name -> !name.equals(client)).toList();
            watchers.add(new Watcher(http, stand.gateways(), who, strangers, new Random(random.nextLong())));
        }
        return watchers;
    }

    /** A gateway serves those who want what all get in another way than those who want something of their own. */
    private static List<String> channels(int number) {
        List<String> channels = new ArrayList<>(COMMON);
        if (number % 3 > 0) {
            channels.add(Written.ME);
        }
        if (number % 3 > 1) {
            channels.add(Written.TICKET + "k-1");
        }
        return channels;
    }

    private static boolean await(Duration limit, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                return false;
            }
            Thread.sleep(LOOK_MILLIS);
        }
        return true;
    }
}
