package io.opsrelay.approval.mail;

import io.opsrelay.approval.notification.Notice;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A notice for one recipient.
 *
 * @param data only what a mail says: see {@link #KEYS}
 * @param mailId the mail that tells it; null while none does
 */
record Told(
        UUID noticeId,
        String recipient,
        String type,
        UUID subject,
        Map<String, String> data,
        Instant createdAt,
        @Nullable UUID mailId) {

    /** What a mail says of a notice, and nothing else is kept for it. */
    static final List<String> KEYS = List.of(
            "effect",
            "break_glass",
            "action_type",
            "rule",
            "expires_at",
            "status",
            "decided_by",
            "target",
            "failure_code",
            "cancelled_by",
            "reason",
            "version",
            "changed_by");

    /** Reasons are people's words about a customer, except where we give them ourselves. */
    private static final String REASON = "reason";

    private static final int MAX_VALUE = 300;

    Told {
        data = Collections.unmodifiableMap(new LinkedHashMap<>(data));
    }

    static Told of(Notice notice, UUID noticeId, String recipient, Instant at) {
        Map<String, String> data = new LinkedHashMap<>();
        for (String key : KEYS) {
            Object value = notice.data().get(key);
            if (value != null && (!key.equals(REASON) || notice.type().startsWith("webhook."))) {
                data.put(key, onOneLine(String.valueOf(value)));
            }
        }
        return new Told(noticeId, recipient, notice.type(), notice.subject(), data, at, null);
    }

    /** Whether somebody is waited for. */
    boolean isWaiting() {
        return type.equals("approval.requested")
                || type.equals("approval.reminder")
                || type.equals("approval.escalated");
    }

    private static String onOneLine(String value) {
        String line = value.codePoints()
                .map(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x2029 ? ' ' : c)
                .limit(MAX_VALUE)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return line.strip();
    }
}
