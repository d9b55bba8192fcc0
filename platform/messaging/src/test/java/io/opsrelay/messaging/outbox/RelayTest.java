package io.opsrelay.messaging.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opsrelay.messaging.app.NoteTaken;
import io.opsrelay.testing.TestServices;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/** Several instances of a service, of which one relays. */
class RelayTest {

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
    void oneInstanceRelaysAndHandsOverAtOnceWhenItStops() {
        // given
        Relay one = fixture.relay("one");
        one.start();
        await().until(one::isActive);
        Relay two = fixture.relay("two");
        two.start();
        commit("a");
        awaitTexts("a");
        assertThat(two.isActive()).isFalse();

        // when
        one.stop();

        // then
        await().atMost(OutboxFixture.LEASE).until(two::isActive);
        commit("b");
        awaitTexts("a", "b");
    }

    @Test
    void whatAnInstanceThatStandsByCommitsIsSentAtItsCall() {
        // given: one that relays, and does not look by itself while this test lasts; another one whose commits it is
        // not told
        Relay one = fixture.relay("one", Duration.ofHours(1));
        one.start();
        await().until(one::isActive);
        fixture.commitsWakeOnlyLaterOnes();
        Relay two = fixture.relay("two", Duration.ofHours(1));
        two.start();

        // when
        List<String> texts = IntStream.range(0, 20).mapToObj(n -> "n" + n).toList();
        texts.forEach(text -> {
            commit(text);
            // then
            await().untilAsserted(() -> assertThat(texts()).endsWith(text));
        });
        assertThat(two.isActive()).isFalse();
        assertThat(texts()).containsExactlyElementsOf(texts);
    }

    @Test
    void whatWasCommittedLastIsSentBeforeTheInstanceEnds() {
        Relay one = fixture.relay("one");
        one.start();
        await().until(one::isActive);

        commit("last");
        one.stop();

        assertThat(texts()).containsExactly("last");
    }

    @Test
    void aKilledInstanceIsReplacedWithinItsLeaseAndNothingIsLostOrOutOfOrder() throws Exception {
        Process child = RelayProcess.start(fixture, TestServices.get().kafka());
        AtomicBoolean writing = new AtomicBoolean(true);
        AtomicInteger written = new AtomicInteger();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            // given: a process relays, another instance stands by, and commits never pause
            await().until(() -> "child".equals(leaseOwner()));
            threads.submit(() -> {
                while (writing.get()) {
                    commit("n" + written.getAndIncrement());
                }
            });
            try {
                await().until(() -> texts().size() > 50);
                Relay standby = fixture.relay("standby");
                standby.start();
                int before = written.get() + 50;
                await().until(() -> written.get() > before);
                assertThat(standby.isActive()).isFalse();

                // when
                child.destroyForcibly();

                // then: a standby looks several times in a lease; the rest is for a busy machine
                await().atMost(OutboxFixture.LEASE.plusSeconds(20)).until(standby::isActive);
                int afterwards = written.get() + 100;
                await().until(() -> written.get() > afterwards);
            } finally {
                writing.set(false);
            }
        } finally {
            child.destroyForcibly();
        }
        await().untilAsserted(() -> assertThat(fixture.waiting()).isZero());
        assertThat(texts().stream().distinct())
                .containsExactlyElementsOf(
                        IntStream.range(0, written.get()).mapToObj(i -> "n" + i).toList());
    }

    @Test
    void anInstanceThatWasStoppedBeyondItsLeaseOnlyRepeatsAndThenStandsBy() throws Exception {
        // given: an instance that is held up in the middle of a batch
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicInteger sends = new AtomicInteger();
        List<String> texts = IntStream.range(0, 20).mapToObj(i -> "n" + i).toList();
        texts.forEach(this::commit);
        Relay sleeper = fixture.relay(
                "sleeper",
                () -> ProducerProbe.around(fixture.producer(), message -> {
                    if (sends.incrementAndGet() == 5) {
                        held.countDown();
                        try {
                            goOn.await();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    }
                }));
        sleeper.start();
        assertThat(held.await(60, TimeUnit.SECONDS)).isTrue();

        // when: another one takes over and goes further, then the first wakes up
        Relay other = fixture.relay("other");
        other.start();
        await().atMost(OutboxFixture.LEASE.plusSeconds(20)).until(other::isActive);
        commit("later");
        await().untilAsserted(() -> assertThat(texts()).contains("later"));
        goOn.countDown();

        // then
        await().until(() -> !sleeper.isActive());
        assertThat(other.isActive()).isTrue();
        commit("last");
        await().untilAsserted(() -> assertThat(texts()).endsWith("last"));
        assertThat(texts().stream().distinct())
                .containsExactlyElementsOf(
                        java.util.stream.Stream.concat(texts.stream(), java.util.stream.Stream.of("later", "last"))
                                .toList());
        await().untilAsserted(() -> assertThat(fixture.waiting()).isZero());
    }

    @Test
    void anInstanceThatLosesItsLeaseWhileKafkaIsSlowGivesUpItsBatch() throws Exception {
        // given: an instance whose acknowledgement never comes
        commit("slow");
        Relay slow = fixture.relay(
                "slow", () -> new org.apache.kafka.clients.producer.MockProducer<>(false, null, null, null));
        slow.start();
        await().until(() -> slow.trouble() != null);

        // when: its lease is taken from it, as after a long stop
        new JdbcTemplate(fixture.database.admin())
                .update(
                        "update messaging.relay_lease set owner = 'thief', expires_at = clock_timestamp() + interval '1 minute'");

        // then
        await().until(() -> !slow.isActive());
        assertThat(fixture.waiting()).isEqualTo(1);
    }

    private void commit(String text) {
        fixture.transactions.run(CLIENT, () -> fixture.outbox.publish(CLIENT, new NoteTaken(key, text)));
    }

    private List<String> texts() {
        return Notes.texts(fixture.kafka, key);
    }

    private void awaitTexts(String... texts) {
        await().untilAsserted(() -> assertThat(texts()).containsExactly(texts));
    }

    private static String leaseOwner() {
        return new JdbcTemplate(fixture.database.admin())
                .queryForObject("select owner from messaging.relay_lease", String.class);
    }
}
