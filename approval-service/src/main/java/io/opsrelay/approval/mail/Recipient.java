package io.opsrelay.approval.mail;

import io.opsrelay.approval.notification.Notice;
import io.opsrelay.approval.notification.NoticeTypes;
import io.opsrelay.security.Role;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who gets which notices.
 *
 * @param role gets only what concerns that role; null for whatever the types say
 * @param eventTypes types of notices, families like {@code approval.*}, or {@code *}
 */
record Recipient(String address, @Nullable Role role, Set<String> eventTypes) {

    static final int MAX_ADDRESS = 254;

    /** Stricter than RFC 5322: no quotes, comments, spaces or line ends, and so nothing that ends a header. */
    private static final Pattern ADDRESS =
            Pattern.compile("[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
                    + "@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]");

    private static final int MAX_LOCAL = 64;

    Recipient {
        if (!isAddress(address)) {
            throw new IllegalArgumentException("not an e-mail address");
        }
        eventTypes = Set.copyOf(eventTypes);
    }

    static boolean isAddress(String text) {
        return text.length() <= MAX_ADDRESS
                && text.indexOf('@') <= MAX_LOCAL
                && ADDRESS.matcher(text).matches();
    }

    /** Whether a notice is for them. An admin is concerned by whatever concerns anybody. */
    boolean wants(Notice notice) {
        boolean concerned = role == null
                || role == Role.ADMIN
                || notice.audience().isEmpty()
                || notice.audience().contains(role);
        return concerned && NoticeTypes.wants(eventTypes, notice.type());
    }

    /** By which two spellings are the same mailbox to us. */
    static String keyOf(String address) {
        return address.toLowerCase(Locale.ROOT);
    }
}
