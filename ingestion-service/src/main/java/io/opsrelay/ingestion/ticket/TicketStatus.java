package io.opsrelay.ingestion.ticket;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** Where a ticket stands, as people see it. {@link TicketState} is the same with what each status knows. */
public enum TicketStatus {
    /** Stored, nobody looked at it yet. */
    RECEIVED,
    /** The agent works on it. */
    ANALYZING,
    /** A person has to decide about an action. */
    AWAITING_APPROVAL,
    /** An approved action is executed. */
    ACTING,
    /** Answered. */
    RESOLVED,
    /** A person has it. */
    ESCALATED,
    /** The agent could not finish; may be retried. */
    FAILED,
    /** Done with, for good. */
    CLOSED;

    /** The name in JSON and in the database. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException for anything but a {@link #wireName()} */
    static TicketStatus of(String wireName) {
        return Arrays.stream(values())
                .filter(status -> status.wireName().equals(wireName))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no status " + wireName));
    }

    /**
     * The statuses that a filter's value means: one of ours, or one of the older names pending, processing, completed.
     * Empty if it is none of them.
     */
    static Set<TicketStatus> meantBy(String filter) {
        return switch (filter) {
            case "pending" -> EnumSet.of(RECEIVED);
            case "processing" -> EnumSet.of(ANALYZING, AWAITING_APPROVAL, ACTING);
            case "completed" -> EnumSet.of(RESOLVED, CLOSED);
            default -> {
                Set<TicketStatus> meant = EnumSet.allOf(TicketStatus.class);
                meant.removeIf(status -> !status.wireName().equals(filter));
                yield meant;
            }
        };
    }
}
