package io.opsrelay.agent.run;

import io.opsrelay.contracts.TicketEvent.TicketReceived;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A run as it is stored.
 *
 * @param facts what was found out and is needed when the run goes on
 * @param news what became of its action, once that is known
 */
record Run(
        UUID runId,
        String clientId,
        RunState state,
        String engine,
        TicketReceived ticket,
        Facts facts,
        List<StepTaken> steps,
        @Nullable News news,
        Instant createdAt,
        Instant updatedAt) {

    Run {
        steps = List.copyOf(steps);
    }

    UUID ticketId() {
        return ticket.ticketId();
    }

    /**
     * What a run has found out.
     *
     * @param language ISO 639-1
     * @param intent as the classifier names it
     * @param orderId the order that the action is about
     */
    record Facts(
            @Nullable String language,
            @Nullable String intent,
            @Nullable String orderId) {
        static Facts none() {
            return new Facts(null, null, null);
        }
    }

    /** Something the run did, for people who look into it. */
    record StepTaken(Instant at, String step, String detail) {}
}
