package io.opsrelay.messaging.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.opsrelay.contracts.FeedRecord;
import io.opsrelay.contracts.Headers;
import io.opsrelay.messaging.CausingEvent;
import io.opsrelay.messaging.Ids;
import io.opsrelay.messaging.MessagingMetric;
import io.opsrelay.messaging.app.NoteTaken;
import io.opsrelay.testing.TestKafka;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

class OutboxTest {

    private static final String CLIENT = "acme";
    private static OutboxFixture fixture;

    private final String key = UUID.randomUUID().toString();

    @BeforeAll
    static void open() {
        fixture = new OutboxFixture();
    }

    @AfterEach
    void reset() {
        fixture.reset();
    }

    @AfterAll
    static void close() {
        fixture.close();
    }

    @Test
    void aRolledBackTransactionSendsNothing() {
        // given
        fixture.relay("one").start();

        // when
        assertThatThrownBy(() -> fixture.transactions.run(CLIENT, () -> {
                    publish(key, "undone");
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");
        commit(key, "done");

        // then
        awaitTexts(key, "done");
    }

    @Test
    void outsideATransactionNothingCanBePublished() {
        assertThatThrownBy(() -> publish(key, "lost")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void whatIsPublishedWhileTheCommitIsUnderWayUndoesTheCommitInsteadOfBeingLost() {
        assertThatThrownBy(() -> fixture.transactions.run(CLIENT, () -> {
                    publish(key, "first");
                    beforeCommit(() -> publish(key, "too late"));
                }))
                .hasMessageContaining("under way");

        assertThat(fixture.waiting()).isZero();
    }

    @Test
    void anEventCarriesTheHeadersOfACloudEventAndItsCause() {
        // given
        UUID cause = UUID.randomUUID();
        Instant before = Instant.now().minusMillis(1);
        fixture.relay("one").start();

        // when
        CausingEvent.run(cause, () -> commit(key, "hello"));

        // then
        ConsumerRecord<String, byte[]> message = fixture.kafka.await("ticket.v1", this::isMine);
        assertThat(header(message, Headers.SPEC_VERSION)).isEqualTo("1.0");
        assertThat(UUID.fromString(header(message, Headers.ID)).version()).isEqualTo(7);
        assertThat(header(message, Headers.SOURCE)).isEqualTo("messaging-test");
        assertThat(header(message, Headers.TYPE)).isEqualTo(NoteTaken.TYPE);
        assertThat(Instant.parse(header(message, Headers.TIME))).isBetween(before, Instant.now());
        assertThat(header(message, Headers.SUBJECT)).isEqualTo(key);
        assertThat(header(message, Headers.CLIENT)).isEqualTo(CLIENT);
        assertThat(header(message, Headers.CAUSATION)).isEqualTo(cause.toString());
        assertThat(header(message, Headers.CONTENT_TYPE)).isEqualTo("application/json");
        assertThat(new String(message.value(), StandardCharsets.UTF_8))
                .isEqualTo("{\"notebook\":\"" + key + "\",\"text\":\"hello\"}");
        await().untilAsserted(() -> assertThat(fixture.waiting()).isZero());
    }

    @Test
    void theEventsOfATicketThatCameWithManyTakeATopicOfTheirOwn() {
        String ofMany = Ids.uuidV7(Clock.systemUTC()).nextOfMany().toString();
        fixture.relay("one").start();

        commit(ofMany, "hello");
        commit(key, "hello");

        ConsumerRecord<String, byte[]> message = fixture.kafka.await("ticket.bulk.v1", it -> ofMany.equals(it.key()));
        assertThat(header(message, Headers.TYPE)).isEqualTo(NoteTaken.TYPE);
        awaitTexts(key, "hello");
        assertThat(texts(ofMany)).isEmpty();
    }

    @Test
    void aFeedRecordIsKeyedByItsClientAndNamesItsChannel() {
        fixture.relay("one").start();

        fixture.transactions.run(CLIENT, () -> feed(key));

        ConsumerRecord<String, byte[]> message =
                fixture.kafka.await("feed.v1", it -> key.equals(TestKafka.header(it, Headers.SUBJECT)));
        assertThat(message.key()).isEqualTo(CLIENT);
        assertThat(header(message, Headers.CHANNEL)).isEqualTo("tickets");
        assertThat(header(message, Headers.FRAME)).isEqualTo("note_taken");
        assertThat(header(message, Headers.TYPE)).isEqualTo(FeedRecord.CLOUD_EVENT_TYPE);
        assertThat(new String(message.value(), StandardCharsets.UTF_8)).isEqualTo("{\"text\":\"hello\",\"version\":1}");
    }

    @Test
    void feedRowsAreAcknowledgedBeforeTheEventsOfTheirCommitAreSent() {
        // given: commits that publish the event first
        int commits = 250;
        Map<String, Future<RecordMetadata>> feed = new ConcurrentHashMap<>();
        AtomicInteger eventsBeforeTheirFeed = new AtomicInteger();
        for (int i = 0; i < commits; i++) {
            String text = "n" + i;
            fixture.transactions.run(CLIENT, () -> {
                publish(key, text);
                feed(text);
            });
        }

        // when
        fixture.relay(
                        "one",
                        () -> ProducerProbe.around(fixture.producer(), new ProducerProbe() {
                            @Override
                            public void before(ProducerRecord<String, byte[]> message) {
                                if (message.topic().endsWith("ticket.v1")) {
                                    Future<RecordMetadata> ack = feed.get(Notes.text(message.value()));
                                    if (ack == null || !ack.isDone()) {
                                        eventsBeforeTheirFeed.incrementAndGet();
                                    }
                                }
                            }

                            @Override
                            public void sent(ProducerRecord<String, byte[]> message, Future<RecordMetadata> ack) {
                                if (message.topic().endsWith("feed.v1")) {
                                    feed.put(subject(message), ack);
                                }
                            }
                        }))
                .start();

        // then
        awaitTexts(key, IntStream.range(0, commits).mapToObj(i -> "n" + i).toArray(String[]::new));
        assertThat(feed).hasSize(commits);
        assertThat(eventsBeforeTheirFeed).hasValue(0);
    }

    @Test
    void theFirstOfTwoCommitsHoldsBackItsOwnKeyAndNoOther() throws Exception {
        fixture.relay("one").start();
        CountDownLatch written = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            // given: a transaction that has its rows and does not commit yet
            Future<?> first = threads.submit(() -> fixture.transactions.run(CLIENT, () -> {
                publish(key, "first");
                beforeCommit(() -> {
                    written.countDown();
                    awaitLatch(release);
                });
            }));
            awaitLatch(written);

            // when: the same key and another one follow
            Future<?> second = threads.submit(() -> commit(key, "second"));
            String other = UUID.randomUUID().toString();
            commit(other, "other");

            // then
            awaitTexts(other, "other");
            assertThat(texts(key)).isEmpty();
            assertThat(second).isNotDone();
            release.countDown();
            first.get(60, TimeUnit.SECONDS);
            second.get(60, TimeUnit.SECONDS);
            awaitTexts(key, "first", "second");
        }
    }

    @Test
    void manyWritersKeepTheOrderOfEachKeyAndLoseNothing() throws Exception {
        // given: a counter per key decides the order in which transactions change it
        List<String> keys = List.of(key + "-a", key + "-b", key + "-c");
        Map<String, AtomicInteger> counters = Map.of(
                keys.get(0), new AtomicInteger(), keys.get(1), new AtomicInteger(), keys.get(2), new AtomicInteger());
        int each = 150;
        int writers = 8;
        fixture.relay("one").start();

        // when: numbers are drawn under the lock that the outbox takes on the key
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int writer = 0; writer < writers; writer++) {
                int seed = writer;
                threads.submit(() -> {
                    for (int i = 0; i < each; i++) {
                        String mine = keys.get((seed + i) % keys.size());
                        fixture.transactions.run(CLIENT, () -> {
                            fixture.jdbc.queryForList("select pg_advisory_xact_lock(hashtextextended(?, 0))", mine);
                            publish(mine, Integer.toString(counters.get(mine).getAndIncrement()));
                        });
                    }
                });
            }
        }

        // then
        for (String mine : keys) {
            int count = counters.get(mine).get();
            awaitTexts(
                    mine, IntStream.range(0, count).mapToObj(Integer::toString).toArray(String[]::new));
        }
        assertThat(counters.values().stream().mapToInt(AtomicInteger::get).sum())
                .isEqualTo(each * writers);
    }

    @Test
    void aRowThatKafkaWillNeverTakeIsSetAsideVisiblyAndTheOthersGoOn() {
        // given
        commit(key, "before");
        commit(key, "x".repeat(3 << 20));
        commit(key, "after");

        // when
        fixture.relay("one").start();

        // then
        awaitTexts(key, "before", "after");
        await().untilAsserted(() -> assertThat(fixture.waiting()).isEqualTo(1));
        assertThat(count(MessagingMetric.OUTBOX_REFUSED)).isEqualTo(1);
        assertThat(new JdbcTemplate(fixture.database.admin())
                        .queryForObject("select refused from messaging.outbox", String.class))
                .contains("max.request.size");
    }

    @Test
    void aBrokerThatIsAwayLosesNothingAndLetsNothingOvertake() {
        // given: Kafka fails the third row of the first try, and would take the rows behind it
        AtomicInteger sends = new AtomicInteger();
        String[] texts = IntStream.range(0, 30).mapToObj(i -> "n" + i).toArray(String[]::new);
        for (String text : texts) {
            commit(key, text);
        }

        // when
        fixture.relay(
                        "one",
                        () -> ProducerProbe.around(fixture.producer(), message -> {
                            if (sends.incrementAndGet() == 3) {
                                throw new TimeoutException("no metadata");
                            }
                        }))
                .start();

        // then: the first two may come twice, and each for the first time in its turn
        await().untilAsserted(() -> assertThat(fixture.waiting()).isZero());
        assertThat(texts(key).stream().distinct()).containsExactly(texts);
        assertThat(texts(key)).hasSizeBetween(texts.length, texts.length + 2);
        assertThat(count(MessagingMetric.OUTBOX_RETRIES)).isGreaterThanOrEqualTo(1);
    }

    @Test
    void whatCannotEvenBeBegunIsTriedAgain() {
        // given: a fault that is no Kafka exception at all
        AtomicInteger tries = new AtomicInteger();
        commit(key, "hello");

        // when
        fixture.relay("one", () -> {
                    if (tries.incrementAndGet() < 3) {
                        throw new IllegalArgumentException("a bug of ours");
                    }
                    return fixture.producer();
                })
                .start();

        // then
        awaitTexts(key, "hello");
    }

    @Test
    void rowsThatWaitShowTheirAge() {
        // given
        Relay relay = fixture.relay("one", () -> {
            throw new KafkaException("away");
        });
        commit(key, "hello");

        // when
        relay.start();

        // then
        await().untilAsserted(() -> assertThat(relay.trouble()).isEqualTo("away"));
        await().untilAsserted(() -> assertThat(fixture.meters
                        .get(MessagingMetric.OUTBOX_LAG.id())
                        .gauge()
                        .value())
                .isGreaterThan(0.2));
    }

    @Test
    void aCommitMayHoldMoreRowsThanOneStatementTakes() {
        fixture.relay("one").start();

        fixture.transactions.run(CLIENT, () -> {
            for (int i = 0; i < 8_000; i++) {
                publish(key, "n" + i);
            }
        });

        await().untilAsserted(() -> assertThat(fixture.waiting()).isZero());
        assertThat(texts(key)).hasSize(8_000).startsWith("n0").endsWith("n7999");
    }

    @Test
    void aBatchOfLargeRowsIsReadInParts() throws Exception {
        String large = "x".repeat(700_000);
        for (int i = 0; i < 20; i++) {
            commit(key, large);
        }

        List<OutboxRow> rows = fixture.store().unsent(1000);

        assertThat(rows).hasSize(12);
        fixture.relay("one").start();
        await().untilAsserted(() -> assertThat(fixture.waiting()).isZero());
        assertThat(texts(key)).hasSize(20);
    }

    @Test
    void theServicesOwnRoleCanNeitherReadNorRemoveNorChangeRows() {
        commit(key, "hello");

        for (String statement : List.of(
                "select * from outbox", "delete from outbox", "update outbox set refused = 'x'", "truncate outbox")) {
            assertThatThrownBy(() -> fixture.transactions.run(CLIENT, () -> fixture.jdbc.execute(statement)))
                    .as(statement)
                    .isInstanceOf(BadSqlGrammarException.class)
                    .hasStackTraceContaining("permission denied");
        }
        assertThat(fixture.waiting()).isEqualTo(1);
    }

    @Test
    void theServicesOwnRoleCannotAddARowOfAnotherClient() {
        assertThatThrownBy(() -> fixture.transactions.run(
                        CLIENT, () -> fixture.outbox.publish("globex", new NoteTaken(key, "stolen"))))
                .isInstanceOf(DataAccessException.class)
                .hasStackTraceContaining("row-level security");
        assertThat(fixture.waiting()).isZero();
    }

    @Test
    void noRoleButTheRelaysMayTakeTheLease() {
        assertThatThrownBy(() -> fixture.jdbc.update("update relay_lease set owner = 'me'"))
                .hasStackTraceContaining("permission denied");
    }

    private static void publish(String key, String text) {
        fixture.outbox.publish(CLIENT, new NoteTaken(key, text));
    }

    private static void commit(String key, String text) {
        fixture.transactions.run(CLIENT, () -> publish(key, text));
    }

    private static void feed(String key) {
        fixture.outbox.feed(CLIENT, new FeedRecord("tickets", "note_taken", key, 1, Map.of("text", "hello")));
    }

    private static String subject(ProducerRecord<String, byte[]> message) {
        return new String(message.headers().lastHeader(Headers.SUBJECT).value(), StandardCharsets.UTF_8);
    }

    private static void beforeCommit(Runnable work) {
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void beforeCommit(boolean readOnly) {
                work.run();
            }
        });
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static double count(MessagingMetric metric) {
        return fixture.meters.find(metric.id()).counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    private boolean isMine(ConsumerRecord<String, byte[]> message) {
        return key.equals(message.key());
    }

    private static List<String> texts(String key) {
        return Notes.texts(fixture.kafka, key);
    }

    private static void awaitTexts(String key, String... texts) {
        await().untilAsserted(() -> assertThat(texts(key)).containsExactly(texts));
    }

    private static String header(ConsumerRecord<?, ?> message, String name) {
        String value = TestKafka.header(message, name);
        assertThat(value).as(name).isNotNull();
        return value;
    }
}
