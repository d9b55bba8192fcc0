package io.opsrelay.ingestion.mailout.provider;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A mail as it leaves. What becomes a header cannot hold a line break: nobody adds headers by what he writes.
 *
 * @param mark id of the message, carried in {@value #MARK} and in the providers' events
 * @param id its Message-ID, the same one at each attempt, with angle brackets
 * @param from the sender's address
 * @param fromName the sender's name, empty for none
 * @param to one address
 * @param replyTo where answers go
 * @param inReplyTo Message-ID of what it answers
 * @param references Message-IDs of the conversation, oldest first
 * @param automatic whether no person wrote it
 * @param files what it carries beside its text
 */
public record OutgoingMail(
        UUID mark,
        String id,
        String from,
        String fromName,
        String to,
        String replyTo,
        String subject,
        @Nullable String inReplyTo,
        List<String> references,
        boolean automatic,
        String text,
        String html,
        Instant at,
        List<MailFile> files) {

    /** The header by which our own mails are known when they come back. */
    public static final String MARK = "X-OpsRelay-Message";

    private static final Pattern ID = Pattern.compile("<[!-;=?-~]{1,250}>");
    private static final Pattern ADDRESS = Pattern.compile("[!-;=?A-~]{1,64}@[A-Za-z0-9.-]{1,253}");

    public OutgoingMail {
        requireAddress(from, "from");
        requireAddress(to, "to");
        requireAddress(replyTo, "reply-to");
        requireLine(fromName, "the sender's name");
        requireLine(subject, "the subject");
        references = List.copyOf(references);
        files = List.copyOf(files);
        if (!isId(id)
                || (inReplyTo != null && !isId(inReplyTo))
                || !references.stream().allMatch(OutgoingMail::isId)) {
            throw new IllegalArgumentException("not a Message-ID");
        }
    }

    /** Whether it is a Message-ID as it stands in headers, in ASCII. */
    public static boolean isId(String text) {
        return ID.matcher(text).matches();
    }

    /** Whether a mail can be sent there: one address in ASCII, without name or comment. */
    public static boolean isAddress(String text) {
        return ADDRESS.matcher(text).matches();
    }

    /** What it carries beside From, To, Reply-To, Subject and Date. */
    Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Message-ID", id);
        if (inReplyTo != null) {
            headers.put("In-Reply-To", inReplyTo);
        }
        if (!references.isEmpty()) {
            headers.put("References", String.join(" ", references));
        }
        if (automatic) {
            headers.put("Auto-Submitted", "auto-replied");
            headers.put("X-Auto-Response-Suppress", "All");
        }
        headers.put(MARK, mark.toString());
        return headers;
    }

    /** The mail is somebody's: only its id is for logs. */
    @Override
    public String toString() {
        return "OutgoingMail[" + id + "]";
    }

    private static void requireAddress(String address, String what) {
        if (!isAddress(address)) {
            throw new IllegalArgumentException(what + " is no e-mail address that can be sent to");
        }
    }

    private static void requireLine(String text, String what) {
        if (text.chars().anyMatch(c -> Character.isISOControl(c) || c == '\u2028' || c == '\u2029')) {
            throw new IllegalArgumentException(what + " holds a control character");
        }
    }
}
