package io.opsrelay.gateway.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class HistoryMemoryTest {

    private final HistoryMemory memory = new HistoryMemory(100);

    @Test
    void allTogetherHoldNoMoreThanTheBound() throws InterruptedException {
        assertThat(memory.take("acme", 50, now())).isTrue();
        assertThat(memory.take("globex", 40, now())).isTrue();
        assertThat(memory.take("initech", 11, now())).isFalse();
        assertThat(memory.take("initech", 10, now())).isTrue();
        assertThat(memory.held()).isEqualTo(100);
    }

    @Test
    void oneClientHoldsNoMoreThanHalf() throws InterruptedException {
        assertThat(memory.take("acme", 51, now())).isFalse();
        assertThat(memory.take("acme", 30, now())).isTrue();
        assertThat(memory.take("acme", 21, now())).isFalse();
        assertThat(memory.held()).isEqualTo(30);
    }

    @Test
    void whatIsGivenBackIsThereForWhoWaits() throws InterruptedException {
        assertThat(memory.take("acme", 50, now())).isTrue();
        assertThat(memory.take("globex", 50, now())).isTrue();
        CompletableFuture<Boolean> waiting = CompletableFuture.supplyAsync(() -> {
            try {
                return memory.take("acme", 20, now() + TimeUnit.MINUTES.toNanos(1));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        });

        memory.give("acme", 50);

        assertThat(waiting.orTimeout(30, TimeUnit.SECONDS).join()).isTrue();
        assertThat(memory.held()).isEqualTo(70);
        memory.give("acme", 20);
        memory.give("globex", 50);
        assertThat(memory.held()).isZero();
    }

    @Test
    void whileOneWaitsForRoomOfAllAnotherThatWouldHaveToWaitIsRefusedSoThatTheFirstGetsWhatItHolds()
            throws InterruptedException {
        assertThat(memory.take("acme", 45, now())).isTrue();
        assertThat(memory.take("globex", 45, now())).isTrue();
        CompletableFuture<Boolean> first = CompletableFuture.supplyAsync(() -> {
            try {
                return memory.take("initech", 20, now() + TimeUnit.MINUTES.toNanos(1));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        });
        Awaitility.await().until(() -> memory.waiting() == 1);

        assertThat(memory.take("hooli", 20, now() + TimeUnit.MINUTES.toNanos(1)))
                .isFalse();
        assertThat(memory.take("hooli", 10, now())).as("what there is room for").isTrue();
        memory.give("globex", 45);

        assertThat(first.orTimeout(30, TimeUnit.SECONDS).join()).isTrue();
    }

    @Test
    void aSegmentIsFreedWhenTheLastWhoUsesItHasGivenItBackAndOnlyThen() {
        AtomicInteger freed = new AtomicInteger();
        Segment segment = new Segment(7, List.of(), freed::incrementAndGet);
        segment.retain();

        segment.release();
        assertThat(freed).hasValue(0);
        segment.release();
        assertThat(freed).hasValue(1);
        assertThatThrownBy(segment::release).isInstanceOf(IllegalStateException.class);
        assertThat(freed).hasValue(1);
    }

    private static long now() {
        return System.nanoTime();
    }
}
