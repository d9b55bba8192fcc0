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
    LEISURELY("priority", "priority_rank", false);

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

    /** SQL: the order. */
    String order() {
        String direction = descending ? " desc" : "";
        return " order by " + column + direction + ", ticket_id" + direction;
    }

    /** SQL: whether a row comes after the one that parameters after_value and after_id name. */
    String isAfter() {
        return "(" + column + ", ticket_id) " + (descending ? "<" : ">") + " (:after_value, :after_id)";
    }
}
