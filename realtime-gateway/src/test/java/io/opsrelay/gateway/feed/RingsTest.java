package io.opsrelay.gateway.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class RingsTest {

    private final FeedPartition partition = new FeedPartition("e1", 100, 1);
    private final Rings rings = rings(1024 * 1024);
    private long offset = 100;

    @Test
    void framesAreChainedByChannelAndTicketsByTicketToo() {
        ClientRing ring = rings.of("acme");
        append(rings, "acme", "tickets", "t-1");
        append(rings, "acme", "approvals", "a-1");
        append(rings, "acme", "tickets", "t-2");
        append(rings, "acme", "tickets", "t-1");

        assertThat(prev(ring, 0)).isNull();
        assertThat(prev(ring, 1)).isNull();
        assertThat(prev(ring, 2)).isEqualTo(100);
        assertThat(prev(ring, 3)).isEqualTo(102);
        assertThat(ticketPrev(ring, 2)).isNull();
        assertThat(ticketPrev(ring, 3)).isEqualTo(100);
    }

    @Test
    void ofAStateChannelOnlyTheNewestFrameOfEachKeyIsKept() {
        append(rings, "acme", "queue", "q-1"); // 100
        append(rings, "acme", "queue", "q-2"); // 101
        append(rings, "acme", "queue", "q-1"); // 102

        States states = rings.of("acme").states();
        assertThat(states.since("queue", -1)).extracting(Frame::offset).containsExactly(101L, 102L);
        assertThat(states.since("queue", 101)).extracting(Frame::key).containsExactly("q-1");
        assertThat(states.newest("queue")).isEqualTo(102);
        assertThat(states.newest("sessions")).isEqualTo(-1);
        assertThat(rings.of("acme").next()).as("events in the ring").isZero();
        assertThat(new String(states.since("queue", 101).getFirst().snapshotText(150), StandardCharsets.UTF_8))
                .contains("\"offset\":150,\"snapshot\":true,\"time\"")
                .doesNotContain("prev");
    }

    @Test
    void oneClientsFramesAreInThatClientsRingAlone() {
        append(rings, "acme", "tickets", "t-1");
        append(rings, "globex", "tickets", "t-1");

        assertThat(rings.of("acme").next()).isEqualTo(1);
        assertThat(rings.of("globex").next()).isEqualTo(1);
        assertThat(prev(rings.of("globex"), 0)).isNull();
    }

    @Test
    void onesPlaceIsFoundByOffsetAlsoBetweenFrames() {
        ClientRing ring = rings.of("acme");
        append(rings, "acme", "tickets", "t-1"); // 100
        append(rings, "globex", "tickets", "t-1"); // 101
        append(rings, "acme", "tickets", "t-1"); // 102

        assertThat(ring.after(98)).isEqualTo(-1); // before all that was read
        assertThat(ring.after(99)).isEqualTo(0);
        assertThat(ring.after(100)).isEqualTo(1);
        assertThat(ring.after(101)).isEqualTo(1);
        assertThat(ring.after(102)).isEqualTo(2);
        assertThat(ring.after(5000)).isEqualTo(2);
    }

    @Test
    void memoryIsBoundedOverAllClientsAndTheOldestGoFirst() {
        Rings small = rings(10_000);
        append(small, "quiet", "tickets", "t-1");
        for (int n = 0; n < 1000; n++) {
            append(small, "busy", "tickets", "t-" + n);
        }

        ClientRing busy = small.of("busy");
        assertThat(small.bytes()).isLessThanOrEqualTo(10_000).isGreaterThan(9_000);
        assertThat(small.of("quiet").at(0)).isNull();
        assertThat(small.of("quiet").after(99)).isEqualTo(-1);
        assertThat(small.of("quiet").after(100)).isEqualTo(1);
        assertThat(busy.at(0)).isNull();
        assertThat(busy.at(999)).isNotNull();
        assertThat(busy.after(offset - 1)).isEqualTo(1000);
        assertThat(busy.after(offset - 3)).isEqualTo(998);
    }

    @Test
    void aTicketWhoseFramesAreGoneBeginsItsChainAnew() {
        Rings small = rings(10_000);
        append(small, "acme", "tickets", "t-1");
        for (int n = 0; n < 100; n++) {
            append(small, "acme", "tickets", "other");
        }
        append(small, "acme", "tickets", "t-1");

        ClientRing ring = small.of("acme");
        assertThat(ticketPrev(ring, ring.next() - 1)).isNull();
        assertThat(prev(ring, ring.next() - 1)).isEqualTo(offset - 2);
    }

    @Test
    void aReaderBesideTheWriterSeesEveryFrameInOrderOrLearnsThatItFellOut() throws InterruptedException {
        Rings small = rings(200_000);
        ClientRing ring = small.of("acme");
        AtomicReference<@Nullable String> wrong = new AtomicReference<>();
        AtomicBoolean done = new AtomicBoolean();
        Thread reader = Thread.ofPlatform().start(() -> {
            long cursor = 0;
            while (wrong.get() == null && (!done.get() || cursor < ring.next())) {
                if (cursor < ring.next()) {
                    Frame frame = ring.at(cursor);
                    if (frame == null) {
                        cursor = ring.next(); // as a connection does
                    } else if (frame.offset() != 100 + cursor) {
                        wrong.set("at " + cursor + " stood " + frame);
                    } else {
                        cursor++;
                    }
                } else {
                    Thread.onSpinWait();
                }
            }
        });
        for (int n = 0; n < 200_000; n++) {
            append(small, "acme", "tickets", "t");
        }
        done.set(true);
        reader.join();

        assertThat(wrong.get()).isNull();
    }

    @Test
    void whoAsksForAPositionFindsEveryFrameUpToItInTheRing() {
        ClientRing ring = rings.of("acme");
        append(rings, "acme", "tickets", "t-1");

        assertThat(ring.position()).isEqualTo(99); // the reader moves it on after the frame is there
        partition.advanceTo(100);
        assertThat(ring.position()).isEqualTo(100);
        partition.advanceTo(50);
        assertThat(ring.position()).isEqualTo(100);
    }

    @Test
    void identitiesThatDifferHaveDifferentEpochsAndEqualOnesTheSame() {
        FeedIdentity one = new FeedIdentity("c", "feed", "id", 3);

        assertThat(one.epochOf(0))
                .isEqualTo(new FeedIdentity("c", "feed", "id", 6).epochOf(0))
                .matches("[0-9a-z]{5,10}");
        assertThat(one.epochOf(0))
                .isNotEqualTo(one.epochOf(1))
                .isNotEqualTo(new FeedIdentity("d", "feed", "id", 3).epochOf(0))
                .isNotEqualTo(new FeedIdentity("c", "feed", "remade", 3).epochOf(0));
    }

    private Rings rings(long bytes) {
        return new Rings(new FeedIdentity("c", "feed", "id", 1), List.of(partition), bytes);
    }

    private void append(Rings into, String client, String channel, String key) {
        byte[] tail = ",\"time\":\"2026-01-01T00:00:00Z\",\"key\":\"k\",\"data\":{}}".getBytes(StandardCharsets.UTF_8);
        into.append(new FeedRow("", client, channel, "changed", key, tail), offset++);
    }

    private static @Nullable Long prev(ClientRing ring, long sequence) {
        return prevOf(Objects.requireNonNull(ring.at(sequence)).text());
    }

    private static @Nullable Long ticketPrev(ClientRing ring, long sequence) {
        return prevOf(Objects.requireNonNull(ring.at(sequence)).ticketText());
    }

    private static @Nullable Long prevOf(byte[] frame) {
        JsonNode prev = JsonMapper.shared().readTree(frame).get("prev");
        return prev == null ? null : prev.asLong();
    }
}
