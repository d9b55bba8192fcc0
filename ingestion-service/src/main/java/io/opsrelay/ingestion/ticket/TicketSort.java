package io.opsrelay.ingestion.ticket;

import io.opsrelay.security.web.ProblemException;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The orders of a list. Tickets that are equal in it follow by their ids, which sort by time: none is met twice. */
public enum TicketSort {
    /** Newest first. */
    NEWEST("-created_at", "created_at", true),
    /** Oldest first. */
    OLDEST("created_at", "created_at", false),
    /** Last changed first. */
    CHANGED("-updated_at", "updated_at", true),
    /** Longest unchanged first. */
    UNCHANGED("updated_at", "updated_at", false),
    /** Most urgent first; those without a priority last. */
    URGENT("-priority", "priority_rank", true),
    /** Least urgent first; those without a priority before them. */
    LEISURELY("priority", "priority_rank", false),
    /** In the order in which tickets pass through them; of each the newest first, as with the other values. */
    STATUS("status", "status", false),
    /** The other way round. */
    STATUS_BACK("-status", "status", true),
    /** By name. */
    CHANNEL("channel", "channel", false),
    /** The other way round. */
    CHANNEL_BACK("-channel", "channel", true),
    /** By name; those without one last. */
    CATEGORY("category", "category", false),
    /** The other way round; those without one last. */
    CATEGORY_BACK("-category", "category", true);

    private static final String STATUSES = Arrays.stream(TicketStatus.values())
            .map(status -> "'" + status.wireName() + "'")
            .collect(Collectors.joining(", ", "array[", "]::text[]"));

    private final String wireName;
    private final String column;
    private final boolean descending;

    TicketSort(String wireName, String column, boolean descending) {
        this.wireName = wireName;
        this.column = column;
        this.descending = descending;
    }

    /**
     * The one of that name in a request, {@link #NEWEST} for none.
     *
     * @throws ProblemException 400 for a name that is none
     */
    static TicketSort named(@Nullable String wireName) {
        if (wireName == null || wireName.isEmpty()) {
            return NEWEST;
        }
        for (TicketSort sort : values()) {
            if (sort.wireName.equals(wireName)) {
                return sort;
            }
        }
        throw ProblemException.badRequest(
                "sort",
                "must be one of "
                        + Arrays.stream(values()).map(sort -> sort.wireName).collect(Collectors.joining(", ")));
    }

    /** The column of table ticket that comes first in the order. */
    String column() {
        return column;
    }

    boolean isByCreation() {
        return column.equals("created_at");
    }

    boolean isByPriority() {
        return column.equals("priority_rank");
    }

    /** Whether it is by a column of few values: tickets of each are read one value after the other. */
    boolean isByValue() {
        return switch (this) {
            case NEWEST, OLDEST, CHANGED, UNCHANGED, URGENT, LEISURELY -> false;
            case STATUS, STATUS_BACK, CHANNEL, CHANNEL_BACK, CATEGORY, CATEGORY_BACK -> true;
        };
    }

    /** Whether the greatest comes first. */
    boolean isDescending() {
        return descending;
    }

    /** SQL: the order. */
    String order() {
        if (isByValue()) {
            String value =
                    column.equals("status") ? "array_position(" + STATUSES + ", status)" : column + " collate \"C\"";
            return " order by " + value + (descending ? " desc" : "") + " nulls last, created_at desc, ticket_id desc";
        }
        return byColumn(descending);
    }

    /** SQL: the order the other way round, of those that are not by value. */
    String backwards() {
        return byColumn(!descending);
    }

    private String byColumn(boolean greatestFirst) {
        String direction = greatestFirst ? " desc" : "";
        return " order by " + column + direction + ", ticket_id" + direction;
    }

    /** SQL: whether a row comes after the one that parameters after_value and after_id name. */
    String isAfter() {
        return "(" + column + ", ticket_id) " + (descending ? "<" : ">") + " (:after_value, :after_id)";
    }
}
