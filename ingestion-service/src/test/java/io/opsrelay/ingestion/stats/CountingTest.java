package io.opsrelay.ingestion.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.opsrelay.ingestion.Api;
import io.opsrelay.ingestion.IngestionServiceTest;
import io.opsrelay.security.Role;
import io.opsrelay.security.tenant.ClientTransactions;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** What is counted is what happened, whoever counts, in whatever portions, and whenever they are interrupted. */
@IngestionServiceTest
class CountingTest {

    @Autowired
    Api api;

    @Autowired
    ClientTransactions transactions;

    @Autowired
    JdbcTemplate jdbc;

    @Autowired
    Counting counting;

    @Autowired
    StepStore steps;

    @Autowired
    MetricsFeed feed;

    @Autowired
    StatsProperties properties;

    private final String client = "count-" + UUID.randomUUID().toString().substring(0, 8);
    private final Instant begin = Instant.now().minus(20, ChronoUnit.DAYS).truncatedTo(ChronoUnit.HOURS);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void randomHistoriesAreCountedExactlyAndARebuildComesToTheSame(long seed) {
        Histories histories = new Histories(client, transactions, jdbc);
        List<Histories.Ticket> tickets = randomTickets(histories, new Random(seed), 60);

        awaitCounted();

        assertThat(countedBy(Map.of())).isEqualTo(expected(tickets));
        assertThat(nowByStatus()).isEqualTo(expectedNow(tickets));
        Map<String, Long> incremental = allFigures();
        rebuild();
        assertThat(allFigures()).isEqualTo(incremental);
    }

    @Test
    void aRebuildMendsNumbersThatSomebodySpoiled() {
        Histories histories = new Histories(client, transactions, jdbc);
        List<Histories.Ticket> tickets = randomTickets(histories, new Random(7), 30);
        awaitCounted();
        Map<String, Long> right = allFigures();
        transactions.run(client, () -> {
            jdbc.update("update figure set value = value + 3 where client_id = ? and name = 'received'", client);
            jdbc.update("delete from figure where client_id = ? and name = 'entered'", client);
        });
        assertThat(allFigures()).isNotEqualTo(right);

        JsonNode done = rebuild();

        assertThat(allFigures()).isEqualTo(right);
        assertThat(done.get("asked_by").asString()).isEqualTo("user:admin@" + client + ".example");
        assertThat(done.get("steps").asLong())
                .isEqualTo(tickets.stream()
                        .flatMap(ticket -> ticket.told.stream())
                        .filter(told -> !told.event().equals("run_parked"))
                        .count());
    }

    @Test
    void manyCountersAtOnceWhileTicketsGoOnAndNumbersAreRebuiltCountEveryStepOnce() throws Exception {
        Histories histories = new Histories(client, transactions, jdbc);
        List<Histories.Ticket> tickets = new ArrayList<>();
        AtomicBoolean over = new AtomicBoolean();
        try (ExecutorService others = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> counters = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                counters.add(others.submit(() -> {
                    while (!over.get()) {
                        counting.count(client);
                    }
                }));
            }
            for (int round = 0; round < 4; round++) {
                tickets.addAll(randomTickets(histories, new Random(round), 15));
                api.as(client, Role.ADMIN)
                        .post("/api/v1/dashboard/rebuild", "{}")
                        .has(202);
            }
            over.set(true);
            for (Future<?> counter : counters) {
                counter.get();
            }
        }
        awaitRebuilt();
        awaitCounted();

        assertThat(countedBy(Map.of())).isEqualTo(expected(tickets));
        assertThat(nowByStatus()).isEqualTo(expectedNow(tickets));
    }

    @Test
    void aCounterThatEndsBetweenItsStepsLeavesEverythingToTheNext() {
        Histories histories = new Histories(client, transactions, jdbc);
        Counting dying = new Counting(
                transactions,
                steps,
                new FigureStore(JdbcClient.create(jdbc), properties) {
                    @Override
                    void add(String clientId, Counts counts, Instant now) {
                        super.add(clientId, counts, now);
                        throw new IllegalStateException("killed");
                    }
                },
                feed,
                properties,
                Clock.systemUTC());
        List<Histories.Ticket> tickets = new ArrayList<>();

        // The running counters count meanwhile, too: again and again until it was this one that had begun.
        await().until(() -> {
            tickets.addAll(randomTickets(histories, new Random(tickets.size()), 5));
            try {
                dying.count(client);
                return false;
            } catch (IllegalStateException e) {
                return e.getMessage().equals("killed");
            }
        });

        awaitCounted();

        assertThat(countedBy(Map.of())).isEqualTo(expected(tickets));
    }

    @Test
    void aTicketOfWhichEveryStepIsCountedAloneComesToTheSame() {
        Histories histories = new Histories(client, transactions, jdbc);
        StatsProperties oneByOne = new StatsProperties(
                properties.interval(),
                1,
                properties.tellAtMost(),
                properties.tellAgain(),
                properties.tellQuiet(),
                properties.keepMinutes(),
                properties.keepQuarters());
        Counting slow = new Counting(
                transactions,
                steps,
                new FigureStore(JdbcClient.create(jdbc), properties),
                feed,
                oneByOne,
                Clock.systemUTC());
        List<Histories.Ticket> tickets = randomTickets(histories, new Random(11), 12);

        slow.count(client);
        awaitCounted();

        assertThat(countedBy(Map.of())).isEqualTo(expected(tickets));
        assertThat(nowByStatus()).isEqualTo(expectedNow(tickets));
    }

    @Test
    void aChangeThatIsRolledBackIsNotCounted() {
        Histories histories = new Histories(client, transactions, jdbc);
        Histories.Ticket kept = histories.received(begin, "email");
        assertThatThrownBy(() -> transactions.run(client, () -> {
                    histories.received(begin, "email");
                    kept.step(begin.plusSeconds(5), "ticket_failed", "service:agent-service", "failed", false);
                    throw new IllegalStateException("killed");
                }))
                .hasMessage("killed");

        awaitCounted();

        assertThat(nowByStatus()).isEqualTo(Map.of("received", 1L));
    }

    private List<Histories.Ticket> randomTickets(Histories histories, Random random, int howMany) {
        List<Histories.Ticket> tickets = new ArrayList<>();
        for (int i = 0; i < howMany; i++) {
            tickets.add(histories.random(random, begin.plusSeconds(random.nextInt(15 * 86_400))));
        }
        return tickets;
    }

    /** Received by channel, category and day, and moves into and out of statuses by day, counted from the histories. */
    private static Map<String, Long> expected(List<Histories.Ticket> tickets) {
        Map<String, Long> expected = new TreeMap<>();
        for (Histories.Ticket ticket : tickets) {
            String day = day(ticket.receivedAt);
            List<Histories.Told> counted = ticket.told.stream()
                    .filter(told -> !told.event().equals("run_parked"))
                    .toList();
            expected.merge(day + " received ", 1L, Long::sum);
            expected.merge(day + " channel " + ticket.channel, 1L, Long::sum);
            String category = counted.getLast().category();
            expected.merge(day + " category " + (category == null ? "unset" : category), 1L, Long::sum);
            String before = null;
            for (Histories.Told told : counted) {
                if (!told.status().equals(before)) {
                    expected.merge(day(told.at()) + " entered " + told.status(), 1L, Long::sum);
                    if (before != null) {
                        expected.merge(day(told.at()) + " left " + before, 1L, Long::sum);
                    }
                }
                before = told.status();
            }
        }
        return expected;
    }

    private static Map<String, Long> expectedNow(List<Histories.Ticket> tickets) {
        Map<String, Long> now = new TreeMap<>();
        tickets.forEach(ticket -> now.merge(ticket.status, 1L, Long::sum));
        return now;
    }

    private static String day(Instant at) {
        return at.truncatedTo(ChronoUnit.DAYS).toString();
    }

    private Map<String, Long> countedBy(Map<String, Long> into) {
        Map<String, Long> counted = new TreeMap<>(into);
        transactions.run(
                client,
                () -> jdbc.query(
                        """
                        select start, name, key, value from figure
                        where client_id = ? and grain = 'day' and value <> 0
                            and name in ('received', 'channel', 'category', 'entered', 'left')
                        """,
                        row -> {
                            counted.put(
                                    row.getTimestamp("start").toInstant() + " " + row.getString("name") + " "
                                            + row.getString("key"),
                                    row.getLong("value"));
                        },
                        client));
        return counted;
    }

    private Map<String, Long> nowByStatus() {
        Map<String, Long> now = new TreeMap<>();
        JsonNode byStatus = api.as(client, Role.VIEWER)
                .get("/api/v1/dashboard")
                .has(200)
                .json()
                .at("/metrics/counts/by_status");
        byStatus.properties().forEach(entry -> {
            if (entry.getValue().asLong() != 0) {
                now.put(entry.getKey(), entry.getValue().asLong());
            }
        });
        return now;
    }

    /** Every number there is, in all grains. */
    private Map<String, Long> allFigures() {
        Map<String, Long> all = new TreeMap<>();
        transactions.run(
                client,
                () -> jdbc.query(
                        "select grain, start, name, key, value from figure where client_id = ? and value <> 0",
                        row -> {
                            all.put(
                                    row.getString("grain") + " "
                                            + row.getTimestamp("start").toInstant() + " " + row.getString("name") + " "
                                            + row.getString("key"),
                                    row.getLong("value"));
                        },
                        client));
        return all;
    }

    private JsonNode rebuild() {
        api.as(client, Role.ADMIN).post("/api/v1/dashboard/rebuild", "{}").has(202);
        return awaitRebuilt();
    }

    private JsonNode awaitRebuilt() {
        return await().until(
                        () -> api.as(client, Role.ADMIN)
                                .get("/api/v1/dashboard/rebuild")
                                .has(200)
                                .json(),
                        progress -> progress.get("state").asString().equals("done"));
    }

    private void awaitCounted() {
        await().until(() ->
                jdbc.queryForObject("select count(*) from step_waiting where client_id = ?", Long.class, client) == 0);
    }
}
