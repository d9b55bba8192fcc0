package io.opsrelay.ingestion.email;

import io.micrometer.core.instrument.MeterRegistry;
import io.opsrelay.ingestion.attachment.Attachments;
import io.opsrelay.ingestion.mailout.Deliveries;
import io.opsrelay.ingestion.mime.MailKind;
import io.opsrelay.messaging.Ids;
import io.opsrelay.security.tenant.ClientTransactions;
import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.UnexpectedRollbackException;

/**
 * Takes mails in, from whatever door: once each, by Message-ID. What comes of one is stored in one transaction; files are
 * stored before it, and removed again if nothing comes of them.
 */
@Component
public class MailIntake {

    private static final String IN_FAILED_TRANSACTION = "25P02";
    private static final Duration TOKENS_KEPT = Duration.ofDays(1);

    private final MailReader reader;
    private final Sorting sorting;
    private final TicketMails tickets;
    private final InboundStore inbound;
    private final FiledMailStore filed;
    private final Deliveries deliveries;
    private final Attachments attachments;
    private final ClientTransactions transactions;
    private final EmailProperties properties;
    private final MeterRegistry meters;
    private final Ids ids;
    private final Clock clock;

    MailIntake(
            MailReader reader,
            Sorting sorting,
            TicketMails tickets,
            InboundStore inbound,
            FiledMailStore filed,
            Deliveries deliveries,
            Attachments attachments,
            ClientTransactions transactions,
            EmailProperties properties,
            MeterRegistry meters,
            Ids ids,
            Clock clock) {
        this.reader = reader;
        this.sorting = sorting;
        this.tickets = tickets;
        this.inbound = inbound;
        this.filed = filed;
        this.deliveries = deliveries;
        this.attachments = attachments;
        this.transactions = transactions;
        this.properties = properties;
        this.meters = meters;
        this.ids = ids;
        this.clock = clock;
    }

    /**
     * Takes a mail in. When this returns, what became of it survives any crash.
     *
     * @param within what else belongs into the same transaction; may run more than once, then the last one counts
     * @throws IOException if the mail's bytes cannot be read, or its files not stored: ours to mend, try again
     * @throws org.springframework.dao.DataAccessException if the database cannot answer; nothing is stored then
     */
    public Taken take(InboundMail mail, Runnable within) throws IOException {
        Optional<Taken> before = before(mail, within);
        if (before.isPresent()) {
            MailMetric.TAKEN.count(meters, mail.channel().kind(), "repeated");
            return before.get();
        }
        ReadMail read = reader.read(mail.channel().clientId(), mail.raw());
        Outcome outcome = new Outcome();
        try {
            settle(mail, read, within, outcome);
        } finally {
            if (!outcome.filesKept) {
                attachments.discard(
                        mail.channel().clientId(),
                        read.files().stream().map(file -> file.fileId()).toList());
            }
        }
        MailMetric.TAKEN.count(meters, mail.channel().kind(), outcome.word);
        if (!outcome.reason.isEmpty()) {
            MailMetric.FILED.count(meters, mail.channel().kind(), outcome.reason);
        }
        return outcome.taken();
    }

    /** Like {@link #take(InboundMail, Runnable)}, with nothing else in the transaction. */
    public Taken take(InboundMail mail) throws IOException {
        return take(mail, () -> {});
    }

    /** A mail that was here before is not even read: its providers send it again for hours. */
    private Optional<Taken> before(InboundMail mail, Runnable within) throws IOException {
        String clientId = mail.channel().clientId();
        String messageId;
        try (InputStream raw = mail.raw().open()) {
            messageId = MailHeaders.read(raw).first("message-id");
        }
        String rfc822Id = messageId == null ? "" : Threads.bare(messageId);
        return transactions.call(clientId, () -> {
            Optional<Taken> known = mail.token() == null
                    ? Optional.empty()
                    : inbound.knownToken(mail.channel().channelId(), mail.token());
            Optional<Taken> before = known.isPresent() || rfc822Id.isEmpty() ? known : inbound.known(rfc822Id);
            if (before.isPresent()) {
                within.run();
            }
            return before;
        });
    }

    private void settle(InboundMail mail, ReadMail read, Runnable within, Outcome outcome) {
        String clientId = mail.channel().clientId();
        try {
            transactions.run(clientId, () -> settleOnce(mail, read, within, outcome));
        } catch (DataAccessException | UnexpectedRollbackException e) {
            if (!isLostRace(e)) {
                throw e;
            }
            // The same token or ticket was being stored at the same moment. It is there now.
            outcome.clear();
            transactions.run(clientId, () -> settleOnce(mail, read, within, outcome));
        }
    }

    /** What was in the way broke the transaction, and whoever noticed it inside has met the broken transaction since. */
    private static boolean isLostRace(RuntimeException e) {
        if (e instanceof DuplicateKeyException || e instanceof UnexpectedRollbackException) {
            return true;
        }
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException failure && IN_FAILED_TRANSACTION.equals(failure.getSQLState())) {
                return true;
            }
        }
        return false;
    }

    private void settleOnce(InboundMail mail, ReadMail read, Runnable within, Outcome outcome) {
        String clientId = mail.channel().clientId();
        String channelId = mail.channel().channelId();
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        within.run();
        if (mail.token() != null) {
            Optional<Taken> used = inbound.knownToken(channelId, mail.token());
            if (used.isPresent()) {
                outcome.repeated(used.get());
                return;
            }
        }
        if (inbound.claim(clientId, read.rfc822Id(), channelId, now)) {
            decideAndStore(mail, read, outcome, now);
            inbound.settle(read.rfc822Id(), outcome.taken());
        } else {
            outcome.repeated(inbound.known(read.rfc822Id()).orElseThrow());
        }
        if (mail.token() != null) {
            inbound.use(clientId, channelId, mail.token(), outcome.taken(), now);
            inbound.pruneTokens(now.minus(TOKENS_KEPT));
        }
    }

    private void decideAndStore(InboundMail mail, ReadMail read, Outcome outcome, Instant now) {
        Decision decision = read instanceof ReadMail.Whole whole
                ? sorting.decide(mail, whole.mail(), now)
                : new Decision.File("broken", ((ReadMail.Broken) read).why(), null);
        if (read instanceof ReadMail.Whole whole) {
            tellSender(mail, whole);
        }
        switch (decision) {
            case Decision.File file -> outcome.filed(file(mail, read, file, now), file.reason());
            case Decision.Continue on ->
                outcome.kept(tickets.continueWith(mail, (ReadMail.Whole) read, on.ticketId(), now), "continued");
            case Decision.Open open ->
                outcome.kept(tickets.open(mail, (ReadMail.Whole) read, open.linkedTo(), now), "opened");
        }
    }

    /** A bounce tells what became of a mail of ours. */
    private void tellSender(InboundMail mail, ReadMail.Whole read) {
        if (read.mail().kind() instanceof MailKind.Bounce bounce && bounce.originalMessageId() != null) {
            String reason = bounce.reason() != null ? bounce.reason() : bounce.status();
            deliveries.bounced(
                    mail.channel().clientId(),
                    bounce.originalMessageId(),
                    bounce.permanent(),
                    reason == null ? "the mail came back" : reason);
        }
    }

    private Taken.Filed file(InboundMail mail, ReadMail read, Decision.File file, Instant now) {
        String clientId = mail.channel().clientId();
        FiledMail made = new FiledMail(
                ids.next(),
                read.rfc822Id(),
                mail.channel().channelId(),
                file.reason(),
                file.detail(),
                read.sender() == null ? null : read.sender().toLowerCase(Locale.ROOT),
                mail.senderVerified(),
                read.subject(),
                Texts.cut(read.text(), FiledMail.PREVIEW),
                file.about(),
                null,
                null,
                mail.raw().size(),
                now);
        filed.insert(clientId, made, mail.raw());
        filed.prune(now.minus(properties.filedKept()));
        return new Taken.Filed(made.filedId(), file.about());
    }

    /** What came of the last try; only what is committed counts. */
    private static final class Outcome {
        private @Nullable Taken taken;
        private String word = "";
        private String reason = "";
        private boolean filesKept;

        /** Set by each try before it is asked for. */
        Taken taken() {
            return Objects.requireNonNull(taken);
        }

        void clear() {
            taken = null;
            word = "";
            reason = "";
            filesKept = false;
        }

        void repeated(Taken before) {
            taken = before;
            word = "repeated";
        }

        void filed(Taken.Filed mail, String why) {
            taken = mail;
            word = "filed";
            reason = why;
        }

        void kept(Taken.Received mail, String how) {
            taken = mail;
            word = how;
            filesKept = true;
        }
    }
}
