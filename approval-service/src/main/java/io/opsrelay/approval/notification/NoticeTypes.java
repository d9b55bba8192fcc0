package io.opsrelay.approval.notification;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The types of notices, and what a subscription may name: a type, a family like {@code approval.*}, or {@code *}. Types
 * that are not listed here are sent to those who subscribed to their family or to all.
 */
public final class NoticeTypes {

    /** Sent to one address alone, when somebody asks for it. */
    public static final String TEST = "webhook.test";

    /** An address that failed for too long, or asked for it, gets nothing any more. */
    public static final String WEBHOOK_DISABLED = "webhook.disabled";

    private static final String ALL = "*";
    private static final String FAMILY = ".*";
    private static final Pattern FORM = Pattern.compile("[a-z][a-z0-9_]{0,39}(\\.[a-z][a-z0-9_]{0,39}){1,3}");

    private static final List<String> KNOWN = List.of(
            "approval.requested",
            "approval.reminder",
            "approval.escalated",
            "approval.decided",
            "approval.expired",
            "approval.withdrawn",
            "policy.changed",
            "action.succeeded",
            "action.failed",
            "action.unknown",
            "action.cancelled",
            "kill_switch.on",
            "kill_switch.off",
            "breaker.opened",
            WEBHOOK_DISABLED);

    private static final Set<String> PATTERNS = Stream.concat(
                    Stream.concat(Stream.of(ALL), KNOWN.stream()),
                    KNOWN.stream().map(NoticeTypes::familyOf))
            .collect(Collectors.toUnmodifiableSet());

    private NoticeTypes() {}

    static boolean isWellFormed(String type) {
        return FORM.matcher(type).matches();
    }

    /** Whether a subscription may say that. */
    public static boolean isPattern(String pattern) {
        return PATTERNS.contains(pattern);
    }

    /** What a subscription may say, in words. */
    public static String patterns() {
        return PATTERNS.stream().sorted().collect(Collectors.joining(", "));
    }

    /** Whether a subscription to these patterns wants a type. */
    public static boolean wants(Set<String> patterns, String type) {
        return patterns.contains(ALL) || patterns.contains(type) || patterns.contains(familyOf(type));
    }

    private static String familyOf(String type) {
        return type.substring(0, type.indexOf('.')) + FAMILY;
    }
}
