package io.opsrelay.ingestion.ticket;

import io.opsrelay.contracts.Event;
import io.opsrelay.contracts.TicketEvent.StatusSet;
import io.opsrelay.contracts.TicketEvent.TicketCorrected;
import io.opsrelay.ingestion.attachment.SentFiles;
import io.opsrelay.ingestion.attachment.TicketFile;
import io.opsrelay.ingestion.ticket.MessageStore.Known;
import io.opsrelay.ingestion.ticket.MessageStore.NewMessage;
import io.opsrelay.messaging.Ids;
import io.opsrelay.messaging.Outbox;
import io.opsrelay.security.Caller;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.security.web.EntityTags;
import io.opsrelay.security.web.ProblemException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Component;

/**
 * What people do to tickets. Each change is one commit: the ticket one version on, an entry in its timeline that says who
 * and why, a record for the dashboards, and an event where others have to act on it.
 */
@Component
class Desk {

    private static final String WHAT = "ticket";
    private static final String DESK = "desk";

    private final ClientTransactions transactions;
    private final DeskStore store;
    private final TicketsInHand tickets;
    private final StatusChanges statuses;
    private final MessageStore messages;
    private final RunRequests runs;
    private final Couriers couriers;
    private final SentFiles files;
    private final Outbox outbox;
    private final Ids ids;
    private final Clock clock;

    Desk(
            ClientTransactions transactions,
            DeskStore store,
            TicketsInHand tickets,
            StatusChanges statuses,
            MessageStore messages,
            RunRequests runs,
            Couriers couriers,
            SentFiles files,
            Outbox outbox,
            Ids ids,
            Clock clock) {
        this.transactions = transactions;
        this.store = store;
        this.tickets = tickets;
        this.statuses = statuses;
        this.messages = messages;
        this.runs = runs;
        this.couriers = couriers;
        this.files = files;
        this.outbox = outbox;
        this.ids = ids;
        this.clock = clock;
    }

    /** The ticket after a change. */
    record Changed(UUID ticketId, TicketStatus status, long version) {}

    /** A message that a person wrote, and whether it was there already. */
    record Written(UUID ticketId, UUID messageId, String state, long version, boolean repeated) {}

    Changed setStatus(Caller by, UUID ticketId, EntityTags expected, TicketStatus wanted, @Nullable String reason) {
        return change(by, ticketId, expected, ticket -> {
            if (!DeskRules.settable(ticket.status()).contains(wanted)) {
                throw ProblemException.conflict(DeskRules.refusal(ticket.status(), wanted));
            }
            long version = statuses.set(by.clientId(), ticket, wanted, by.asActor(), reason);
            return new Changed(ticketId, wanted, version);
        });
    }

    Changed retry(Caller by, UUID ticketId, EntityTags expected, @Nullable String reason) {
        return change(by, ticketId, expected, ticket -> {
            if (!DeskRules.mayRetry(ticket.status())) {
                throw ProblemException.conflict(
                        "the ticket is " + ticket.status().wireName()
                                + "; only a failed or an escalated one is given to the agent again");
            }
            UUID runId = runs.request(
                    by.clientId(), ticket, ticket.answeredSeq(), ticket.senderVerified(), "retried", by.asActor());
            return tell(
                    by,
                    ticket,
                    TicketStatus.RECEIVED,
                    DeskNarrative.retried(by.asActor(), ticket.status(), runId, reason),
                    null);
        });
    }

    /** Closes the ticket and hands its conversation to another one, which gets the customer's later messages, too. */
    Changed merge(Caller by, UUID ticketId, EntityTags expected, UUID into, @Nullable String reason) {
        if (ticketId.equals(into)) {
            throw ProblemException.unprocessable("into", "must be another ticket");
        }
        return transactions.call(by.clientId(), () -> {
            Map<UUID, DeskTicket> locked = store.lockForMerge(by.clientId(), ticketId, into);
            DeskTicket merged = locked.get(ticketId);
            DeskTicket target = locked.get(into);
            if (merged == null) {
                throw ProblemException.notFound(WHAT, ticketId);
            }
            if (target == null) {
                throw ProblemException.unprocessable("into", "is no ticket of this client");
            }
            refuseStale(merged, expected);
            refuseMerge(merged, target);
            store.setStatus(merged, TicketStatus.CLOSED, now());
            store.merge(ticketId, into);
            if (!merged.senderVerified() || !merged.customerEmail().equals(target.customerEmail())) {
                // Its words are the target's from now on.
                store.doubtSender(into);
            }
            tell(by, target, target.status(), DeskNarrative.mergedHere(by.asActor(), ticketId, reason), null);
            return tell(
                    by,
                    merged,
                    TicketStatus.CLOSED,
                    DeskNarrative.mergedInto(by.asActor(), merged.status(), into, reason),
                    merged.status() == TicketStatus.CLOSED
                            ? null
                            : new StatusSet(ticketId, TicketStatus.CLOSED.wireName(), by.asActor(), reason));
        });
    }

    private static void refuseMerge(DeskTicket merged, DeskTicket target) {
        if (merged.mergedInto() != null) {
            throw ProblemException.conflict("the ticket was merged into " + merged.mergedInto() + " before");
        }
        if (!DeskRules.mayBeMerged(merged.status())) {
            throw ProblemException.conflict(DeskRules.refusal(merged.status(), TicketStatus.CLOSED));
        }
        if (target.mergedInto() != null) {
            throw ProblemException.unprocessable("into", "was itself merged into " + target.mergedInto());
        }
        if (target.status() == TicketStatus.CLOSED) {
            throw ProblemException.unprocessable("into", "is closed");
        }
    }

    Changed setTags(Caller by, UUID ticketId, EntityTags expected, List<String> tags) {
        return change(by, ticketId, expected, ticket -> {
            List<String> before = store.tags(ticketId);
            if (before.equals(tags)) {
                return unchanged(ticket);
            }
            store.setTags(by.clientId(), ticketId, tags);
            return tell(by, ticket, ticket.status(), DeskNarrative.tagged(by.asActor(), before, tags), null);
        });
    }

    Changed setPriority(Caller by, UUID ticketId, EntityTags expected, String priority) {
        return correct(by, ticketId, expected, Judged.PRIORITY, priority, null);
    }

    /**
     * A person judges what the agent judges as well. The person's word stands, whatever a later run finds.
     *
     * @param said equal to what the ticket has: confirms it
     */
    Changed correct(
            Caller by, UUID ticketId, EntityTags expected, Judged judged, String said, @Nullable String reason) {
        return change(by, ticketId, expected, ticket -> {
            DeskStore.Known known = store.known(ticketId, judged);
            if (known.given() && said.equals(known.value())) {
                return unchanged(ticket);
            }
            store.correct(ticketId, judged, said);
            return tell(
                    by,
                    ticket,
                    ticket.status(),
                    DeskNarrative.corrected(by.asActor(), judged, known.value(), said, reason),
                    new TicketCorrected(
                            ticketId, judged.wireName(), known.classified(), known.modelVersion(), said, by.asActor()));
        });
    }

    Changed assign(Caller by, UUID ticketId, EntityTags expected, @Nullable String user) {
        return change(by, ticketId, expected, ticket -> {
            if (Objects.equals(user, ticket.assignee())) {
                return unchanged(ticket);
            }
            store.setAssignee(ticketId, user);
            return tell(
                    by, ticket, ticket.status(), DeskNarrative.assigned(by.asActor(), ticket.assignee(), user), null);
        });
    }

    /**
     * A reply to the customer, which its channel sends, or a note for colleagues.
     *
     * @param sent files of the ticket that go with it
     * @param key the sender's name for the request: the same one again writes nothing
     */
    Written write(Caller by, UUID ticketId, String text, boolean note, List<UUID> sent, @Nullable String key) {
        try {
            return transactions.call(by.clientId(), () -> writeOnce(by, ticketId, text, note, sent, key));
        } catch (DuplicateKeyException e) {
            return transactions.call(by.clientId(), () -> writeOnce(by, ticketId, text, note, sent, key));
        }
    }

    private Written writeOnce(
            Caller by, UUID ticketId, String text, boolean note, List<UUID> sent, @Nullable String key) {
        DeskTicket ticket = store.lock(ticketId).orElseThrow(() -> ProblemException.notFound(WHAT, ticketId));
        Optional<Known> known = key == null ? Optional.empty() : messages.find(DESK, key);
        if (known.isPresent()) {
            Known there = known.get();
            if (!there.ticketId().equals(ticketId)
                    || !there.text().equals(text)
                    || there.direction().equals("note") != note
                    || !sentWith(there.messageId()).equals(sent)) {
                throw ProblemException.unprocessable("Idempotency-Key", "was sent before with another request");
            }
            return new Written(ticketId, there.messageId(), there.state(), ticket.version(), true);
        }
        if (!note && ticket.status() == TicketStatus.CLOSED) {
            throw ProblemException.conflict(
                    ticket.mergedInto() == null
                            ? "the ticket is closed: nothing is sent on it any more"
                            : "the ticket was merged: write on ticket " + ticket.mergedInto());
        }
        UUID messageId = ids.next();
        MessageState state =
                note ? MessageState.DELIVERED : couriers.offer(by.clientId(), ticketId, messageId, ticket.channel());
        messages.add(
                by.clientId(),
                ticketId,
                ticket.version() + 1,
                new NewMessage(
                        messageId, note ? "note" : "outbound", text, state.wireName(), by.asActor(), null, DESK, key),
                now());
        if (!note) {
            files.send(by.clientId(), ticketId, messageId, sent);
            store.answered(ticket);
        }
        Changed changed = tell(
                by,
                ticket,
                ticket.status(),
                note
                        ? DeskNarrative.noteWritten(by.asActor(), messageId)
                        : DeskNarrative.replyWritten(by.asActor(), messageId),
                null);
        long version = changed.version();
        if (state == MessageState.FAILED) {
            version++;
            tickets.tell(
                    by.clientId(),
                    ticketId,
                    version,
                    ticket.status(),
                    Narrative.undeliverable(messageId, ticket.channel()),
                    now());
            tickets.letGo();
        }
        return new Written(ticketId, messageId, state.wireName(), version, false);
    }

    private List<UUID> sentWith(UUID messageId) {
        return files.of(messageId).stream().map(TicketFile::fileId).toList();
    }

    private Changed change(Caller by, UUID ticketId, EntityTags expected, Function<DeskTicket, Changed> change) {
        return transactions.call(by.clientId(), () -> {
            DeskTicket ticket = store.lock(ticketId).orElseThrow(() -> ProblemException.notFound(WHAT, ticketId));
            refuseStale(ticket, expected);
            return change.apply(ticket);
        });
    }

    private static void refuseStale(DeskTicket ticket, EntityTags expected) {
        if (!expected.match(ticket.version())) {
            throw ProblemException.stale("the ticket was changed since you read it; it is at version "
                    + ticket.version() + " now: read it again");
        }
    }

    private static Changed unchanged(DeskTicket ticket) {
        return new Changed(ticket.ticketId(), ticket.status(), ticket.version());
    }

    private Changed tell(
            Caller by, DeskTicket ticket, TicketStatus status, TimelineEntry entry, @Nullable Event event) {
        long version = ticket.version() + 1;
        tickets.tell(by.clientId(), ticket.ticketId(), version, status, entry, now());
        tickets.letGo();
        if (event != null) {
            outbox.publish(by.clientId(), event);
        }
        return new Changed(ticket.ticketId(), status, version);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
