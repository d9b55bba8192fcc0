package io.opsrelay.ingestion.zendesk;

import io.opsrelay.ingestion.channel.Channel;
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
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Component;

/** Decides about each ticket that a run comes upon, and takes it in. */
@Component
class Receiver {

    static final String CHANNEL = "zendesk";

    private static final List<String> PRIORITIES = List.of("low", "normal", "high", "urgent");

    private final Tickets tickets;
    private final Reruns reruns;
    private final RunTickets runTickets;
    private final ClientTransactions transactions;

    Receiver(Tickets tickets, Reruns reruns, RunTickets runTickets, ClientTransactions transactions) {
        this.tickets = tickets;
        this.reruns = reruns;
        this.runTickets = runTickets;
        this.transactions = transactions;
    }

    /** In one commit; the same ticket again in the same run does nothing. */
    void take(Channel channel, Run run, RemoteTicket remote) {
        try {
            transactions.run(channel.clientId(), () -> takeOnce(channel, run, remote));
        } catch (DuplicateKeyException e) {
            // The same ticket was being stored at the same moment. It is there now.
            transactions.run(channel.clientId(), () -> takeOnce(channel, run, remote));
        }
    }

    private void takeOnce(Channel channel, Run run, RemoteTicket remote) {
        if (runTickets.isKnown(run.runId(), remote.id())) {
            return;
        }
        Link link = runTickets.lock(channel.channelId(), remote.id()).orElse(null);
        if (link != null) {
            known(channel.clientId(), run, remote, link);
        } else if (remote.ended()) {
            runTickets.skipped(channel.clientId(), run.runId(), remote.id(), null, "is " + remote.status());
        } else if (run.onlyUnprocessed() && remote.status().equals("solved")) {
            runTickets.skipped(channel.clientId(), run.runId(), remote.id(), null, "is solved");
        } else {
            unknown(channel, run, remote);
        }
    }

    private void known(String clientId, Run run, RemoteTicket remote, Link link) {
        boolean again = run.force()
                && link.processedAt() != null
                && !remote.ended()
                && reruns.request(clientId, link.ticketId(), run.createdBy(), "a Zendesk run was forced");
        runTickets.repeated(link, again);
        if (again) {
            runTickets.waiting(clientId, run.runId(), remote.id(), link.ticketId(), link.duplicates() + 1);
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

    private void unknown(Channel channel, Run run, RemoteTicket remote) {
        String subject = storable(remote.subject());
        String body = storable(remote.description());
        String email = remote.requesterEmail();
        String refusal = refusal(subject, body, email);
        if (refusal != null || email == null) {
            runTickets.unusable(channel.clientId(), run.runId(), remote.id(), String.valueOf(refusal));
            return;
        }
        // No description: the subject serves, and the other way round.
        NewTicket ticket = new NewTicket(
                CHANNEL,
                CHANNEL + ":" + channel.setting("subdomain", channel.channelId()),
                cut(subject.isEmpty() ? body.lines().findFirst().orElse(body) : subject, TicketRules.MAX_SUBJECT),
                cut(body.isEmpty() ? subject : body, TicketRules.MAX_BODY),
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
        runTickets.waiting(channel.clientId(), run.runId(), remote.id(), ticketId, 0);
    }

    private static @Nullable String refusal(String subject, String body, @Nullable String email) {
        if (subject.isEmpty() && body.isEmpty()) {
            return "has neither a description nor a subject";
        }
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
