package io.opsrelay.gateway.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OutboxTest {

    private final Outbox outbox = new Outbox(2);

    @Test
    void theProtocolGoesFirstThenActivitiesThenFigures() {
        outbox.state("csat", "s");
        outbox.event("e");
        outbox.control("c");

        assertThat(outbox.take(2)).containsExactly("c", "e");
        assertThat(outbox.take(2)).containsExactly("s");
        assertThat(outbox.isEmpty()).isTrue();
    }

    @Test
    void ofAFigureOnlyTheNewestWaits() {
        outbox.state("csat", "1");
        outbox.state("other", "1");
        outbox.state("csat", "2");

        assertThat(outbox.take(10)).containsExactly("2", "1");
    }

    @Test
    void theOldestActivityGoesWhereThereAreTooMany() {
        assertThat(outbox.event("1")).isTrue();
        assertThat(outbox.event("2")).isTrue();
        assertThat(outbox.event("3")).isFalse();

        assertThat(outbox.take(10)).containsExactly("2", "3");
    }
}
