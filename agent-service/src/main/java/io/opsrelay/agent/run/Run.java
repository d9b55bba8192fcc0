package io.opsrelay.agent.run;

import io.opsrelay.contracts.TicketEvent.Customer;
import io.opsrelay.contracts.TicketEvent.Said;
import io.opsrelay.contracts.TicketEvent.TicketReceived;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A run as it is stored.
 *
 * @param facts what was found out and is needed when the run goes on
 * @param news what became of its action, once that is known; of a run with a dialogue each action has its own
 * @param dialogue the conversation with a model, if one has a part in it
 * @param earlier what was said on the ticket before, if the run takes it up again
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
        @Nullable Dialogue dialogue,
        @Nullable Earlier earlier,
        Instant createdAt,
        Instant updatedAt) {

    Run {
        steps = List.copyOf(steps);
    }

    Run with(RunState next, Facts known, @Nullable News heard, Instant at, StepTaken... taken) {
        List<StepTaken> all = new ArrayList<>(steps);
        all.addAll(List.of(taken));
        return new Run(runId, clientId, next, engine, ticket, known, all, heard, dialogue, earlier, createdAt, at);
    }

    Run with(@Nullable Dialogue changed) {
        return new Run(
                runId, clientId, state, engine, ticket, facts, steps, news, changed, earlier, createdAt, updatedAt);
    }

    /** The run with what the customer has written since, and without what a model has made of it so far. */
    Run hearing(Said said, boolean verified) {
        Customer customer = ticket.customer();
        TicketReceived now = new TicketReceived(
                ticket.ticketId(),
                ticket.channel(),
                ticket.subject(),
                ticket.body(),
                new Customer(customer.customerId(), customer.email(), customer.verified() && verified),
                ticket.priority(),
                ticket.externalId(),
                ticket.metadata());
        Earlier known = earlier == null ? new Earlier(true, List.of(), 0) : earlier;
        return new Run(
                runId, clientId, state, engine, now, facts, steps, news, null, known.and(said), createdAt, updatedAt);
    }

    Run withEngine(String changed) {
        return new Run(
                runId, clientId, state, changed, ticket, facts, steps, news, dialogue, earlier, createdAt, updatedAt);
    }

    /** The dialogue of a run that has one. */
    Dialogue conversation() {
        return Objects.requireNonNull(dialogue, "the run has no dialogue");
    }

    /** What the run has to deal with, not redacted. */
    String toAnswer() {
        return earlier == null ? Earlier.textOf(ticket) : earlier.toAnswer(ticket);
    }

    UUID ticketId() {
        return ticket.ticketId();
    }

    /**
     * What a run has found out.
     *
     * @param language ISO 639-1
     * @param intent as the classifier names it
     * @param ownLabel as the client's own classifier names it, if it has one
     * @param read as a model names it, if one was asked
     * @param orderId the order that the action is about
     * @param confidence of the intent, calibrated, 0 to 1; null where the text lies outside what the classifier knows
     * @param modelVersion version of the model that told the category, or the model's name; null in older runs
     */
    record Facts(
            @Nullable String language,
            @Nullable String intent,
            @Nullable String ownLabel,
            @Nullable String read,
            @Nullable String orderId,
            @Nullable Double confidence,
            @Nullable String modelVersion) {
        static Facts none() {
            return new Facts(null, null, null, null, null, null, null);
        }

        Facts about(@Nullable String order) {
            return new Facts(language, intent, ownLabel, read, order, confidence, modelVersion);
        }

        /** What the ticket is told to be about; its intent decides what is done. */
        @Nullable
        String category() {
            return read != null ? read : ownLabel != null ? ownLabel : intent;
        }
    }

    /** Something the run did, for people who look into it. */
    record StepTaken(Instant at, String step, String detail) {}
}
