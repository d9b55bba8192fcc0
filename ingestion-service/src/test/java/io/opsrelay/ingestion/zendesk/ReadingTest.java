package io.opsrelay.ingestion.zendesk;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.ingestion.zendesk.remote.RemoteComment;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadingTest {

    private static final RemoteComment DESCRIPTION = new RemoteComment(1, null, 0);
    private static final RemoteComment AGENTS = new RemoteComment(2, null, 0);
    private static final RemoteComment ONE = new RemoteComment(3, "One", 0);
    private static final RemoteComment OTHER = new RemoteComment(4, "Other", 0);

    @Test
    void fromTheBeginningAllThatTheCustomerSaidIsNew() {
        Reading reading = new Reading(null, List.of(DESCRIPTION, AGENTS, ONE, OTHER), true, null);

        assertThat(reading.saidSince(null)).containsExactly(ONE, OTHER);
        assertThat(reading.newest()).isEqualTo(4);
    }

    @Test
    void whatSomebodyElseTookMeanwhileIsNotNew() {
        Reading reading = new Reading(1L, List.of(AGENTS, ONE, OTHER), true, null);

        assertThat(reading.continues(3L)).isTrue();
        assertThat(reading.saidSince(3L)).containsExactly(OTHER);
        assertThat(reading.saidSince(2L)).containsExactly(ONE, OTHER);
        assertThat(reading.saidSince(4L)).isEmpty();
    }

    @Test
    void whoeverHasLookedLessFarThanAnotherTakesNothing() {
        Reading reading = new Reading(1L, List.of(AGENTS, ONE), true, null);

        assertThat(reading.continues(4L)).isFalse();
        assertThat(reading.saidSince(4L)).isEmpty();
    }

    @Test
    void whereNothingIsNewTheEndStaysWhereItWas() {
        Reading reading = new Reading(4L, List.of(), true, null);

        assertThat(reading.continues(4L)).isTrue();
        assertThat(reading.saidSince(4L)).isEmpty();
        assertThat(reading.newest()).isEqualTo(4);
    }

    @Test
    void whoHasNotLookedOrWasRefusedContinuesNothing() {
        assertThat(Reading.NONE.continues(null)).isFalse();
        assertThat(Reading.refused(4L, "gone").continues(4L)).isFalse();
    }
}
