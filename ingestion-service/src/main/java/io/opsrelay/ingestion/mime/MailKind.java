package io.opsrelay.ingestion.mime;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What sort of mail it is: whether a person wrote it, and whether a machine may answer it. */
public sealed interface MailKind {

    /** Whether an automatic answer is allowed; false wherever one could begin a loop. */
    default boolean mayBeAnsweredByMachine() {
        return this instanceof Ordinary;
    }

    /** Somebody wrote it. */
    record Ordinary() implements MailKind {}

    /**
     * A machine answered in somebody's place: out of office, "we got your mail".
     *
     * @param sign the header or the word that gave it away
     */
    record AutoReply(String sign) implements MailKind {
        public AutoReply {
            Objects.requireNonNull(sign);
        }
    }

    /**
     * A machine wrote it of its own accord: an alert, a receipt, a newsletter. It may ask for something, but nobody reads
     * an answer.
     *
     * @param sign the header or the word that gave it away
     */
    record Generated(String sign) implements MailKind {
        public Generated {
            Objects.requireNonNull(sign);
        }
    }

    /**
     * A mail could not be delivered.
     *
     * @param permanent false where the mail server still tries
     * @param recipient who was not reached, in lower case
     * @param originalMessageId of the mail that did not arrive, without angle brackets
     * @param status e.g. 5.1.1 (RFC 3463)
     * @param reason what the mail server said, at most 500 characters
     */
    record Bounce(
            boolean permanent,
            @Nullable String recipient,
            @Nullable String originalMessageId,
            @Nullable String status,
            @Nullable String reason)
            implements MailKind {}

    /** A mail server tells that a mail was delivered or handed on. */
    record DeliveryNotice(
            @Nullable String recipient, @Nullable String originalMessageId) implements MailKind {}

    /** Somebody, or his mail program, tells that a mail was displayed or thrown away. */
    record ReadReceipt(@Nullable String recipient, @Nullable String originalMessageId) implements MailKind {}

    /** "Prove that you are a person": answering would be a promise nobody made. */
    record Challenge() implements MailKind {}

    /**
     * A calendar speaks: an invitation was accepted, declined or cancelled.
     *
     * @param method REPLY, COUNTER, CANCEL, ... in upper case
     */
    record CalendarReply(String method) implements MailKind {
        public CalendarReply {
            Objects.requireNonNull(method);
        }
    }

    /**
     * It came through a mailing list or a bulk sender.
     *
     * @param listId without angle brackets; absent where only the precedence tells
     */
    record ListMail(@Nullable String listId) implements MailKind {}

    /** A mail provider's complaint report (RFC 5965): somebody pressed "this is spam". */
    record Complaint(@Nullable String recipient, @Nullable String originalMessageId) implements MailKind {}

    /** OpsRelay's own mail came back to it. */
    record OwnNotification() implements MailKind {}
}
