package io.opsrelay.messaging.consume;

import static io.opsrelay.messaging.app.NotesApplication.ARCHIVE;
import static io.opsrelay.messaging.app.NotesApplication.CLERK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Scope;
import io.opsrelay.contracts.Headers;
import io.opsrelay.contracts.Topics;
import io.opsrelay.messaging.MessagingMetric;
import io.opsrelay.messaging.Outbox;
import io.opsrelay.messaging.PoisonException;
import io.opsrelay.messaging.app.Clerk;
import io.opsrelay.messaging.app.NoteFiled;
import io.opsrelay.messaging.app.NoteTaken;
import io.opsrelay.messaging.app.NotesApplication;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.testing.OpsRelayTest;
import io.opsrelay.testing.TestDatabase;
import io.opsrelay.testing.TestKafka;
import io.opsrelay.testing.TestServices;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.JdbcTemplate;

@SpringBootTest(classes = NotesApplication.class)
@OpsRelayTest(service = "messaging")
class ConsumeTest {

    private static final String TOPIC = "ticket.v1";
    private static final String LETTERS = "ticket.v1-dlt";
    private static final int PARTITIONS = 3;

    @Autowired
    private Consumers consumers;

    @Autowired
    private Clerk clerk;

    @Autowired
    private Outbox outbox;

    @Autowired
    private ClientTransactions transactions;

    @Autowired
    private OpenTelemetry telemetry;

    @Autowired
    private MeterRegistry meters;

    @Autowired
    private TestKafka kafka;

    @Autowired
    private TestDatabase database;

    private final UUID id = UUID.randomUUID();
    private final String text = "text-" + id;

    @Test
    void anEventDeliveredTwiceHasOneEffectPerConsumer() {
        // given
        double duplicates = count(MessagingMetric.EVENTS_DUPLICATE, "consumer", CLERK);
        double applied = count(MessagingMetric.EVENTS_APPLIED, "consumer", CLERK, "type", NoteTaken.TYPE);

        // when
        send("k", id, text);
        send("k", id, text);
        send("k", UUID.randomUUID(), text + "-next");

        // then
        await().untilAsserted(() -> assertThat(effects(CLERK, text + "-next")).isEqualTo(1));
        await().untilAsserted(() -> assertThat(effects(ARCHIVE, text + "-next")).isEqualTo(1));
        assertThat(effects(CLERK, text)).isEqualTo(1);
        assertThat(effects(ARCHIVE, text)).isEqualTo(1);
        await().untilAsserted(() -> assertThat(count(MessagingMetric.EVENTS_DUPLICATE, "consumer", CLERK))
                .isEqualTo(duplicates + 1));
        await().untilAsserted(() -> assertThat(
                        count(MessagingMetric.EVENTS_APPLIED, "consumer", CLERK, "type", NoteTaken.TYPE))
                .isEqualTo(applied + 2));
    }

    @Test
    void whatCameManyAtOnceKeepsNobodyElseWaiting() {
        // given
        String imported = text + "-imported";
        CountDownLatch heldUp = new CountDownLatch(1);
        clerk.failOn(imported, () -> {
            clerk.recover(imported);
            awaitLatch(heldUp);
            return new IllegalStateException("held up");
        });
        send(Topics.TICKET_BULK, "k", UUID.randomUUID(), imported);
        await().untilAsserted(() -> assertThat(clerk.attempts(imported)).isEqualTo(1));

        // when: the consumer of imports is still at it
        send("k", id, text);

        // then
        await().untilAsserted(() -> assertThat(effects(CLERK, text)).isEqualTo(1));
        assertThat(effects(CLERK, imported)).isZero();
        heldUp.countDown();
        await().untilAsserted(() -> assertThat(effects(CLERK, imported)).isEqualTo(1));
    }

    @Test
    void anEventOfAnImportHasOneEffectAlsoWhereItComesByBothTopics() {
        send(Topics.TICKET_BULK, "k", id, text);
        await().untilAsserted(() -> assertThat(effects(CLERK, text)).isEqualTo(1));

        send("k", id, text);
        send("k", UUID.randomUUID(), text + "-next");

        await().untilAsserted(() -> assertThat(effects(CLERK, text + "-next")).isEqualTo(1));
        assertThat(effects(CLERK, text)).isEqualTo(1);
    }

    @Test
    void anOlderEventThatComesAgainAfterNewerOnesHasNoSecondEffect() {
        send("k", id, text);
        send("k", UUID.randomUUID(), text + "-newer");
        send("k", id, text);
        send("k", UUID.randomUUID(), text + "-last");

        await().untilAsserted(() -> assertThat(effects(CLERK, text + "-last")).isEqualTo(1));
        assertThat(effects(CLERK, text)).isEqualTo(1);
        assertThat(effects(CLERK, text + "-newer")).isEqualTo(1);
    }

    @Test
    void aRewoundTopicHasNoSecondEffect() throws Exception {
        // given
        List<String> texts =
                IntStream.range(0, 20).mapToObj(i -> text + "-" + i).toList();
        texts.forEach(it -> send("key-" + it, UUID.randomUUID(), it));
        texts.forEach(
                it -> await().untilAsserted(() -> assertThat(effects(CLERK, it)).isEqualTo(1)));
        double duplicates = count(MessagingMetric.EVENTS_DUPLICATE, "consumer", CLERK);

        // when
        consumers.stop();
        try (Admin admin =
                Admin.create(Map.of("bootstrap.servers", TestServices.get().kafka()))) {
            Map<TopicPartition, OffsetAndMetadata> start = IntStream.range(0, PARTITIONS)
                    .boxed()
                    .collect(Collectors.toMap(
                            i -> new TopicPartition(kafka.topic(TOPIC), i), i -> new OffsetAndMetadata(0)));
            await().ignoreExceptions()
                    .untilAsserted(() ->
                            admin.alterConsumerGroupOffsets(CLERK, start).all().get(20, TimeUnit.SECONDS));
        }
        consumers.start();
        send("k", id, text);

        // then
        await().untilAsserted(() -> assertThat(count(MessagingMetric.EVENTS_DUPLICATE, "consumer", CLERK))
                .isGreaterThanOrEqualTo(duplicates + 20));
        await().untilAsserted(() -> assertThat(effects(CLERK, text)).isEqualTo(1));
        assertThat(texts).allSatisfy(it -> assertThat(effects(CLERK, it)).isEqualTo(1));
    }

    @Test
    void anEffectAndItsInboxRowAreUndoneTogether() {
        // given
        clerk.failOn(text, () -> {
            clerk.recover(text);
            return new IllegalStateException("half-way");
        });

        // when: the first try fails after the effect was written
        send("k", id, text);

        // then
        await().untilAsserted(() -> assertThat(effects(CLERK, text)).isEqualTo(1));
        assertThat(clerk.attempts(text)).isEqualTo(2);
        assertThat(inbox(CLERK, id)).isEqualTo(1);
    }

    @Test
    void anEventAppliesToItsOwnClientOnly() {
        send("k", id, text);

        await().untilAsserted(() -> assertThat(effects(CLERK, text)).isEqualTo(1));
        JdbcTemplate app = new JdbcTemplate(database.app());
        assertThat(app.queryForList("select * from note_effect")).isEmpty();
        assertThat(new JdbcTemplate(database.admin())
                        .queryForObject(
                                "select client_id from messaging.note_effect where event_id = ? and consumer = ?",
                                String.class,
                                id,
                                CLERK))
                .isEqualTo("acme");
    }

    static Stream<Arguments> poison() {
        String note = "{\"notebook\":\"k\",\"text\":\"hello\"}";
        return Stream.of(
                Arguments.of("no headers at all", note, Map.of(), "header ce_type is missing"),
                Arguments.of("no id", note, without(Headers.ID), "header ce_id is missing"),
                Arguments.of("no client", note, without(Headers.CLIENT), "header ce_clientid is missing"),
                Arguments.of(
                        "an id that is none", note, with(Headers.ID, "seven"), "header ce_id is not a UUID: seven"),
                Arguments.of(
                        "a client that is none", note, with(Headers.CLIENT, "'; drop"), "header ce_clientid is not a"),
                Arguments.of("a time that is none", note, with(Headers.TIME, "today"), "header ce_time is not an RFC"),
                Arguments.of("a stranger's type", note, with(Headers.TYPE, "com.example.x"), "names no event of ours"),
                Arguments.of("broken JSON", "{\"notebook\":", with(Headers.TYPE, NoteTaken.TYPE), "is not a NoteTaken"),
                Arguments.of("no JSON object", "null", with(Headers.TYPE, NoteTaken.TYPE), "the value is JSON null"),
                Arguments.of("two values", note + note, with(Headers.TYPE, NoteTaken.TYPE), "is not a NoteTaken"),
                Arguments.of(
                        "a field too few",
                        "{\"text\":\"x\"}",
                        with(Headers.TYPE, NoteTaken.TYPE),
                        "notebook is missing"),
                Arguments.of(
                        "deep JSON",
                        "{\"notebook\":\"k\",\"text\":\"x\",\"more\":" + "[".repeat(60) + "]".repeat(60) + "}",
                        with(Headers.TYPE, NoteTaken.TYPE),
                        "nesting depth"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("poison")
    void whatCanNeverBeReadIsSetAsideWholeAndTheConsumerGoesOn(
            String name, String value, Map<String, String> headers, String reason) {
        // given
        double letters = count(MessagingMetric.DEAD_LETTERS, "topic", kafka.topic(TOPIC), "consumer", CLERK);
        String key = "poison-" + id;

        // when
        kafka.send(TOPIC, key, value.getBytes(StandardCharsets.UTF_8), headers);
        send(key, id, text);

        // then
        ConsumerRecord<String, byte[]> letter = letter(key, CLERK);
        assertThat(letter.value()).asString(StandardCharsets.UTF_8).isEqualTo(value);
        headers.forEach((header, expected) ->
                assertThat(TestKafka.header(letter, header)).isEqualTo(expected));
        assertThat(TestKafka.header(letter, Headers.DEAD_REASON)).contains(reason);
        assertThat(TestKafka.header(letter, Headers.DEAD_ORIGIN)).startsWith(kafka.topic(TOPIC) + "-");
        assertThat(Instant.parse(TestKafka.header(letter, Headers.DEAD_TIME)))
                .isBetween(Instant.now().minusSeconds(60), Instant.now());
        assertThat(letter(key, ARCHIVE)).isNotNull();
        await().untilAsserted(() -> assertThat(effects(CLERK, text)).isEqualTo(1));
        assertThat(count(MessagingMetric.DEAD_LETTERS, "topic", kafka.topic(TOPIC), "consumer", CLERK))
                .isEqualTo(letters + 1);
    }

    @Test
    void aHandlerMayCallARecordPoison() {
        clerk.failOn(text, () -> new PoisonException("the notebook is full"));

        send("full-" + id, id, text);

        assertThat(TestKafka.header(letter("full-" + id, CLERK), Headers.DEAD_REASON))
                .isEqualTo("the notebook is full");
        assertThat(clerk.attempts(text)).isEqualTo(1);
        assertThat(effects(CLERK, text)).isZero();
        assertThat(inbox(CLERK, id)).isZero();
    }

    @Test
    void whatWasSetAsideIsNotSetAsideAgainAfterARestart() {
        // given: poison behind a good record of the same batch
        String key = "restart-" + id;
        send(key, id, text);
        kafka.send(TOPIC, key, new byte[0], Map.of());
        letter(key, CLERK);

        // when
        consumers.stop();
        consumers.start();
        send(key, UUID.randomUUID(), text + "-after");

        // then
        await().untilAsserted(() -> assertThat(effects(CLERK, text + "-after")).isEqualTo(1));
        assertThat(kafka.all(LETTERS).stream().filter(it -> key.equals(it.key()) && isOf(it, CLERK)))
                .hasSize(1);
    }

    static Stream<Arguments> passingTroubles() {
        return Stream.of(
                Arguments.of("connection lost", trouble(() -> new RuntimeException(new SQLException("gone", "08006")))),
                Arguments.of("shut down", trouble(() -> new RuntimeException(new SQLException("stopping", "57P01")))),
                Arguments.of("deadlock", trouble(() -> new RuntimeException(new SQLException("deadlock", "40P01")))),
                Arguments.of("Kafka", trouble(() -> new KafkaException("away"))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("passingTroubles")
    void aPassingTroubleIsWaitedForWithoutEndAndOnlyItsPartitionWaits(
            String name, Supplier<? extends Throwable> trouble) {
        // given: more tries than a fault would get
        clerk.failOn(text, trouble);
        double retried = count(MessagingMetric.EVENTS_RETRIED, "consumer", CLERK, "cause", "transient");
        send(keyIn(0), id, text);
        send(keyIn(0), UUID.randomUUID(), text + "-behind");
        await().until(() -> clerk.attempts(text) >= 2);

        // when
        send(keyIn(1), UUID.randomUUID(), text + "-elsewhere");
        send(keyIn(2), UUID.randomUUID(), text + "-too");

        // then
        await().untilAsserted(
                        () -> assertThat(effects(CLERK, text + "-elsewhere")).isEqualTo(1));
        await().untilAsserted(() -> assertThat(effects(CLERK, text + "-too")).isEqualTo(1));
        await().until(() -> clerk.attempts(text) > 4);
        assertThat(clerk.attempts(text + "-behind")).isZero();
        assertThat(kafka.all(LETTERS)).noneMatch(it -> id.toString().equals(TestKafka.header(it, Headers.ID)));
        assertThat(count(MessagingMetric.EVENTS_RETRIED, "consumer", CLERK, "cause", "transient"))
                .isGreaterThanOrEqualTo(retried + 4);

        clerk.recover(text);
        await().untilAsserted(() -> assertThat(effects(CLERK, text + "-behind")).isEqualTo(1));
        assertThat(effects(CLERK, text)).isEqualTo(1);
        assertThat(clerk.begun().indexOf(text + "-behind"))
                .isGreaterThan(clerk.begun().lastIndexOf(text));
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                Arguments.of("an exception", trouble(() -> new NullPointerException("oops"))),
                Arguments.of("an error", trouble(() -> new StackOverflowError("deep"))),
                Arguments.of(
                        "a statement refused", trouble(() -> new RuntimeException(new SQLException("dup", "23505")))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void aFaultOfOursIsTriedSomeTimesAndThenSetAside(String name, Supplier<? extends Throwable> fault) {
        clerk.failOn(text, fault);

        send("fault-" + id, id, text);
        send("fault-" + id, UUID.randomUUID(), text + "-behind");

        assertThat(TestKafka.header(letter("fault-" + id, CLERK), Headers.DEAD_REASON))
                .contains(rootOf(fault.get()).getMessage());
        await().untilAsserted(() -> assertThat(effects(CLERK, text + "-behind")).isEqualTo(1));
        // Three times, and as often again where it was tried together with the one behind it.
        assertThat(clerk.attempts(text)).isBetween(3L, 6L);
        assertThat(effects(CLERK, text)).isZero();
    }

    @Test
    void oneBadEventAmongManyHoldsNoOtherBackAndNoneIsAppliedTwice() {
        // given: all of them wait to be polled at once, one of them twice
        consumers.stop();
        List<UUID> ids = Stream.generate(UUID::randomUUID).limit(10).toList();
        clerk.failOn(text + "-3", () -> new PoisonException("the notebook is full"));
        for (int i = 0; i < ids.size(); i++) {
            send("batch-" + id, ids.get(i), text + "-" + i);
        }
        send("batch-" + id, ids.get(2), text + "-2");
        send("batch-" + id, id, text);

        // when
        consumers.start();

        // then
        await().untilAsserted(() -> assertThat(effects(CLERK, text)).isEqualTo(1));
        assertThat(new JdbcTemplate(database.admin())
                        .queryForList(
                                "select text from messaging.note_effect where consumer = ? and text like ? order by id",
                                String.class,
                                CLERK,
                                text + "-%"))
                .containsExactly(IntStream.range(0, 10)
                        .filter(i -> i != 3)
                        .mapToObj(i -> text + "-" + i)
                        .toArray(String[]::new));
        assertThat(TestKafka.header(letter("batch-" + id, CLERK), Headers.ID))
                .isEqualTo(ids.get(3).toString());
        assertThat(kafka.all(LETTERS).stream().filter(it -> ("batch-" + id).equals(it.key())))
                .hasSize(1);
    }

    @Test
    void eventsOfNoInterestAreSkippedUnread() {
        double skipped = count(MessagingMetric.EVENTS_SKIPPED, "consumer", CLERK);

        kafka.send(
                TOPIC,
                "skip-" + id,
                "not even JSON".getBytes(StandardCharsets.UTF_8),
                Map.of(Headers.TYPE, "io.opsrelay.future.event.v7"));
        send("skip-" + id, id, text);

        await().untilAsserted(() -> assertThat(effects(CLERK, text)).isEqualTo(1));
        assertThat(count(MessagingMetric.EVENTS_SKIPPED, "consumer", CLERK)).isGreaterThanOrEqualTo(skipped + 1);
        assertThat(kafka.all(LETTERS)).noneMatch(it -> ("skip-" + id).equals(it.key()));
    }

    @Test
    void aSubscriptionMeetsTheClientOfEachEventOfSkippedOnesToo() {
        String stranger = "stranger-" + id.toString().substring(0, 8);
        for (String client : List.of(stranger, "not a client!")) {
            kafka.send(
                    TOPIC,
                    "skip-" + id,
                    "not even JSON".getBytes(StandardCharsets.UTF_8),
                    Map.of(Headers.TYPE, "io.opsrelay.future.event.v7", Headers.CLIENT, client));
        }
        send("skip-" + id, id, text);

        await().untilAsserted(() -> assertThat(effects(CLERK, text)).isEqualTo(1));
        assertThat(clerk.met()).contains("acme", stranger).doesNotContain("not a client!");
    }

    @Test
    void theTraceAndTheCauseTravelFromEventToEvent() {
        // when
        Span span = telemetry.getTracer("test").spanBuilder("request").startSpan();
        try (Scope scope = span.makeCurrent()) {
            transactions.run("acme", () -> outbox.publish("acme", new NoteTaken("book-" + id, "file:" + id)));
        } finally {
            span.end();
        }

        // then
        ConsumerRecord<String, byte[]> first = kafka.await(
                TOPIC,
                it -> ("book-" + id).equals(it.key()) && NoteTaken.TYPE.equals(TestKafka.header(it, Headers.TYPE)));
        ConsumerRecord<String, byte[]> second = kafka.await(
                TOPIC,
                it -> ("book-" + id).equals(it.key()) && NoteFiled.TYPE.equals(TestKafka.header(it, Headers.TYPE)));
        String trace = span.getSpanContext().getTraceId();
        assertThat(TestKafka.header(first, Headers.TRACE_PARENT)).startsWith("00-" + trace + "-");
        assertThat(TestKafka.header(first, Headers.CAUSATION)).isNull();
        assertThat(TestKafka.header(second, Headers.TRACE_PARENT))
                .startsWith("00-" + trace + "-")
                .isNotEqualTo(TestKafka.header(first, Headers.TRACE_PARENT));
        assertThat(TestKafka.header(second, Headers.CAUSATION)).isEqualTo(TestKafka.header(first, Headers.ID));
    }

    @Test
    void aRecordOfTheLargestSizeCanStillBeSetAside() {
        String key = "large-" + id;
        byte[] large = new byte[(1 << 20) - 4096];

        kafka.send(TOPIC, key, large, Map.of());

        assertThat(letter(key, CLERK).value()).hasSize(large.length);
    }

    private ConsumerRecord<String, byte[]> letter(String key, String consumer) {
        return kafka.await(LETTERS, it -> key.equals(it.key()) && isOf(it, consumer));
    }

    private static boolean isOf(ConsumerRecord<?, ?> letter, String consumer) {
        return consumer.equals(TestKafka.header(letter, Headers.DEAD_CONSUMER));
    }

    private void send(String key, UUID eventId, String noteText) {
        send(TOPIC, key, eventId, noteText);
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void send(String topic, String key, UUID eventId, String noteText) {
        kafka.send(
                topic,
                key,
                ("{\"notebook\":\"" + key + "\",\"text\":\"" + noteText + "\"}").getBytes(StandardCharsets.UTF_8),
                with(Headers.ID, eventId.toString()));
    }

    /** A key that Kafka puts into that partition. */
    private String keyIn(int partition) {
        return IntStream.iterate(0, i -> i + 1)
                .mapToObj(i -> id + "-" + i)
                .filter(key ->
                        Utils.toPositive(Utils.murmur2(key.getBytes(StandardCharsets.UTF_8))) % PARTITIONS == partition)
                .findFirst()
                .orElseThrow();
    }

    private static Map<String, String> with(String header, String value) {
        Map<String, String> headers = new java.util.HashMap<>(Map.of(
                Headers.SPEC_VERSION,
                "1.0",
                Headers.ID,
                UUID.randomUUID().toString(),
                Headers.SOURCE,
                "test",
                Headers.TYPE,
                NoteTaken.TYPE,
                Headers.TIME,
                Instant.now().toString(),
                Headers.CLIENT,
                "acme"));
        headers.put(header, value);
        return headers;
    }

    private static Map<String, String> without(String header) {
        Map<String, String> headers = with(header, "");
        headers.remove(header);
        return headers;
    }

    private static Supplier<? extends Throwable> trouble(Supplier<? extends Throwable> trouble) {
        return trouble;
    }

    private static Throwable rootOf(Throwable failure) {
        return failure.getCause() == null ? failure : rootOf(failure.getCause());
    }

    private int effects(String consumer, String noteText) {
        return number("select count(*) from messaging.note_effect where consumer = ? and text = ?", consumer, noteText);
    }

    private int inbox(String consumer, UUID eventId) {
        return number("select count(*) from messaging.inbox where consumer = ? and event_id = ?", consumer, eventId);
    }

    private int number(String sql, Object... arguments) {
        Integer number = new JdbcTemplate(database.admin()).queryForObject(sql, Integer.class, arguments);
        return number == null ? 0 : number;
    }

    private double count(MessagingMetric metric, String... tags) {
        return meters.find(metric.id()).tags(tags).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }
}
