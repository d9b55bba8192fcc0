package io.opsrelay.ingestion.mime;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a mail says. All texts are free of control characters but tab and line feed, and fit to be stored.
 *
 * @param messageId without angle brackets; absent where the mail has none
 * @param inReplyTo ids without angle brackets, usually one
 * @param references ids without angle brackets, oldest first, at most 100
 * @param from the first From address, else the Sender's; absent where there is none
 * @param subject decoded, one line, at most 998 characters; empty where there is none
 * @param sentAt what the sender's clock says
 * @param text everything that is to be read, quotes and all; made from the HTML where there is no plain text
 * @param html safe to be shown: no script, nothing loaded from elsewhere; absent where the mail has no HTML
 * @param replyText the text without quoted mails and signature; never empty where {@code text} is not
 * @param parts in the order in which the {@link AttachmentSink} got them
 */
public record ParsedMail(
        @Nullable String messageId,
        List<String> inReplyTo,
        List<String> references,
        @Nullable Address from,
        List<Address> to,
        List<Address> cc,
        List<Address> replyTo,
        String subject,
        @Nullable Instant sentAt,
        String text,
        @Nullable String html,
        String replyText,
        List<MailPart> parts,
        MailKind kind,
        MailSecurity security,
        Set<MailDefect> defects) {

    public ParsedMail {
        inReplyTo = List.copyOf(inReplyTo);
        references = List.copyOf(references);
        to = List.copyOf(to);
        cc = List.copyOf(cc);
        replyTo = List.copyOf(replyTo);
        Objects.requireNonNull(subject);
        Objects.requireNonNull(text);
        Objects.requireNonNull(replyText);
        parts = List.copyOf(parts);
        Objects.requireNonNull(kind);
        Objects.requireNonNull(security);
        defects = Set.copyOf(defects);
    }
}
