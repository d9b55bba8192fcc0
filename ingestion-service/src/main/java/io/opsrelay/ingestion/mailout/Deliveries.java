package io.opsrelay.ingestion.mailout;

import io.micrometer.core.instrument.MeterRegistry;
import io.opsrelay.ingestion.mailout.provider.Handover;
import io.opsrelay.ingestion.ticket.MessageState;
import io.opsrelay.ingestion.ticket.OutboundMessages;
import io.opsrelay.security.tenant.ClientTransactions;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/**
 * What is heard of mails after they were sent. The same news may come any number of times; of mails that are not the
 * client's own nothing is believed.
 */
@Component
public class Deliveries {

    private final MailStore store;
    private final Suppressions suppressions;
    private final OutboundMessages messages;
    private final ClientTransactions transactions;
    private final MeterRegistry meters;
    private final Clock clock;

    Deliveries(
            MailStore store,
            Suppressions suppressions,
            OutboundMessages messages,
            ClientTransactions transactions,
            MeterRegistry meters,
            Clock clock) {
        this.store = store;
        this.suppressions = suppressions;
        this.messages = messages;
        this.transactions = transactions;
        this.meters = meters;
        this.clock = clock;
    }

    /**
     * A mail came back. For good: its message failed, and nothing more is sent to the address. For now: the delay is told
     * once. Joins a running transaction of the client.
     *
     * @param originalRfc822MessageId of the mail that came back, with or without angle brackets
     * @param permanent whether it is for good
     * @param reason what the other side said, for people
     * @return whether it is a mail of this client
     */
    public boolean bounced(String clientId, String originalRfc822MessageId, boolean permanent, String reason) {
        return about(
                clientId,
                () -> store.lockByRfc822Id(bracketed(originalRfc822MessageId)),
                new News(permanent ? Kind.BOUNCED : Kind.DELAYED, reason, true));
    }

    /**
     * News of a mail that is known by the message it carries. Joins a running transaction of the client.
     *
     * @return whether it is a mail of this client
     */
    public boolean about(String clientId, UUID messageId, News news) {
        return about(clientId, () -> store.lock(messageId), news);
    }

    /** Which of these messages are mails of this client. */
    public Set<UUID> own(String clientId, Collection<UUID> messageIds) {
        return transactions.read(clientId, () -> store.known(messageIds));
    }

    private boolean about(String clientId, Supplier<Optional<MailOut>> find, News news) {
        boolean known = transactions.call(clientId, () -> {
            Optional<MailOut> mail = find.get();
            mail.ifPresent(one -> apply(clientId, one, news));
            return mail.isPresent();
        });
        MailMetric.EVENTS.count(meters, "event", known ? news.kind().code : "unknown_mail");
        return known;
    }

    private void apply(String clientId, MailOut mail, News news) {
        String reason = Handover.oneLine(news.reason());
        switch (news.kind()) {
            case DELIVERED -> {
                if (move(clientId, mail, MessageState.DELIVERED, "message_delivered", "The e-mail arrived", reason)) {
                    store.settled(mail.messageId(), null, now());
                }
            }
            case BOUNCED -> {
                String recipient = mail.recipient();
                if (news.badAddress() && recipient != null) {
                    suppressions.add(clientId, recipient, reason, mail.messageId());
                }
                String told = "The e-mail came back: " + reason;
                if (move(clientId, mail, MessageState.FAILED, "message_failed", told, reason)) {
                    store.settled(mail.messageId(), reason, now());
                }
            }
            case COMPLAINED -> {
                String recipient = mail.recipient();
                if (recipient != null && suppressions.reason(recipient).isEmpty()) {
                    suppressions.add(clientId, recipient, reason, mail.messageId());
                    messages.tell(
                            clientId,
                            mail.ticketId(),
                            mail.messageId(),
                            "message_complained",
                            "The customer reported the e-mail as spam; nothing more is sent to the address",
                            details(mail, reason));
                }
            }
            case DELAYED -> {
                if (!mail.delayed()) {
                    store.delayed(mail.messageId(), reason);
                    messages.tell(
                            clientId,
                            mail.ticketId(),
                            mail.messageId(),
                            "message_delayed",
                            "The e-mail is delayed: " + reason,
                            details(mail, reason));
                }
            }
        }
    }

    private boolean move(
            String clientId, MailOut mail, MessageState next, String event, String summary, String reason) {
        return messages.move(clientId, mail.ticketId(), mail.messageId(), next, event, summary, details(mail, reason));
    }

    private static Map<String, String> details(MailOut mail, String reason) {
        return Map.of("rfc822_message_id", Objects.requireNonNullElse(mail.rfc822Id(), ""), "reason", reason);
    }

    private static String bracketed(String id) {
        String bare = id.strip();
        return bare.startsWith("<") ? bare : "<" + bare + ">";
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    /** What may be heard. */
    public enum Kind {
        /** The server of the recipient has it. */
        DELIVERED("delivered"),
        /** It will not arrive. */
        BOUNCED("bounced"),
        /** It may arrive later. */
        DELAYED("delayed"),
        /** It arrived, and the recipient does not want such mails. */
        COMPLAINED("complained");

        private final String code;

        Kind(String code) {
            this.code = code;
        }
    }

    /**
     * News of a mail.
     *
     * @param reason what the other side said
     * @param badAddress of what came back: whether nothing more should be sent to the address
     */
    public record News(Kind kind, String reason, boolean badAddress) {}
}
