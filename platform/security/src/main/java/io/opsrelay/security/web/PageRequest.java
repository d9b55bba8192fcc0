package io.opsrelay.security.web;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The paging parameters of a list request; handlers take it as a parameter ({@code limit}, {@code cursor}, {@code sort}).
 *
 * @param limit items per page, 1 to {@link Page#MAX_LIMIT}
 * @param after where the page begins; absent for the first
 */
public record PageRequest(int limit, @Nullable Cursor after) {

    static PageRequest of(@Nullable String limit, @Nullable String cursor, @Nullable String sort) {
        if (sort != null && !sort.equals("-created_at")) {
            throw ProblemException.badRequest("sort", "only -created_at (newest first) is known here");
        }
        return new PageRequest(limitOf(limit), Cursor.decode(cursor));
    }

    /**
     * The {@code limit} of a request whose order or cursor is not the usual one.
     *
     * @return {@link Page#DEFAULT_LIMIT} for null
     * @throws ProblemException 400 if it is not a number from 1 to {@link Page#MAX_LIMIT}
     */
    public static int limitOf(@Nullable String limit) {
        if (limit == null) {
            return Page.DEFAULT_LIMIT;
        }
        try {
            int value = Integer.parseInt(limit);
            if (value >= 1 && value <= Page.MAX_LIMIT) {
                return value;
            }
        } catch (NumberFormatException e) {
            // answered below
        }
        throw ProblemException.badRequest("limit", "must be a number from 1 to " + Page.MAX_LIMIT);
    }

    /**
     * An id in a path.
     *
     * @throws ProblemException 404 if it has not the form of one: there can be no such thing
     */
    public static UUID idOf(String what, String value) {
        try {
            return UUID.fromString(value);
        } catch (IllegalArgumentException e) {
            throw ProblemException.notFound(what, value);
        }
    }
}
