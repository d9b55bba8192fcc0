package io.opsrelay.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.benchmarks.Journeys.Frame;
import io.opsrelay.benchmarks.Journeys.Result;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class JourneysTest {

    private final Journeys journeys = new Journeys();
    private long offset = 100;

    @Test
    void latencyIsCountedFromTheIntendedTimeAndFromTheAnswer() {
        journeys.subscribedAt(100);
        journeys.accepted("t1", true, millis(0), millis(40));
        frame("ticket_received", "t1", 1, millis(50));
        frame("ticket_resolved", "t1", 2, millis(90));

        Result result = journeys.result();

        assertThat(result.isSound()).isTrue();
        assertThat(result.intendedToAccepted.getMaxValue() / 1000).isEqualTo(40);
        assertThat(result.acceptedToFirstFrame.getMaxValue() / 1000).isEqualTo(10);
        assertThat(result.intendedToResolved.getMaxValue() / 1000).isEqualTo(90);
    }

    @Test
    void aFrameThatOutrunsTheAnswerIsMatchedAndCountsAsNoWait() {
        frame("ticket_received", "t1", 1, millis(30));
        frame("ticket_resolved", "t1", 2, millis(35));
        journeys.accepted("t1", true, millis(0), millis(40));

        Result result = journeys.result();

        assertThat(journeys.allEnded()).isTrue();
        assertThat(result.isSound()).isTrue();
        assertThat(result.framesBeforeAnswer).isEqualTo(1);
        assertThat(result.acceptedToFirstFrame.getMaxValue()).isZero();
    }

    @Test
    void anAcceptedTicketWithoutAFrameIsLost() {
        journeys.accepted("t1", true, millis(0), millis(1));

        assertThat(journeys.allEnded()).isFalse();
        assertThat(journeys.result().lost).isEqualTo(1);
        assertThat(journeys.result().isSound()).isFalse();
    }

    @Test
    void aTicketThatNeverEndsIsUnfinishedAndOneThatEscalatesHasEnded() {
        journeys.accepted("t1", true, millis(0), millis(1));
        journeys.accepted("t2", true, millis(0), millis(1));
        frame("ticket_received", "t1", 1, millis(2));
        frame("ticket_received", "t2", 1, millis(2));
        frame("ticket_escalated", "t2", 2, millis(3));

        Result result = journeys.result();

        assertThat(result.unfinished).isEqualTo(1);
        assertThat(result.notResolved).isEqualTo(1);
    }

    @Test
    void theWarmUpCountsForLossesAndNotForLatency() {
        journeys.accepted("t1", false, millis(0), millis(1));

        assertThat(journeys.result().lost).isEqualTo(1);
        assertThat(journeys.result().intendedToAccepted.getTotalCount()).isZero();
    }

    @Test
    void aGapADuplicateAndAnOldFrameAreEachSeen() {
        journeys.subscribedAt(10);
        journeys.frame(new Frame("ticket_received", "t1", 11, 10, 1), millis(1));
        journeys.frame(new Frame("ticket_received", "t1", 11, 10, 1), millis(2));
        journeys.frame(new Frame("ticket_classified", "t1", 14, 13, 2), millis(3));
        journeys.frame(new Frame("ticket_resolved", "t1", 12, 11, 3), millis(4));

        Result result = journeys.result();

        assertThat(result.duplicates).isEqualTo(1);
        assertThat(result.gaps).isEqualTo(1);
        assertThat(result.disorders).isEqualTo(1);
    }

    @Test
    void aTicketsEventsToldInTheWrongOrderAreADisorder() {
        frame("ticket_classified", "t1", 2, millis(1));
        frame("ticket_received", "t1", 1, millis(2));

        assertThat(journeys.result().disorders).isEqualTo(2);
    }

    @Test
    void ticketsThatOthersPostAreNoConcernOfOurs() {
        frame("ticket_received", "foreign", 1, millis(1));
        journeys.accepted("t1", true, millis(0), millis(1));
        frame("ticket_received", "t1", 1, millis(2));
        frame("ticket_resolved", "t1", 2, millis(3));

        assertThat(journeys.result().accepted).isEqualTo(1);
        assertThat(journeys.result().isSound()).isTrue();
    }

    @Test
    void nothingAcceptedIsNotSound() {
        assertThat(journeys.result().isSound()).isFalse();
    }

    private void frame(String type, String ticket, long version, long at) {
        long prev = offset;
        journeys.frame(new Frame(type, ticket, ++offset, prev == 100 ? -1 : prev, version), at);
    }

    private static long millis(long value) {
        return TimeUnit.SECONDS.toNanos(7) + TimeUnit.MILLISECONDS.toNanos(value);
    }
}
