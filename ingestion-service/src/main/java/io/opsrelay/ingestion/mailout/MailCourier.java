package io.opsrelay.ingestion.mailout;

import io.opsrelay.ingestion.ticket.Courier;
import io.opsrelay.messaging.job.Jobs;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Takes what is to be mailed, in the commit that brings it. */
@Component
class MailCourier implements Courier {

    private final Senders senders;
    private final MailStore store;
    private final Jobs jobs;
    private final Clock clock;

    MailCourier(Senders senders, MailStore store, Jobs jobs, Clock clock) {
        this.senders = senders;
        this.store = store;
        this.jobs = jobs;
        this.clock = clock;
    }

    @Override
    public boolean take(String clientId, UUID ticketId, UUID messageId, String channel) {
        if (!senders.mails(clientId, channel)) {
            return false;
        }
        store.insert(clientId, messageId, ticketId, clock.instant().truncatedTo(ChronoUnit.MICROS));
        // What is said on a ticket arrives in the order in which it was said.
        jobs.add(Postman.QUEUE, clientId, "ticket/" + ticketId, Postman.SEND, messageId);
        return true;
    }
}
