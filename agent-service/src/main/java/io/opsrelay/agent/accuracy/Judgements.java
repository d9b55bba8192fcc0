package io.opsrelay.agent.accuracy;

import io.opsrelay.agent.labels.CorrectedTickets;
import io.opsrelay.agent.run.ClassifiedTickets;
import io.opsrelay.contracts.TicketEvent.StatusSet;
import io.opsrelay.contracts.TicketEvent.TicketCorrected;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Keeps what people judge about classifications. In the listener's transaction. */
@Component
class Judgements {

    private static final String CATEGORY = "category";
    private static final String PERSON = "user:";
    private static final Set<String> ENDED = Set.of("resolved", "closed");

    private final JudgementStore store;
    private final ClassifiedTickets tickets;
    private final CorrectedTickets corrections;

    Judgements(JudgementStore store, ClassifiedTickets tickets, CorrectedTickets corrections) {
        this.store = store;
        this.tickets = tickets;
        this.corrections = corrections;
    }

    /** A person's word. What is confirmed is an example as well. */
    void hear(String clientId, TicketCorrected said, Instant at) {
        if (!said.field().equals(CATEGORY)) {
            return; // The classifier of categories learns nothing from it.
        }
        Optional<String> text = tickets.text(said.ticketId());
        String notLearned = text.isEmpty()
                ? "there is no text of the ticket any more"
                : corrections
                        .learn(clientId, said.ticketId(), text.get(), said.corrected(), said.by(), at)
                        .orElse(null);
        store.said(clientId, said, notLearned, at);
    }

    /** A person who ends a ticket leaves its category as it is. */
    void hear(String clientId, StatusSet set, Instant at) {
        if (set.by().startsWith(PERSON) && ENDED.contains(set.status())) {
            UUID ticketId = set.ticketId();
            tickets.newest(ticketId).ifPresent(found -> store.left(clientId, ticketId, found, at));
        }
    }
}
