package io.opsrelay.gateway.issuer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class FailedSignInsTest {

    private final TurnedClock clock = new TurnedClock();
    private final FailedSignIns failed = new FailedSignIns(3, 10, Duration.ofMinutes(1), clock);

    @Test
    void theWindowBeginsWithTheFirstFailureAndForgetsAfterwards() {
        failed.tried("mary", "10.0.0.1");
        clock.now = clock.now.plusSeconds(20);
        failed.tried("mary", "10.0.0.1");
        failed.tried("mary", "10.0.0.1");

        assertThat(failed.waitOf("mary", "10.0.0.1")).hasValue(Duration.ofSeconds(40));
        clock.now = clock.now.plusSeconds(40);
        assertThat(failed.waitOf("mary", "10.0.0.1")).isEmpty();
    }

    @Test
    void nobodyLocksOutAUserWhoSignsInFromElsewhere() {
        for (int n = 0; n < 9; n++) {
            failed.tried("mary", "10.0.0.66");
        }

        assertThat(failed.waitOf("mary", "10.0.0.66")).isPresent();
        assertThat(failed.waitOf("mary", "10.0.0.1")).isEmpty();
    }

    @Test
    void anAddressThatGuessesForManyUsersIsSlowedDown() {
        for (int n = 0; n < 10; n++) {
            failed.tried("user" + n, "10.0.0.66");
        }

        assertThat(failed.waitOf("another", "10.0.0.66")).isPresent();
    }

    @Test
    void aSuccessForgivesTheUser() {
        failed.tried("mary", "10.0.0.1");
        failed.tried("mary", "10.0.0.1");
        failed.tried("mary", "10.0.0.1");
        failed.succeeded("mary", "10.0.0.1");

        assertThat(failed.waitOf("mary", "10.0.0.1")).isEmpty();
    }

    @Test
    void memoryIsBoundedAndTheGuessersAddressStaysKnown() {
        for (int n = 0; n < 50_000; n++) {
            failed.tried("user" + n, "10.0.0.66");
        }

        assertThat(failed.waitOf("another", "10.0.0.66")).isPresent();
        assertThat(failed.waitOf("user0", "10.0.0.1")).isEmpty();
    }

    private static final class TurnedClock extends Clock {

        private Instant now = Instant.parse("2026-01-01T00:00:00Z");

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
