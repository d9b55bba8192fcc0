package io.opsrelay.ingestion.zendesk;

import io.opsrelay.ingestion.channel.Channel;
import io.opsrelay.ingestion.ticket.Collisions;
import io.opsrelay.ingestion.ticket.NewTicket;
import io.opsrelay.ingestion.ticket.Reception;
import io.opsrelay.ingestion.ticket.Reruns;
import io.opsrelay.ingestion.ticket.TicketRules;
import io.opsrelay.ingestion.ticket.Tickets;
import io.opsrelay.ingestion.zendesk.RunTickets.Link;
import io.opsrelay.ingestion.zendesk.remote.RemoteTicket;
import io.opsrelay.security.tenant.ClientTransactions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Decides about each ticket that a run comes upon, and takes it in. */
@Component
class Receiver {

    static final String CHANNEL = "zendesk";

    private static final List<String> PRIORITIES = List.of("low", "normal", "high", "urgent");

    private final Tickets tickets;
    private final Reruns reruns;
    private final RunTickets runTickets;
    private final Comments comments;
    private final ClientTransactions transactions;

    Receiver(
            Tickets tickets, Reruns reruns, RunTickets runTickets, Comments comments, ClientTransactions transactions) {
        this.tickets = tickets;
        this.reruns = reruns;
        this.runTickets = runTickets;
        this.comments = comments;
        this.transactions = transactions;
    }

    /**
     * In one commit; the same ticket again in the same run does nothing.
     *
     * @param reading its comments, as far as there was cause to look at them
     */
    void take(Channel channel, Run run, RemoteTicket remote, Reading reading) {
        Collisions.retried(() -> {
            transactions.run(channel.clientId(), () -> takeOnce(channel, run, remote, reading));
            return true;
        });
    }

    private void takeOnce(Channel channel, Run run, RemoteTicket remote, Reading reading) {
        if (runTickets.isKnown(run.runId(), remote.id())) {
            return;
        }
        Link link = runTickets.lock(channel.channelId(), remote.id()).orElse(null);
        if (link == null && isLeftAlone(run, remote)) {
            runTickets.skipped(channel.clientId(), run.runId(), remote.id(), null, "is " + remote.status());
        } else if (reading.trouble() != null) {
            runTickets.unusable(channel.clientId(), run.runId(), remote.id(), reading.trouble());
        } else if (link == null) {
            unknown(channel, run, remote, reading);
        } else {
            known(channel, run, remote, link, reading);
        }
    }

    /** Whether a ticket that is not here is none to be taken in. */
    static boolean isLeftAlone(Run run, RemoteTicket remote) {
        return remote.ended() || (run.onlyUnprocessed() && remote.status().equals("solved"));
    }

    private void known(Channel channel, Run run, RemoteTicket remote, Link link, Reading reading) {
        String clientId = channel.clientId();
        String refusal = reading.saidSince(link.lastComment()).isEmpty() ? null : addressRefusal(remote);
        if (refusal != null) {
            runTickets.unusable(clientId, run.runId(), remote.id(), refusal);
            return;
        }
        Comments.Taken taken = comments.take(channel, remote, metadata(channel, run, remote), link, reading);
        boolean goesOnElsewhere = !taken.ticketId().equals(link.ticketId());
        // What is on its way to Zendesk still would be told as the answer to what the customer has written since.
        boolean again = taken.atWork()
                ? goesOnElsewhere || link.processedAt() != null
                : run.force()
                        && link.processedAt() != null
                        && !remote.ended()
                        && reruns.request(clientId, link.ticketId(), run.createdBy(), "a Zendesk run was forced");
        runTickets.repeated(link, again);
        if (again) {
            runTickets.waiting(
                    clientId, run.runId(), remote.id(), taken.ticketId(), link.duplicates() + 1, taken.count());
        } else if (taken.count() > 0) {
            runTickets.added(clientId, run.runId(), link, taken.ticketId(), taken.count());
        } else {
            runTickets.skipped(clientId, run.runId(), remote.id(), link, reason(run, remote, link));
        }
    }

    private static String reason(Run run, RemoteTicket remote, Link link) {
        if (link.processedAt() == null) {
            return "is being worked on";
        }
        if (!run.force()) {
            return "was processed at " + link.processedAt();
        }
        return remote.ended() ? "is " + remote.status() : "is closed here, or is being worked on";
    }

    private void unknown(Channel channel, Run run, RemoteTicket remote, Reading reading) {
        String subject = subjectOf(remote);
        String body = text(remote.description());
        String email = remote.requesterEmail();
        String refusal = subject.isEmpty() && body.isEmpty()
                ? "has neither a description nor a subject"
                : addressRefusal(remote);
        if (refusal != null || email == null) {
            runTickets.unusable(channel.clientId(), run.runId(), remote.id(), String.valueOf(refusal));
            return;
        }
        // No description: the subject serves, and the other way round.
        NewTicket ticket = new NewTicket(
                CHANNEL,
                sourceOf(channel),
                subject.isEmpty() ? cut(body.lines().findFirst().orElse(body), TicketRules.MAX_SUBJECT) : subject,
                body.isEmpty() ? subject : body,
                email,
                false,
                PRIORITIES.contains(String.valueOf(remote.priority())) ? remote.priority() : null,
                Long.toString(remote.id()),
                metadata(channel, run, remote),
                run.createdBy());
        UUID ticketId =
                switch (tickets.receive(channel.clientId(), ticket, null)) {
                    case Reception.Accepted accepted -> accepted.ticketId();
                    case Reception.Repeated repeated -> repeated.ticketId();
                    case Reception.KeyTaken _ -> throw new IllegalStateException("no key was given");
                };
        runTickets.link(channel.clientId(), channel.channelId(), remote.id(), ticketId);
        Link link = runTickets.lock(channel.channelId(), remote.id()).orElseThrow();
        Comments.Taken taken = comments.take(channel, remote, ticket.metadata(), link, reading);
        runTickets.waiting(channel.clientId(), run.runId(), remote.id(), taken.ticketId(), 0, taken.count());
    }

    /** Whose external ids those of the account are. */
    static String sourceOf(Channel channel) {
        return CHANNEL + ":" + channel.setting("subdomain", channel.channelId());
    }

    private static @Nullable String addressRefusal(RemoteTicket remote) {
        String email = remote.requesterEmail();
        if (email == null) {
            return "its requester has no e-mail address";
        }
        return TicketRules.email(email) == null ? null : "its requester has an e-mail address that is none";
    }

    private static Map<String, String> metadata(Channel channel, Run run, RemoteTicket remote) {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("zendesk_id", Long.toString(remote.id()));
        String industry = run.industry() == null ? channel.setting("industry") : run.industry();
        if (industry != null) {
            metadata.put("industry", industry);
        }
        return metadata;
    }

    static String subjectOf(RemoteTicket remote) {
        return cut(storable(remote.subject()), TicketRules.MAX_SUBJECT);
    }

    /** As a message holds it; empty if nothing is left. */
    static String text(String written) {
        return cut(storable(written), TicketRules.MAX_BODY);
    }

    /** PostgreSQL keeps no NUL, and UTF-8 no half of a surrogate pair. */
    private static String storable(String text) {
        StringBuilder kept = new StringBuilder(text.length());
        text.codePoints()
                .filter(c -> c != 0 && !(c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE))
                .forEach(kept::appendCodePoint);
        return kept.toString().strip();
    }

    private static String cut(String text, int most) {
        return text.codePointCount(0, text.length()) <= most
                ? text
                : text.substring(0, text.offsetByCodePoints(0, most));
    }
}
