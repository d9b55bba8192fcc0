package io.opsrelay.ingestion.zendesk;

import io.opsrelay.ingestion.channel.Channel;
import io.opsrelay.ingestion.ticket.Continuation;
import io.opsrelay.ingestion.ticket.NewTicket;
import io.opsrelay.ingestion.ticket.Tickets;
import io.opsrelay.ingestion.zendesk.RunTickets.Link;
import io.opsrelay.ingestion.zendesk.remote.RemoteComment;
import io.opsrelay.ingestion.zendesk.remote.RemoteTicket;
import io.opsrelay.ingestion.zendesk.remote.ZendeskAccount;
import io.opsrelay.ingestion.zendesk.remote.ZendeskApi;
import io.opsrelay.ingestion.zendesk.remote.ZendeskException;
import io.opsrelay.security.tenant.ClientTransactions;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Makes messages of what a ticket's customer writes at Zendesk after the description. Each comment is taken once: the link
 * of the two tickets, which whoever takes comments has locked, names the newest one that was looked at.
 */
@Component
class Comments {

    /** Zendesk's stamps count seconds: what is younger may get another comment under the same stamp. */
    private static final Duration SETTLED = Duration.ofMinutes(1);

    private final ZendeskApi api;
    private final RunTickets runTickets;
    private final Tickets tickets;
    private final ClientTransactions transactions;
    private final Clock clock;

    Comments(ZendeskApi api, RunTickets runTickets, Tickets tickets, ClientTransactions transactions, Clock clock) {
        this.api = api;
        this.runTickets = runTickets;
        this.tickets = tickets;
        this.transactions = transactions;
        this.clock = clock;
    }

    /**
     * What became of a ticket's comments.
     *
     * @param ticketId where they stand: the ticket itself, the one it was merged into, or one that goes on for it
     * @param count how many became messages
     * @param atWork whether the agent works on that ticket because of them, and its answer goes to Zendesk
     */
    record Taken(UUID ticketId, int count, boolean atWork) {}

    /**
     * Asks Zendesk for the comments where there may be others than were seen. Outside any transaction.
     *
     * @throws ZendeskException if it is worth another try
     */
    Reading read(Channel channel, ZendeskAccount account, Run run, RemoteTicket remote) {
        Optional<Start> start = transactions.read(channel.clientId(), () -> startOf(channel.channelId(), run, remote));
        if (start.isEmpty()) {
            return Reading.NONE;
        }
        Long since = start.get().since();
        try {
            return new Reading(since, api.comments(account, remote, since), true, null);
        } catch (ZendeskException e) {
            if (e.kind() != ZendeskException.Kind.REFUSED) {
                throw e;
            }
            // Deleted a moment ago, say: the other tickets have nothing to do with it.
            return Reading.refused(since, "its comments cannot be read: " + e.reason());
        }
    }

    /** @param since the comment behind which it reads; null for the beginning */
    private record Start(@Nullable Long since) {}

    private Optional<Start> startOf(String channelId, Run run, RemoteTicket remote) {
        if (remote.status().equals("deleted") || runTickets.isKnown(run.runId(), remote.id())) {
            return Optional.empty();
        }
        Link link = runTickets.find(channelId, remote.id()).orElse(null);
        if (link == null) {
            boolean untouched = remote.createdAt().equals(remote.updatedAt());
            return untouched || Receiver.isLeftAlone(run, remote) ? Optional.empty() : Optional.of(new Start(null));
        }
        return remote.updatedAt().equals(link.readStamp())
                ? Optional.empty()
                : Optional.of(new Start(link.lastComment()));
    }

    /**
     * Adds what was read to the ticket, as a customer's reply by any other door. In the transaction that has locked the
     * link.
     */
    Taken take(Channel channel, RemoteTicket remote, Map<String, String> metadata, Link link, Reading reading) {
        UUID ticketId = link.ticketId();
        int count = 0;
        boolean atWork = false;
        for (RemoteComment comment : reading.saidSince(link.lastComment())) {
            String text = textOf(comment);
            if (text.isEmpty()) {
                continue;
            }
            switch (tickets.continueWith(
                    channel.clientId(), ticketId, said(channel, remote, metadata, comment, text))) {
                case Continuation.Added _ -> {
                    // Whoever has the ticket in hand finds it there.
                }
                case Continuation.Reopened(UUID reopened, UUID _) ->
                    // A merged ticket's customer is answered where that one's is.
                    atWork = runTickets.ofTicket(reopened).isPresent();
                case Continuation.Linked(UUID another, UUID _) -> {
                    runTickets.continued(channel.clientId(), link, ticketId, another);
                    ticketId = another;
                    atWork = true;
                }
                case Continuation.NoSuchTicket _ -> throw new IllegalStateException("a linked ticket is there");
            }
            count++;
        }
        if (reading.continues(link.lastComment())) {
            runTickets.commentsRead(link, reading.newest(), isSettled(remote) ? remote.updatedAt() : null);
        }
        return new Taken(ticketId, count, atWork);
    }

    private static String textOf(RemoteComment comment) {
        String text = Receiver.text(comment.text() == null ? "" : comment.text());
        return text.isEmpty() && comment.files() > 0
                ? "(No text, but files: " + comment.files() + ". They are to be seen at Zendesk.)"
                : text;
    }

    private static NewTicket said(
            Channel channel, RemoteTicket remote, Map<String, String> metadata, RemoteComment comment, String text) {
        return new NewTicket(
                Receiver.CHANNEL,
                Receiver.sourceOf(channel),
                Receiver.subjectOf(remote),
                text,
                String.valueOf(remote.requesterEmail()),
                false,
                null,
                Long.toString(comment.id()),
                metadata,
                "service:zendesk");
    }

    private boolean isSettled(RemoteTicket remote) {
        try {
            return Instant.parse(remote.updatedAt()).isBefore(clock.instant().minus(SETTLED));
        } catch (DateTimeException e) {
            return false;
        }
    }
}
