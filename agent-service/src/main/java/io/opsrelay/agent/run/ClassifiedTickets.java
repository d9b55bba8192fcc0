package io.opsrelay.agent.run;

import io.opsrelay.agent.privacy.Mapping;
import io.opsrelay.agent.privacy.Redactor;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What runs found their tickets to be about, for those who judge it. Within a transaction of the client. */
@Component
public class ClassifiedTickets {

    /** What stands in place of the words of a customer who was erased. */
    private static final String ERASED = "[erased]";

    private final Redactor redactor = Redactor.shipped();
    private final RunStore store;

    ClassifiedTickets(RunStore store) {
        this.store = store;
    }

    /**
     * What a run found.
     *
     * @param category as the ticket was told to be about
     * @param modelVersion of the model that found it; null where an older run did not keep it
     */
    public record Found(String category, @Nullable String modelVersion) {}

    /** What the newest run that has read the ticket found. */
    public Optional<Found> newest(UUID ticketId) {
        return store.ofTicket(ticketId).stream()
                .map(Run::facts)
                .filter(facts -> facts.category() != null)
                .findFirst()
                .map(facts -> new Found(String.valueOf(facts.category()), facts.modelVersion()));
    }

    /** What the ticket's newest run has read or has yet to read, without personal data; empty once it was erased. */
    public Optional<String> text(UUID ticketId) {
        return store.ofTicket(ticketId).stream()
                .findFirst()
                .filter(run -> !run.ticket().subject().equals(ERASED))
                .map(run -> redactor.redact(run.toAnswer(), Mapping.none(), KnownNames.of(run.ticket()))
                        .text());
    }
}
