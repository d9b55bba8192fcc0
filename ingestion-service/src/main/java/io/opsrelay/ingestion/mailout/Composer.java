package io.opsrelay.ingestion.mailout;

import io.opsrelay.ingestion.mailout.provider.MailFile;
import io.opsrelay.ingestion.mailout.provider.OutgoingMail;
import io.opsrelay.ingestion.ticket.OutboundMessage;
import java.net.IDN;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;
import org.springframework.web.util.HtmlUtils;

/** Makes a mail of what is said on a ticket. */
@Component
class Composer {

    /** Most Message-IDs in References: the first of a conversation is not needed to find it. */
    static final int MOST_REFERENCES = 20;

    private static final int LONGEST_SUBJECT = 200;
    /** "Re:" as mail programs of several countries write it, any number of times. */
    private static final Pattern REPLY_MARKS = Pattern.compile(
            "^(?:(?:re|aw|antw|sv|vs|odp|ref)(?:\\[\\d{1,3}])?\\s{0,5}:\\s{0,20}){1,20}", Pattern.CASE_INSENSITIVE);

    private static final Pattern TAG =
            Pattern.compile("\\s{0,20}\\[#[0-9a-v]{26}\\.[0-9a-z]{12}]", Pattern.CASE_INSENSITIVE);

    private final MailAddresses addresses;

    Composer(MailAddresses addresses) {
        this.addresses = addresses;
    }

    /** Where a mail to the customer goes; empty if no mail can be sent to such an address. */
    static Optional<String> recipient(String email) {
        int at = email.lastIndexOf('@');
        if (at < 1) {
            return Optional.empty();
        }
        try {
            String address = email.substring(0, at + 1) + IDN.toASCII(email.substring(at + 1), IDN.ALLOW_UNASSIGNED);
            return Optional.of(address).filter(OutgoingMail::isAddress);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The Message-ID that a message has at each attempt. */
    static String idOf(OutboundMessage message, Outlet outlet) {
        String domain = outlet.from().substring(outlet.from().indexOf('@'));
        return "<" + message.messageId() + "." + message.ticketId() + domain + ">";
    }

    /**
     * Pure, but for the keys that sign addresses.
     *
     * @param conversation Message-IDs on the ticket, with or without angle brackets, oldest first
     */
    OutgoingMail compose(
            String clientId,
            OutboundMessage message,
            Outlet outlet,
            String id,
            String recipient,
            List<String> conversation,
            Instant at,
            List<MailFile> files) {
        List<String> references = conversation.stream()
                .map(Composer::bracketed)
                .filter(known -> OutgoingMail.isId(known) && !known.equals(id))
                .distinct()
                .toList();
        List<String> newest = references.subList(Math.max(0, references.size() - MOST_REFERENCES), references.size());
        String text = text(message.text());
        return new OutgoingMail(
                message.messageId(),
                id,
                outlet.from(),
                outlet.fromName(),
                recipient,
                addresses.signed(clientId, message.ticketId(), outlet.replyTo()),
                subject(message.subject(), outlet.tagsSubjects() ? tag(clientId, message.ticketId()) : ""),
                newest.isEmpty() ? null : newest.getLast(),
                newest,
                !message.byPerson(),
                text,
                html(text),
                at,
                files);
    }

    private String tag(String clientId, UUID ticketId) {
        String tag = addresses.subjectTag(clientId, ticketId);
        return tag.isEmpty() ? "" : " " + tag;
    }

    static String subject(String subject, String tag) {
        String line = subject.replaceAll("[\\p{Cc}\\u2028\\u2029\\s]+", " ").strip();
        String bare = REPLY_MARKS
                .matcher(TAG.matcher(line).replaceAll("").strip())
                .replaceFirst("")
                .strip();
        if (bare.codePointCount(0, bare.length()) > LONGEST_SUBJECT) {
            bare = bare.substring(0, bare.offsetByCodePoints(0, LONGEST_SUBJECT - 1)) + "…";
        }
        return ("Re: " + bare).strip() + tag;
    }

    /** With line ends as mails have them, and nothing that is not text. */
    static String text(String text) {
        StringBuilder clean = new StringBuilder(text.length() + 64);
        text.replace("\r\n", "\n").replace('\r', '\n').chars().forEach(c -> {
            if (c == '\n') {
                clean.append("\r\n");
            } else if (c == '\t' || !Character.isISOControl(c)) {
                clean.append((char) c);
            }
        });
        return clean.toString().stripTrailing() + "\r\n";
    }

    /** The same words; nothing of them is markup. */
    static String html(String text) {
        StringBuilder html = new StringBuilder("<!DOCTYPE html>\r\n<html><body>\r\n");
        for (String paragraph : text.strip().split("(?:\r\n[ \t]*){2,}")) {
            html.append("<p>")
                    .append(HtmlUtils.htmlEscape(paragraph, "UTF-8").replace("\r\n", "<br>\r\n"))
                    .append("</p>\r\n");
        }
        return html.append("</body></html>\r\n").toString();
    }

    private static String bracketed(String id) {
        String bare = id.strip();
        return bare.startsWith("<") ? bare : "<" + bare + ">";
    }
}
