package io.opsrelay.ingestion.mailout;

import io.opsrelay.ingestion.mailout.Suppressions.Suppression;
import io.opsrelay.ingestion.ticket.MessageState;
import io.opsrelay.ingestion.ticket.OutboundMessage;
import io.opsrelay.ingestion.ticket.OutboundMessages;
import io.opsrelay.messaging.job.Jobs;
import io.opsrelay.security.Caller;
import io.opsrelay.security.RequiresRole;
import io.opsrelay.security.Role;
import io.opsrelay.security.audit.Audit;
import io.opsrelay.security.audit.AuditEntry;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.security.web.Cursor;
import io.opsrelay.security.web.Page;
import io.opsrelay.security.web.PageRequest;
import io.opsrelay.security.web.ProblemException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** What became of a ticket's mails, another try, and the addresses that nothing is sent to. */
@RestController
class MailEndpoint {

    private static final int LONGEST_ADDRESS = 320;

    private final ClientTransactions transactions;
    private final MailStore store;
    private final Suppressions suppressions;
    private final OutboundMessages messages;
    private final Jobs jobs;
    private final Audit audit;

    MailEndpoint(
            ClientTransactions transactions,
            MailStore store,
            Suppressions suppressions,
            OutboundMessages messages,
            Jobs jobs,
            Audit audit) {
        this.transactions = transactions;
        this.store = store;
        this.suppressions = suppressions;
        this.messages = messages;
        this.jobs = jobs;
        this.audit = audit;
    }

    /**
     * A message's way by e-mail.
     *
     * @param state the message's
     * @param rfc822MessageId the mail's Message-ID
     * @param error what went wrong last
     * @param settledAt when it was known to have arrived, or not to arrive
     */
    record MailResource(
            UUID messageId,
            String state,
            @Nullable String recipient,
            @Nullable String rfc822MessageId,
            @Nullable String provider,
            @Nullable String providerMessageId,
            int attempts,
            @Nullable String error,
            Instant createdAt,
            @Nullable Instant attemptedAt,
            @Nullable Instant sentAt,
            @Nullable Instant settledAt) {}

    /** Oldest first. */
    record MailList(List<MailResource> items) {}

    /** @param messageId the mail that came back */
    record SuppressionResource(String email, String reason, UUID messageId, Instant createdAt) {}

    @GetMapping("/api/v1/tickets/{id}/emails")
    @RequiresRole({Role.VIEWER, Role.AGENT, Role.APPROVER, Role.SRE, Role.ADMIN})
    MailList ofTicket(Caller caller, @PathVariable("id") String id) {
        UUID ticketId = PageRequest.idOf("ticket", id);
        return transactions.read(caller.clientId(), () -> {
            if (!store.hasTicket(ticketId)) {
                throw ProblemException.notFound("ticket", id);
            }
            return new MailList(store.ofTicket(ticketId));
        });
    }

    /** Tries a mail again that failed, under the same Message-ID. */
    @PostMapping("/api/v1/tickets/{id}/emails/{message_id}/retry")
    @RequiresRole({Role.AGENT, Role.ADMIN})
    @ResponseStatus(HttpStatus.ACCEPTED)
    MailList retry(Caller caller, @PathVariable("id") String id, @PathVariable("message_id") String message) {
        UUID ticketId = PageRequest.idOf("ticket", id);
        UUID messageId = PageRequest.idOf("e-mail", message);
        return transactions.call(caller.clientId(), () -> {
            MailOut mail = store.lock(messageId)
                    .filter(known -> known.ticketId().equals(ticketId))
                    .orElseThrow(() -> ProblemException.notFound("e-mail", message));
            MessageState state = messages.find(ticketId, messageId)
                    .map(OutboundMessage::state)
                    .orElseThrow();
            if (state != MessageState.FAILED) {
                throw ProblemException.conflict(
                        "the e-mail is " + state.wireName() + ": only a failed one is tried again");
            }
            store.anew(mail.messageId());
            messages.move(
                    caller.clientId(),
                    ticketId,
                    messageId,
                    MessageState.PENDING,
                    "message_retried",
                    "The e-mail is tried again, asked for by " + caller.user(),
                    Map.of("by", caller.asActor()));
            jobs.add(Postman.QUEUE, caller.clientId(), "ticket/" + ticketId, Postman.SEND, messageId);
            return new MailList(store.ofTicket(ticketId));
        });
    }

    @GetMapping("/api/v1/mail-suppressions")
    @RequiresRole({Role.AGENT, Role.ADMIN})
    Page<SuppressionResource> suppressed(Caller caller, PageRequest page) {
        Cursor after = page.after();
        List<Suppression> rows = transactions.read(
                caller.clientId(),
                () -> suppressions.list(
                        after == null ? null : after.createdAt(), after == null ? null : after.id(), page.limit() + 1));
        Page<Suppression> found = Page.of(rows, page.limit(), row -> new Cursor(row.createdAt(), row.id()));
        return new Page<>(
                found.items().stream()
                        .map(row ->
                                new SuppressionResource(row.email(), row.reason(), row.messageId(), row.createdAt()))
                        .toList(),
                found.nextCursor());
    }

    /** Mails go to the address again. */
    @DeleteMapping("/api/v1/mail-suppressions/{email}")
    @RequiresRole(Role.ADMIN)
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void unsuppress(Caller caller, @PathVariable("email") String email) {
        boolean removed = email.length() <= LONGEST_ADDRESS
                && email.indexOf('\0') < 0
                && transactions.call(caller.clientId(), () -> lift(caller, email));
        if (!removed) {
            throw ProblemException.notFound("suppressed address", email);
        }
    }

    private boolean lift(Caller caller, String email) {
        Optional<UUID> gone = suppressions.remove(email);
        // By its id: the address must not stay for ever in a log that nobody can change.
        gone.ifPresent(id -> audit.record(
                caller.clientId(),
                new AuditEntry(
                        caller.asActor(),
                        "mail_suppression.lifted",
                        "mail_suppression",
                        id.toString(),
                        null,
                        null,
                        Map.of(),
                        Map.of())));
        return gone.isPresent();
    }
}
