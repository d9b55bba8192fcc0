package io.opsrelay.ingestion.zendesk;

import io.opsrelay.ingestion.zendesk.remote.RemoteComment;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What stands at a Zendesk ticket behind the comment that was looked at last.
 *
 * @param since that comment; null where none was
 * @param comments behind it, oldest first
 * @param done whether anybody has looked
 * @param trouble why Zendesk does not show them, and never will
 */
record Reading(
        @Nullable Long since,
        List<RemoteComment> comments,
        boolean done,
        @Nullable String trouble) {

    /** There was no cause to look. */
    static final Reading NONE = new Reading(null, List.of(), false, null);

    Reading {
        comments = List.copyOf(comments);
    }

    static Reading refused(@Nullable Long since, String trouble) {
        return new Reading(since, List.of(), false, trouble);
    }

    /** Whether it reaches on from there. If not, somebody else has looked further meanwhile. */
    boolean continues(@Nullable Long last) {
        return done && (Objects.equals(since, last) || indexOf(last) >= 0);
    }

    /** What the customer said behind that comment. */
    List<RemoteComment> saidSince(@Nullable Long last) {
        return continues(last)
                ? comments.subList(indexOf(last) + 1, comments.size()).stream()
                        .filter(comment -> comment.text() != null)
                        .toList()
                : List.of();
    }

    /** The newest one of all. */
    @Nullable
    Long newest() {
        return comments.isEmpty() ? since : Long.valueOf(comments.getLast().id());
    }

    private int indexOf(@Nullable Long id) {
        for (int i = 0; i < comments.size(); i++) {
            if (Objects.equals(comments.get(i).id(), id)) {
                return i;
            }
        }
        return -1;
    }
}
