package io.opsrelay.ingestion.ticket;

import io.opsrelay.contracts.TicketEvent.Customer;
import io.opsrelay.contracts.TicketEvent.RunRequested;
import io.opsrelay.contracts.TicketEvent.Said;
import io.opsrelay.contracts.TicketEvent.TicketReceived;
import io.opsrelay.messaging.Ids;
import io.opsrelay.messaging.Outbox;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Gives tickets to the agent again, each with what was said so far. In the transaction of the change. */
@Component
class RunRequests {

    /** What an event takes along: a record of Kafka has bounds, and so has what a model reads. */
    static final int MOST_MESSAGES = 50;

    static final int MOST_CHARACTERS = 50_000;

    private final DeskStore store;
    private final MessageStore messages;
    private final Outbox outbox;
    private final Ids ids;

    RunRequests(DeskStore store, MessageStore messages, Outbox outbox, Ids ids) {
        this.store = store;
        this.messages = messages;
        this.outbox = outbox;
        this.ids = ids;
    }

    /**
     * Sets the ticket back to received and asks for a run. The caller moves it one version on.
     *
     * @param ticket as it was locked, its last message stored
     * @param answered up to which version what the customer said was answered
     * @param verified whether all that was said is proven to be the customer's
     * @return the run that is waited for from now on
     */
    UUID request(String clientId, DeskTicket ticket, long answered, boolean verified, String cause, String by) {
        UUID runId = ids.next();
        store.awaitRun(ticket, runId);
        List<Said> newest = messages.newestOf(ticket.ticketId(), answered, MOST_MESSAGES);
        List<Said> kept = withinBounds(newest);
        int leftOut = newest.size() < MOST_MESSAGES && kept.size() == newest.size()
                ? 0
                : messages.countOf(ticket.ticketId()) - kept.size();
        outbox.publish(
                clientId,
                new RunRequested(
                        ticket.ticketId(),
                        runId,
                        cause,
                        by,
                        new TicketReceived(
                                ticket.ticketId(),
                                ticket.channel(),
                                ticket.subject(),
                                ticket.body(),
                                new Customer(ticket.customerId(), ticket.customerEmail(), verified),
                                ticket.priorityGiven() ? ticket.priority() : null,
                                ticket.externalId(),
                                ticket.metadata()),
                        answered < 1,
                        kept.reversed(),
                        leftOut));
        return runId;
    }

    /** As much of a text as an event takes along. */
    static String beginningOf(String text) {
        return text.length() <= MOST_CHARACTERS ? text : cut(text, MOST_CHARACTERS);
    }

    private static String cut(String text, int most) {
        return text.substring(0, Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most);
    }

    /** The newest messages that fit; of one that alone does not, its beginning. */
    private static List<Said> withinBounds(List<Said> newestFirst) {
        List<Said> kept = new ArrayList<>();
        int left = MOST_CHARACTERS;
        for (Said said : newestFirst) {
            String text = said.text();
            if (text.length() > left) {
                if (!kept.isEmpty()) {
                    break;
                }
                text = cut(text, left);
            }
            left -= text.length();
            kept.add(new Said(said.from(), text, said.open(), said.at()));
        }
        return kept;
    }
}
