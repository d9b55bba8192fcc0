package io.opsrelay.agent.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.agent.run.Earlier.Told;
import io.opsrelay.contracts.TicketEvent.Customer;
import io.opsrelay.contracts.TicketEvent.Said;
import io.opsrelay.contracts.TicketEvent.TicketReceived;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class EarlierTest {

    private static final TicketReceived TICKET = new TicketReceived(
            UUID.randomUUID(),
            "api",
            "Lamp",
            "Money back for A-1, please.",
            new Customer(UUID.randomUUID(), "mary.major@example.org", true),
            null,
            null,
            Map.of());

    @Test
    void ofAnAnsweredTicketOnlyTheNewWordsAreToBeDealtWith() {
        Earlier earlier =
                new Earlier(false, List.of(said("agent", "Refunded.", false), said("customer", "Thank you!", true)), 0);

        assertThat(earlier.toAnswer(TICKET)).isEqualTo("Thank you!");
        assertThat(earlier.before(TICKET))
                .containsExactly(
                        new Told("You answered:", "Refunded."),
                        new Told("The customer wrote first:", "Lamp\nMoney back for A-1, please."));
    }

    @Test
    void whatNoRunAnsweredIsToBeDealtWithTogether() {
        Earlier earlier =
                new Earlier(true, List.of(said("customer", "Hurry.", true), said("person", "One moment.", false)), 0);

        assertThat(earlier.toAnswer(TICKET)).isEqualTo("Lamp\nMoney back for A-1, please.\n\nHurry.");
        assertThat(earlier.before(TICKET)).containsExactly(new Told("A colleague answered:", "One moment."));
    }

    @Test
    void whereAllIsAnsweredAnotherTryIsAboutTheCustomersLastWords() {
        assertThat(new Earlier(false, List.of(said("customer", "And now?", false), said("person", "Wait.", false)), 0)
                        .toAnswer(TICKET))
                .isEqualTo("And now?");
        assertThat(new Earlier(false, List.of(), 0).toAnswer(TICKET)).isEqualTo("Lamp\nMoney back for A-1, please.");
    }

    @Test
    void thatOlderMessagesAreLeftOutIsSaid() {
        assertThat(new Earlier(false, List.of(said("customer", "New", true)), 7).before(TICKET))
                .extracting(Told::head)
                .containsExactly("(7 older messages are left out)", "The customer wrote first:");
    }

    private static Said said(String from, String text, boolean open) {
        return new Said(from, text, open, Instant.parse("2026-11-20T10:00:00Z"));
    }
}
