package io.opsrelay.ingestion.zendesk;

import io.opsrelay.contracts.RunEvent.RunCompleted;
import io.opsrelay.ingestion.ticket.Courier;
import io.opsrelay.ingestion.zendesk.WriteStore.Write;
import io.opsrelay.messaging.Envelope;
import io.opsrelay.messaging.job.Jobs;
import java.util.Locale;
import java.util.UUID;
import org.springframework.stereotype.Component;

/**
 * Hears what becomes of tickets that came from Zendesk: messages to the customer as they are stored, and runs of the agent
 * that ended without one.
 */
@Component
class Outcomes implements Courier {

    private final RunTickets tickets;
    private final WriteStore writes;
    private final Jobs jobs;

    Outcomes(RunTickets tickets, WriteStore writes, Jobs jobs) {
        this.tickets = tickets;
        this.writes = writes;
        this.jobs = jobs;
    }

    @Override
    public boolean take(String clientId, UUID ticketId, UUID messageId, String channel) {
        if (!channel.equals(Receiver.CHANNEL) || tickets.ofTicket(ticketId).isEmpty()) {
            return false;
        }
        leave(clientId, messageId, ticketId, Write.COMMENT);
        return true;
    }

    /** A run that said something was heard as a message. */
    void runEnded(Envelope envelope, RunCompleted run) {
        String reply = run.reply();
        if ((reply != null && !reply.isBlank())
                || tickets.ofTicket(run.ticketId()).isEmpty()) {
            return;
        }
        leave(
                envelope.clientId(),
                run.runId(),
                run.ticketId(),
                run.outcome().name().toLowerCase(Locale.ROOT));
    }

    private void leave(String clientId, UUID writeId, UUID ticketId, String kind) {
        if (writes.insert(clientId, writeId, ticketId, kind)) {
            // What is said on a ticket arrives in the order in which it was said.
            jobs.add(ZendeskConfiguration.QUEUE, clientId, "ticket/" + ticketId, WriteBack.KIND, writeId);
        }
    }
}
