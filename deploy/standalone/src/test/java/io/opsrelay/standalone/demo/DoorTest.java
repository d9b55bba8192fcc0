package io.opsrelay.standalone.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DoorTest {

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1_000); // the clock may wrap
    private final Door door = new Door(now::get);

    @Test
    void itStaysShutLongerWithEachRefusalUpToALimit() {
        assertThat(door.shutFor()).isZero();
        Duration pause = Door.SHORTEST;
        for (int i = 0; i < 10; i++) {
            assertThat(door.refused(Optional.empty())).isTrue();
            assertThat(door.shutFor()).isEqualTo(pause);
            now.addAndGet(pause.toNanos());
            assertThat(door.shutFor()).isZero();
            pause = pause.multipliedBy(2).compareTo(Door.LONGEST) > 0 ? Door.LONGEST : pause.multipliedBy(2);
        }
    }

    @Test
    void refusalsOfTheSameMomentAreOne() {
        door.refused(Optional.empty());

        assertThat(door.refused(Optional.empty())).isFalse();
        assertThat(door.shutFor()).isEqualTo(Door.SHORTEST);
    }

    @Test
    void whatTheAnswerAsksForIsKeptWithinReason() {
        door.refused(Optional.of(Duration.ofSeconds(3)));
        assertThat(door.shutFor()).isEqualTo(Duration.ofSeconds(3));
        now.addAndGet(Duration.ofSeconds(3).toNanos());

        door.refused(Optional.of(Duration.ofDays(1)));
        assertThat(door.shutFor()).isEqualTo(Door.LONGEST_TOLD);
    }

    @Test
    void whoGetsInMakesTheNextPauseShortAgain() {
        door.refused(Optional.empty());
        now.addAndGet(Door.SHORTEST.toNanos());
        door.passed();
        door.refused(Optional.empty());

        assertThat(door.shutFor()).isEqualTo(Door.SHORTEST);
    }
}
