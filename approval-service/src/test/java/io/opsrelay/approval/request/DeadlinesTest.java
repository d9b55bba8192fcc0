package io.opsrelay.approval.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.approval.rule.Verdict.Terms;
import io.opsrelay.security.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DeadlinesTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration LIFETIME = Duration.ofHours(24);

    @Test
    void withoutTermsThereIsOnlyTheEnd() {
        Deadlines deadlines = Deadlines.of(Terms.usual(), LIFETIME, START);

        assertThat(deadlines.next()).isEqualTo(at(24));
        assertThat(deadlines.remindIsDue(at(23))).isFalse();
        assertThat(deadlines.escalationIsDue(at(23))).isFalse();
    }

    @Test
    void peopleAreRemindedAgainAndAgainAndOthersAskedOnce() {
        Deadlines deadlines = Deadlines.of(terms(10, 4, 6), LIFETIME, START);

        assertThat(deadlines.next()).isEqualTo(at(4));
        assertThat(deadlines.remindIsDue(at(4))).isTrue();
        deadlines = deadlines.reminded(at(4));
        assertThat(deadlines.next()).isEqualTo(at(6));
        assertThat(deadlines.escalationIsDue(at(6))).isTrue();
        deadlines = deadlines.escalated(at(6));
        assertThat(deadlines.next()).isEqualTo(at(8));
        deadlines = deadlines.reminded(at(8));
        assertThat(deadlines.next())
                .as("the next reminder would come after the end")
                .isEqualTo(at(10));
        assertThat(deadlines.reminders()).isEqualTo(2);
        assertThat(deadlines.escalatedAt()).isEqualTo(at(6));
    }

    @Test
    void remindersThatWereMissedAreOne() {
        Deadlines deadlines = Deadlines.of(terms(24, 1, 20), LIFETIME, START).reminded(at(9));

        assertThat(deadlines.reminders()).isEqualTo(1);
        assertThat(deadlines.next()).isEqualTo(at(10));
    }

    @Test
    void whatWouldComeAfterTheEndDoesNotCome() {
        assertThat(Deadlines.of(terms(null, 48, 30), LIFETIME, START).next()).isEqualTo(at(24));
    }

    private static Terms terms(Integer end, int remind, int escalate) {
        return new Terms(
                end == null ? null : Duration.ofHours(end),
                Duration.ofHours(remind),
                Duration.ofHours(escalate),
                Set.of(Role.ADMIN));
    }

    private static Instant at(int hour) {
        return START.plus(Duration.ofHours(hour));
    }
}
