package io.opsrelay.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.gateway.session.UsedCookies.Use;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What one gateway knows of used cookies when it is alone. */
class UsedCookiesTest {

    private final Hand clock = new Hand();
    private final UsedCookies used = new UsedCookies(
            new SessionProperties(
                    Duration.ofHours(12),
                    Duration.ofDays(7),
                    Duration.ofSeconds(30),
                    null,
                    null,
                    Duration.ofMillis(200)),
            clock);

    @Test
    void twoTabsAtOnceAreBothAnswered() {
        assertThat(use("a", "1")).isEqualTo(Use.FIRST);
        clock.pass(Duration.ofSeconds(30));
        assertThat(use("a", "1")).isEqualTo(Use.AGAIN);
    }

    @Test
    void afterTheLeewayTheSignInEndsWithAllOfItsCookies() {
        use("a", "1");
        use("a", "2");
        clock.pass(Duration.ofSeconds(31));

        assertThat(use("a", "1")).isEqualTo(Use.REUSED);
        assertThat(use("a", "2")).isEqualTo(Use.ENDED);
        assertThat(use("a", "3")).isEqualTo(Use.ENDED);
        assertThat(use("b", "4")).as("another sign-in").isEqualTo(Use.FIRST);
    }

    @Test
    void whatWasSignedOutStaysSo() {
        used.end(session("a", "1")).block();

        assertThat(use("a", "1")).isEqualTo(Use.ENDED);
    }

    private Use use(String family, String id) {
        return Objects.requireNonNull(used.use(session(family, id)).block());
    }

    private static Session session(String family, String id) {
        return new Session(family, id, "ann", "acme", 0, 0, null);
    }

    private static final class Hand extends Clock {

        private Instant now = Instant.parse("2026-11-20T10:00:00Z");

        void pass(Duration time) {
            now = now.plus(time);
        }

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
