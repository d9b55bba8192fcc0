package io.opsrelay.messaging.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.opsrelay.messaging.Backlog;
import io.opsrelay.messaging.CausingEvent;
import io.opsrelay.messaging.SidePool;
import io.opsrelay.messaging.app.NotesApplication;
import io.opsrelay.messaging.job.JobStore.Claim;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.testing.OpsRelayTest;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

@SpringBootTest(classes = NotesApplication.class)
@OpsRelayTest(service = "messaging")
class JobsTest {

    private static final Duration LEASE = Duration.ofSeconds(30);

    @Autowired
    private Jobs jobs;

    @Autowired
    private JobStore store;

    @Autowired
    private DataSourceProperties databaseProperties;

    @Autowired
    private ClientTransactions transactions;

    @Autowired
    private JdbcTemplate jdbc;

    @Autowired
    private MeterRegistry meters;

    private final String queue = "queue-" + UUID.randomUUID();
    private final Backlog backlog = new Backlog();
    private final List<QueueRunners> runners = new ArrayList<>();

    @AfterEach
    void stopRunners() {
        runners.forEach(QueueRunners::stop);
    }

    @Test
    void aClaimIsPlannedOnceAndAlongTheIndexesThoughNothingWaitedThen() throws SQLException {
        try (SidePool pool = SidePool.to(
                        databaseProperties,
                        "jobs",
                        databaseProperties.determineUsername(),
                        databaseProperties.determinePassword(),
                        JobStore.PLANS);
                Connection connection = pool.pool().getConnection()) {
            JdbcTemplate claims = new JdbcTemplate(new SingleConnectionDataSource(connection, true));
            JobStore claiming = new JobStore(jdbc, claims);

            IntStream.range(0, 20).forEach(_ -> claiming.claim("nobody's", 4, Map.of(), 4, LEASE));

            Map<String, Object> kept = claims.queryForMap("select name, generic_plans, custom_plans"
                    + " from pg_prepared_statements where statement like '%update job%'");
            assertThat(kept).containsEntry("custom_plans", 0L);
            assertThat((Long) kept.get("generic_plans")).isPositive();
            String plan = String.join(
                    "\n",
                    claims.queryForList(
                            "explain execute \"" + kept.get("name") + "\"('q', 'q', '{}', '{}', 'q', 4, 4, 4, 30, 4)",
                            String.class));
            assertThat(plan)
                    .contains("Index Scan using job_due", "Index Scan using job_key")
                    .doesNotContain("Seq Scan", "Hash Anti Join", "Merge");
        }
    }

    @Test
    void deadVersionsOfJobsAreClearedAwayByTheirNumberAndNotByAShareOfABacklog() {
        assertThat(jdbc.queryForList(
                        "select unnest(reloptions) from pg_class where oid = 'job'::regclass", String.class))
                .contains(
                        "autovacuum_vacuum_scale_factor=0.0",
                        "autovacuum_vacuum_threshold=1000",
                        "autovacuum_analyze_scale_factor=0.0",
                        "vacuum_truncate=false");
    }

    @Test
    void aJobOfARolledBackTransactionIsNeverThere() {
        assertThatThrownBy(() -> transactions.run("acme", () -> {
                    jobs.add(queue, "acme", "k", "work", UUID.randomUUID());
                    throw new IllegalStateException("changed my mind");
                }))
                .isInstanceOf(IllegalStateException.class);

        assertThat(claim(10, 10)).isEmpty();
    }

    @Test
    void jobsOfOneKeyRunOneAtATimeInTheOrderTheyWereAdded() {
        List<UUID> added =
                IntStream.range(0, 20).mapToObj(n -> add("acme", "same")).toList();
        List<UUID> done = Collections.synchronizedList(new ArrayList<>());
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();

        run(8, job -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            done.add(job.subject());
            running.decrementAndGet();
            transactions.run(job.clientId(), job::done);
        });

        await().untilAsserted(() -> assertThat(done).isEqualTo(added));
        assertThat(most).hasValue(1);
    }

    @Test
    void aWaitingJobIsDueAtOnceWhenItIsHastened() {
        // given
        UUID subject = UUID.randomUUID();
        transactions.run("acme", () -> jobs.addLater(queue, "acme", "k", "work", subject, Duration.ofHours(1)));
        assertThat(claim(1, 1)).isEmpty();

        // when
        assertThat(hasten("globex", "work", subject)).isFalse();
        assertThat(hasten("acme", "other", subject)).isFalse();
        assertThat(hasten("acme", "work", UUID.randomUUID())).isFalse();
        assertThat(claim(1, 1)).isEmpty();
        assertThat(hasten("acme", "work", subject)).isTrue();

        // then
        assertThat(claim(1, 1)).singleElement().extracting(Claim::subject).isEqualTo(subject);
    }

    private boolean hasten(String clientId, String kind, UUID subject) {
        return transactions.call(clientId, () -> jobs.hasten(queue, clientId, kind, subject));
    }

    @Test
    void aWorkerThatLostItsLeaseCannotEndTheJob() {
        add("acme", "k");
        Claim first = store.claim(queue, 1, Map.of(), 1, Duration.ZERO).getFirst();
        Claim second = claim(1, 1).getFirst();

        assertThat(second.id()).isEqualTo(first.id());
        assertThat(store.delete(List.of(first))).isFalse();
        assertThat(store.due(first, Duration.ZERO)).isFalse();
        assertThat(store.delete(List.of(second))).isTrue();
    }

    @Test
    void theEffectOfAWorkerThatLostItsLeaseIsRolledBack() {
        UUID subject = add("acme", "k");
        CountDownLatch refused = new CountDownLatch(1);
        run(1, job -> {
            jdbc.update("update job set epoch = epoch + 1, due_at = 'infinity' where subject = ?", job.subject());
            try {
                transactions.run("acme", () -> {
                    jobs.add(queue + "-effect", "acme", "k", "effect", subject);
                    job.done();
                });
            } catch (LeaseLostException e) {
                refused.countDown();
                throw e;
            }
        });

        await().until(() -> refused.getCount() == 0);
        assertThat(store.claim(queue + "-effect", 1, Map.of(), 1, LEASE)).isEmpty();
    }

    @Test
    void aClientsBulkImportLeavesRoomForTheOthers() {
        IntStream.range(0, 500).forEach(n -> add("acme", "bulk-" + n));
        UUID other = add("globex", "single");

        List<Claim> claimed = claim(8, 4);

        assertThat(claimed).hasSizeLessThanOrEqualTo(8).anyMatch(job -> job.subject()
                .equals(other));
    }

    @Test
    void aFreePlaceGoesToTheClientThatHasTheFewest() {
        IntStream.range(0, 500).forEach(n -> add("acme", "bulk-" + n));
        UUID other = add("globex", "single");

        List<Claim> claimed = store.claim(queue, 1, Map.of("acme", 7), 8, LEASE);

        assertThat(claimed).singleElement().extracting(Claim::subject).isEqualTo(other);
    }

    @Test
    void aClientThatHasAllItMayHaveGetsNoMore() {
        IntStream.range(0, 20).forEach(n -> add("acme", "bulk-" + n));

        assertThat(store.claim(queue, 8, Map.of("acme", 5), 7, LEASE)).hasSize(2);
        assertThat(store.claim(queue, 8, Map.of("acme", 7), 7, LEASE)).isEmpty();
    }

    @Test
    void slowJobsOfOneClientLeaveAPlaceForAnother() {
        CountDownLatch enough = new CountDownLatch(1);
        List<String> done = Collections.synchronizedList(new ArrayList<>());
        IntStream.range(0, 50).forEach(n -> add("acme", "bulk-" + n));
        run(4, job -> {
            if (job.clientId().equals("acme")) {
                enough.await();
            }
            transactions.run(job.clientId(), job::done);
            done.add(job.clientId());
        });

        await().until(() -> running() == 3);
        add("globex", "single");

        await().untilAsserted(() -> assertThat(done).containsExactly("globex"));
        enough.countDown();
        await().untilAsserted(() -> assertThat(remaining()).isZero());
    }

    @Test
    void jobsOfOneKindAreDoneTogetherByWhoeverCan() {
        IntStream.range(0, 40).forEach(n -> add("acme", "k-" + n));
        List<Integer> sizes = Collections.synchronizedList(new ArrayList<>());

        runner(new JobQueue(queue, 40, LEASE, job -> transactions.run(job.clientId(), job::done))
                        .together("work", batch -> {
                            sizes.add(batch.jobs().size());
                            transactions.run(batch.clientId(), batch::done);
                        }))
                .start();

        await().untilAsserted(() -> assertThat(remaining()).isZero());
        assertThat(sizes).contains(16);
    }

    @Test
    void whileEventsWaitOneBatchIsWorkedAtATime() {
        IntStream.range(0, 100).forEach(n -> add("acme", "k-" + n));
        AtomicInteger atOnce = new AtomicInteger();
        List<Integer> seen = Collections.synchronizedList(new ArrayList<>());

        QueueRunners runner = runner(new JobQueue(queue, 64, LEASE, job -> transactions.run(job.clientId(), job::done))
                .together("work", batch -> {
                    seen.add(atOnce.incrementAndGet());
                    transactions.run(batch.clientId(), batch::done);
                    atOnce.decrementAndGet();
                }));

        try (Backlog.Taking taking = backlog.take()) {
            runner.start();
            await().untilAsserted(() -> assertThat(remaining()).isZero());
        }
        assertThat(seen).hasSizeGreaterThan(2).containsOnly(1);
    }

    @Test
    void whatCannotBeDoneTogetherIsDoneOneByOne() {
        UUID spoilt = add("acme", "k-spoilt");
        IntStream.range(0, 10).forEach(n -> add("acme", "k-" + n));
        List<UUID> tried = Collections.synchronizedList(new ArrayList<>());

        runner(new JobQueue(queue, 40, LEASE, job -> {
                            tried.add(job.subject());
                            if (job.subject().equals(spoilt) && job.attempt() < 2) {
                                throw new IllegalStateException("not yet");
                            }
                            transactions.run(job.clientId(), job::done);
                        })
                        .together(
                                "work",
                                batch -> transactions.run(batch.clientId(), () -> {
                                    batch.done();
                                    throw new IllegalStateException("one of them is spoilt");
                                })))
                .start();

        await().untilAsserted(() -> assertThat(remaining()).isZero());
        assertThat(tried).hasSize(12).contains(spoilt);
    }

    @Test
    void aBatchOfWhichOneLeaseIsLostChangesNothing() {
        IntStream.range(0, 3).forEach(n -> add("acme", "k-" + n));
        List<Claim> claims = claim(8, 8);
        List<Claim> withOneThatIsLost = new ArrayList<>(claims);
        Claim last = withOneThatIsLost.removeLast();
        withOneThatIsLost.add(new Claim(
                last.id(),
                last.clientId(),
                last.kind(),
                last.subject(),
                last.cause(),
                last.attempts(),
                last.epoch() - 1,
                last.claimedAt()));

        assertThat(transactions.<Boolean>call("acme", () -> store.delete(withOneThatIsLost)))
                .isFalse();
        assertThat(store.delete(List.of(last))).isTrue();
    }

    @Test
    void aJobThatFailsIsTriedAgainUntilItSucceeds() {
        add("acme", "k");
        List<Integer> attempts = Collections.synchronizedList(new ArrayList<>());

        run(1, job -> {
            attempts.add(job.attempt());
            if (job.attempt() < 3) {
                throw new IllegalStateException("not yet");
            }
            transactions.run(job.clientId(), job::done);
        });

        await().untilAsserted(() -> assertThat(attempts).containsExactly(1, 2, 3));
        await().untilAsserted(() -> assertThat(remaining()).isZero());
    }

    @Test
    void anErrorIsTriedAgainAtOnceToo() {
        add("acme", "k");
        List<Integer> attempts = Collections.synchronizedList(new ArrayList<>());

        run(1, job -> {
            attempts.add(job.attempt());
            if (job.attempt() < 3) {
                throw new StackOverflowError("a pattern that goes too deep");
            }
            transactions.run(job.clientId(), job::done);
        });

        // Long before the lease ends.
        await().atMost(LEASE.dividedBy(2))
                .untilAsserted(() -> assertThat(attempts).containsExactly(1, 2, 3));
        await().untilAsserted(() -> assertThat(remaining()).isZero());
        assertThat(meters.get("opsrelay.jobs.retried")
                        .tag("queue", queue)
                        .counter()
                        .count())
                .isEqualTo(2);
    }

    @Test
    void aJobThatNoTryHelpsIsGivenUpAndTheNextOfItsKeyGoesOn() {
        UUID hopeless = add("acme", "k");
        UUID next = add("acme", "k");
        List<UUID> tried = Collections.synchronizedList(new ArrayList<>());
        List<String> givenUp = Collections.synchronizedList(new ArrayList<>());

        runner(new JobQueue(queue, 2, LEASE, job -> {
                            tried.add(job.subject());
                            if (job.subject().equals(hopeless)) {
                                throw new StackOverflowError("ever again");
                            }
                            transactions.run(job.clientId(), job::done);
                        })
                        .after(
                                3,
                                (job, failure) -> transactions.run(job.clientId(), () -> {
                                    job.done();
                                    givenUp.add(job.subject() + " " + failure.getMessage());
                                })))
                .start();

        await().untilAsserted(() -> assertThat(remaining()).isZero());
        assertThat(tried).containsExactly(hopeless, hopeless, hopeless, next);
        assertThat(givenUp).containsExactly(hopeless + " ever again");
    }

    @Test
    void whatWaitsForTheDatabaseIsNotGivenUp() {
        add("acme", "k");
        AtomicInteger tries = new AtomicInteger();

        runner(new JobQueue(queue, 1, LEASE, job -> {
                            if (tries.incrementAndGet() < 5) {
                                throw new IllegalStateException(new CannotGetJdbcConnectionException("it is away"));
                            }
                            transactions.run(job.clientId(), job::done);
                        })
                        .after(2, (job, failure) -> transactions.run(job.clientId(), job::done)))
                .start();

        await().untilAsserted(() -> assertThat(remaining()).isZero());
        assertThat(tries).hasValue(5);
    }

    @Test
    void theJobOfAWorkerThatVanishedIsTakenUpWhenItsLeaseEnds() {
        UUID subject = add("acme", "k");
        store.claim(queue, 1, Map.of(), 1, Duration.ofMillis(300));
        List<UUID> done = Collections.synchronizedList(new ArrayList<>());

        run(1, job -> {
            transactions.run(job.clientId(), job::done);
            done.add(job.subject());
        });

        await().untilAsserted(() -> assertThat(done).containsExactly(subject));
    }

    @Test
    void aLongJobKeepsItsLeaseWhileItsWorkerLives() {
        add("acme", "k");
        CountDownLatch enough = new CountDownLatch(1);
        List<Integer> attempts = Collections.synchronizedList(new ArrayList<>());
        // Renewed at a third of it: a machine that halts for some seconds does not lose it.
        QueueRunners worker = runner(new JobQueue(queue, 2, Duration.ofSeconds(9), job -> {
            attempts.add(job.attempt());
            enough.await();
            transactions.run(job.clientId(), job::done);
        }));
        worker.start();
        await().until(() -> !attempts.isEmpty());
        String due = "select max(due_at)::text from job where queue = ?";
        String first = jdbc.queryForObject(due, String.class, queue);

        // Renewed three times over, so the first lease has long run out.
        for (int renewals = 0; renewals < 4; renewals++) {
            String before = jdbc.queryForObject(due, String.class, queue);
            await().until(() -> !before.equals(jdbc.queryForObject(due, String.class, queue)));
        }
        enough.countDown();

        await().untilAsserted(() -> assertThat(remaining()).isZero());
        assertThat(attempts).containsExactly(1);
        assertThat(first).isNotNull();
    }

    @Test
    void aJobRemembersTheEventThatCausedIt() {
        UUID cause = UUID.randomUUID();
        CausingEvent.run(cause, () -> add("acme", "k"));
        List<UUID> seen = Collections.synchronizedList(new ArrayList<>());

        run(1, job -> {
            seen.add(CausingEvent.current());
            transactions.run(job.clientId(), job::done);
        });

        await().untilAsserted(() -> assertThat(seen).containsExactly(cause));
    }

    private UUID add(String client, String key) {
        UUID subject = UUID.randomUUID();
        transactions.run(client, () -> jobs.add(queue, client, key, "work", subject));
        return subject;
    }

    private List<Claim> claim(int limit, int perClient) {
        return store.claim(queue, limit, Map.of(), perClient, LEASE);
    }

    private long running() {
        return Math.round(
                meters.get("opsrelay.jobs.running").tag("queue", queue).gauge().value());
    }

    private int remaining() {
        Integer count = jdbc.queryForObject("select count(*) from job where queue = ?", Integer.class, queue);
        return count == null ? 0 : count;
    }

    private void run(int concurrency, JobQueue.Worker worker) {
        runner(new JobQueue(queue, concurrency, LEASE, worker)).start();
    }

    private QueueRunners runner(JobQueue definition) {
        QueueRunners runner = new QueueRunners(() -> List.of(definition), store, backlog, meters);
        runners.add(runner);
        return runner;
    }
}
