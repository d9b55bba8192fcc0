package io.opsrelay.ingestion.mailout;

import io.micrometer.core.instrument.MeterRegistry;
import io.opsrelay.ingestion.attachment.Attachments;
import io.opsrelay.ingestion.attachment.SentFiles;
import io.opsrelay.ingestion.blob.BlobStoreException;
import io.opsrelay.ingestion.customer.Customers;
import io.opsrelay.ingestion.mailout.Senders.UnusableChannelException;
import io.opsrelay.ingestion.mailout.provider.Handover;
import io.opsrelay.ingestion.mailout.provider.MailFile;
import io.opsrelay.ingestion.mailout.provider.OutgoingMail;
import io.opsrelay.ingestion.ticket.MessageState;
import io.opsrelay.ingestion.ticket.OutboundMessage;
import io.opsrelay.ingestion.ticket.OutboundMessages;
import io.opsrelay.messaging.Failpoint;
import io.opsrelay.messaging.job.Job;
import io.opsrelay.security.tenant.ClientTransactions;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * Sends mails. That one will be sent, and under which Message-ID, is committed before anything leaves; what came of it is
 * committed after. Between the two a mail can leave twice, but never under two Message-IDs.
 */
@Component
class Postman {

    static final String QUEUE = "mail-out";

    /** To send a message. */
    static final String SEND = "send";

    private static final Logger LOG = LoggerFactory.getLogger(Postman.class);

    private final MailStore store;
    private final Suppressions suppressions;
    private final Senders senders;
    private final Composer composer;
    private final OutboundMessages messages;
    private final Customers customers;
    private final SentFiles sentFiles;
    private final Attachments attachments;
    private final ObjectProvider<MailThreads> threads;
    private final ClientTransactions transactions;
    private final MailProperties properties;
    private final MeterRegistry meters;
    private final Clock clock;

    /** Threads come late: whoever keeps them knows this package. */
    Postman(
            MailStore store,
            Suppressions suppressions,
            Senders senders,
            Composer composer,
            OutboundMessages messages,
            Customers customers,
            SentFiles sentFiles,
            Attachments attachments,
            ObjectProvider<MailThreads> threads,
            ClientTransactions transactions,
            MailProperties properties,
            MeterRegistry meters,
            Clock clock) {
        this.store = store;
        this.suppressions = suppressions;
        this.senders = senders;
        this.composer = composer;
        this.messages = messages;
        this.customers = customers;
        this.sentFiles = sentFiles;
        this.attachments = attachments;
        this.threads = threads;
        this.transactions = transactions;
        this.properties = properties;
        this.meters = meters;
        this.clock = clock;
    }

    void work(Job job) {
        if (!job.kind().equals(SEND)) {
            throw new IllegalArgumentException("no kind of job here: " + job.kind());
        }
        Optional<Ready> found = transactions.call(job.clientId(), () -> prepare(job));
        if (found.isEmpty()) {
            return;
        }
        Ready ready = found.get();
        Failpoint.BEFORE_PROVIDER_CALL.pass();
        long start = System.nanoTime();
        Handover handover = ready.outlet().sender().send(ready.mail());
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        Failpoint.AFTER_PROVIDER_CALL.pass();
        String outcome = transactions.call(job.clientId(), () -> settle(job, handover));
        MailMetric.attempt(meters, ready.outlet().provider(), outcome, took);
    }

    /** What is to be sent now; if nothing, the job is ended or put off. */
    private Optional<Ready> prepare(Job job) {
        MailOut mail = store.lock(job.subject()).orElse(null);
        OutboundMessage message = mail == null
                ? null
                : messages.find(mail.ticketId(), mail.messageId()).orElse(null);
        if (mail == null || message == null || message.state() != MessageState.PENDING) {
            job.done(); // sent or settled meanwhile
            return Optional.empty();
        }
        Optional<String> recipient = Composer.recipient(message.customerEmail());
        Optional<Unsendable> objection = objection(job.clientId(), message.customerEmail(), recipient);
        if (objection.isPresent()) {
            MailMetric.UNSENT.count(meters, "reason", objection.get().code());
            fail(job, mail, "Not sent: " + objection.get().reason());
            return Optional.empty();
        }
        Outlet outlet = outletFor(job, mail);
        if (outlet == null) {
            return Optional.empty();
        }
        String id = Optional.ofNullable(mail.rfc822Id()).orElseGet(() -> Composer.idOf(message, outlet));
        Instant now = now();
        OutgoingMail ready = composer.compose(
                job.clientId(),
                message,
                outlet,
                id,
                recipient.orElseThrow(),
                conversation(job.clientId(), mail.ticketId()),
                message.createdAt(),
                files(job.clientId(), message.messageId()));
        store.begin(mail.messageId(), id, message.customerEmail(), outlet.provider(), now);
        // Before it leaves: an answer may be faster than what is written afterwards.
        threads.ifAvailable(kept -> kept.remember(job.clientId(), mail.ticketId(), mail.messageId(), id));
        return Optional.of(new Ready(outlet, ready));
    }

    private Optional<Unsendable> objection(String clientId, String email, Optional<String> recipient) {
        if (recipient.isEmpty()) {
            return Optional.of(new Unsendable("bad_address", "no mail can be sent to such an address"));
        }
        if (customers.isBlocked(clientId, email)) {
            return Optional.of(new Unsendable("blocked", "the customer is blocked"));
        }
        return suppressions
                .reason(email)
                .map(reason -> new Unsendable("suppressed", "an earlier mail to this address came back: " + reason));
    }

    private @Nullable Outlet outletFor(Job job, MailOut mail) {
        String reason = "no mail server is configured for this client";
        try {
            Optional<Outlet> outlet = senders.of(job.clientId());
            if (outlet.isPresent()) {
                return outlet.get();
            }
        } catch (UnusableChannelException e) {
            reason = String.valueOf(e.getMessage());
        }
        MailMetric.UNSENT.count(meters, "reason", "no_sender");
        store.untried(mail.messageId(), reason);
        putOff(job, mail, mail.attempts() + 1, reason, null);
        return null;
    }

    private List<MailFile> files(String clientId, UUID messageId) {
        return sentFiles.of(messageId).stream()
                .map(file -> new MailFile(
                        file.fileName(), file.mediaType(), file.size(), () -> open(clientId, file.fileId())))
                .toList();
    }

    private InputStream open(String clientId, UUID fileId) throws IOException {
        try {
            return attachments
                    .open(clientId, fileId)
                    .orElseThrow(() -> new IOException("file " + fileId + " is not there"));
        } catch (BlobStoreException e) {
            throw new IOException(e);
        }
    }

    private List<String> conversation(String clientId, UUID ticketId) {
        MailThreads kept = threads.getIfAvailable();
        return kept == null
                ? store.rfc822Ids(ticketId, Composer.MOST_REFERENCES)
                : kept.newest(clientId, ticketId, Composer.MOST_REFERENCES);
    }

    /** Tells how the attempt ended, for the metric. */
    private String settle(Job job, Handover handover) {
        MailOut mail = store.lock(job.subject()).orElseThrow();
        return switch (handover) {
            case Handover.Taken(var providerId) -> {
                job.done();
                store.sent(mail.messageId(), providerId, now());
                move(job, mail, MessageState.SENT, "message_sent", "Sent by e-mail", null);
                yield "sent";
            }
            case Handover.Refused(var reason, var badAddress) -> {
                String recipient = mail.recipient();
                if (badAddress && recipient != null) {
                    suppressions.add(job.clientId(), recipient, reason, mail.messageId());
                }
                fail(job, mail, reason);
                yield "refused";
            }
            case Handover.Trouble(var reason, var retryAfter) -> {
                store.troubled(mail.messageId(), reason, false);
                yield putOff(job, mail, mail.attempts(), reason, retryAfter) ? "retry" : "gave_up";
            }
            case Handover.Unknown(var reason) -> {
                store.troubled(mail.messageId(), reason, true);
                if (!mail.unconfirmed()) {
                    messages.tell(
                            job.clientId(),
                            mail.ticketId(),
                            mail.messageId(),
                            "message_unconfirmed",
                            "Not known whether the e-mail was taken; it is sent again under the same Message-ID",
                            details(mail, reason));
                }
                yield putOff(job, mail, mail.attempts(), reason, null) ? "unknown" : "gave_up";
            }
        };
    }

    /** @return whether there is another attempt */
    private boolean putOff(Job job, MailOut mail, int attempts, String reason, @Nullable Duration retryAfter) {
        if (attempts > properties.pauses().size()) {
            fail(job, mail, "given up after " + attempts + " attempts: " + reason);
            return false;
        }
        // Somebody may have asked for another round meanwhile, which begins to count anew.
        Duration pause = properties.pauses().get(Math.max(1, attempts) - 1);
        Duration most = properties.pauses().getLast();
        Duration asked = retryAfter == null || retryAfter.compareTo(most) < 0 ? retryAfter : most;
        Duration longer = asked == null || asked.compareTo(pause) < 0 ? pause : asked;
        double factor = 1 + ThreadLocalRandom.current().nextDouble() * properties.jitter();
        job.again(Duration.ofMillis((long) (longer.toMillis() * factor)));
        LOG.warn("Mail {} could not be sent (attempt {}): {}", mail.messageId(), attempts, reason);
        return true;
    }

    private void fail(Job job, MailOut mail, String reason) {
        job.done();
        store.settled(mail.messageId(), reason, now());
        move(job, mail, MessageState.FAILED, "message_failed", "The e-mail was not delivered", reason);
        // Without the reason: what servers say of an address often names it.
        LOG.warn("Mail {} of {} was not delivered", mail.messageId(), job.clientId());
    }

    private void move(Job job, MailOut mail, MessageState next, String event, String summary, @Nullable String reason) {
        String told = reason == null ? summary : summary + ": " + reason;
        messages.move(job.clientId(), mail.ticketId(), mail.messageId(), next, event, told, details(mail, reason));
    }

    private static Map<String, String> details(MailOut mail, @Nullable String reason) {
        String id = Objects.requireNonNullElse(mail.rfc822Id(), "");
        return reason == null ? Map.of("rfc822_message_id", id) : Map.of("rfc822_message_id", id, "reason", reason);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    /** A mail that may leave, and by whom. */
    private record Ready(Outlet outlet, OutgoingMail mail) {}

    /** @param code for the metric */
    private record Unsendable(String code, String reason) {}
}
