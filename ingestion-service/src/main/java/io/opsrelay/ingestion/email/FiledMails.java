package io.opsrelay.ingestion.email;

import io.opsrelay.ingestion.attachment.Attachments;
import io.opsrelay.ingestion.attachment.StoredFile;
import io.opsrelay.ingestion.channel.Channel;
import io.opsrelay.ingestion.email.body.MailBody;
import io.opsrelay.ingestion.mime.MailKind;
import io.opsrelay.ingestion.mime.MailSecurity;
import io.opsrelay.ingestion.mime.ParsedMail;
import io.opsrelay.security.Caller;
import io.opsrelay.security.audit.Audit;
import io.opsrelay.security.audit.AuditEntry;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.security.web.PageRequest;
import io.opsrelay.security.web.ProblemException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** What people may do with mails that nobody works on. */
@Component
class FiledMails {

    private final FiledMailStore store;
    private final MailReader reader;
    private final TicketMails tickets;
    private final Attachments attachments;
    private final ClientTransactions transactions;
    private final ObjectProvider<Audit> audit;
    private final Clock clock;

    FiledMails(
            FiledMailStore store,
            MailReader reader,
            TicketMails tickets,
            Attachments attachments,
            ClientTransactions transactions,
            ObjectProvider<Audit> audit,
            Clock clock) {
        this.store = store;
        this.reader = reader;
        this.tickets = tickets;
        this.attachments = attachments;
        this.transactions = transactions;
        this.audit = audit;
        this.clock = clock;
    }

    List<FiledMail> list(String clientId, @Nullable String reason, @Nullable String state, PageRequest page) {
        return transactions.read(clientId, () -> store.list(reason, state, page));
    }

    FiledMail one(String clientId, UUID filedId) {
        return transactions.read(clientId, () -> store.find(filedId).orElseThrow(() -> unknown(filedId)));
    }

    /** The whole mail; the caller closes it. */
    Spool original(String clientId, FiledMail mail) throws IOException {
        Spool raw = new Spool();
        try {
            transactions.run(clientId, () -> {
                try {
                    store.copy(mail.filedId(), raw);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            return raw;
        } catch (UncheckedIOException e) {
            raw.close();
            throw e.getCause();
        } catch (RuntimeException e) {
            raw.close();
            throw e;
        }
    }

    /** @return the ticket that it became, now or before */
    UUID accept(Caller caller, UUID filedId, @Nullable String customerEmail) throws IOException {
        String clientId = caller.clientId();
        FiledMail mail = one(clientId, filedId);
        if (mail.acceptedAs() != null) {
            return mail.acceptedAs();
        }
        String customer = customerEmail == null ? mail.sender() : customerEmail.strip();
        if (customer == null || !SenderAddress.isUsable(customer)) {
            throw ProblemException.unprocessable(
                    "customer_email", "must be an e-mail address, since the mail names no sender that could be used");
        }
        try (Spool raw = original(clientId, mail)) {
            ReadMail.Whole read = whole(clientId, reader.read(clientId, raw), mail, raw);
            AtomicBoolean kept = new AtomicBoolean();
            try {
                UUID ticketId = transactions.call(clientId, () -> {
                    FiledMail locked = store.lock(filedId).orElseThrow(() -> unknown(filedId));
                    if (locked.acceptedAs() != null) {
                        return locked.acceptedAs();
                    }
                    kept.set(true);
                    return accepted(caller, locked, raw, read, customer);
                });
                return ticketId;
            } catch (RuntimeException e) {
                kept.set(false);
                throw e;
            } finally {
                if (!kept.get()) {
                    attachments.discard(
                            clientId,
                            read.files().stream().map(StoredFile::fileId).toList());
                }
            }
        }
    }

    private UUID accepted(Caller caller, FiledMail mail, Spool raw, ReadMail.Whole read, String customer) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        Channel channel =
                new Channel(caller.clientId(), mail.channelId(), "filed", "filed mail", List.of(), Map.of(), true, 1);
        InboundMail inbound = new InboundMail(channel, raw, List.of(), mail.verified(), null);
        UUID ticketId = tickets.open(inbound, read, mail.ticketId(), caller.asActor(), customer, now)
                .ticketId();
        store.accept(mail.filedId(), caller.asActor(), ticketId);
        audit.ifAvailable(log -> log.record(
                caller.clientId(),
                new AuditEntry(
                        caller.asActor(),
                        "filed_mail.accepted",
                        "filed_mail",
                        mail.filedId().toString(),
                        ticketId,
                        null,
                        Map.of("reason", mail.reason()),
                        Map.of())));
        return ticketId;
    }

    /** Of one that cannot be read the ticket shows what there is. */
    private ReadMail.Whole whole(String clientId, ReadMail read, FiledMail mail, Spool raw) throws IOException {
        return switch (read) {
            case ReadMail.Whole whole -> whole;
            case ReadMail.Broken broken -> unreadable(broken, mail, reader.original(clientId, raw));
        };
    }

    private static ReadMail.Whole unreadable(ReadMail.Broken broken, FiledMail mail, StoredFile original) {
        return new ReadMail.Whole(
                broken.rfc822Id(),
                new ParsedMail(
                        null,
                        List.of(),
                        List.of(),
                        null,
                        List.of(),
                        List.of(),
                        List.of(),
                        mail.subject(),
                        null,
                        mail.preview(),
                        null,
                        mail.preview(),
                        List.of(),
                        new MailKind.Ordinary(),
                        MailSecurity.NONE,
                        Set.of()),
                List.of(original),
                List.of(broken.why()),
                new MailBody(null, Map.of(), original.fileId()));
    }

    private static ProblemException unknown(UUID filedId) {
        return ProblemException.notFound(FiledMailController.WHAT, filedId);
    }
}
