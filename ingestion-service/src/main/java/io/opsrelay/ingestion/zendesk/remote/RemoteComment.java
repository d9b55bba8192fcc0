package io.opsrelay.ingestion.zendesk.remote;

import org.jspecify.annotations.Nullable;

/**
 * A comment of a ticket.
 *
 * @param text what the ticket's requester said to everybody; null of all other comments: those of agents and third persons,
 *     internal ones, ours, and the first one, which is the ticket's description
 * @param files how many it brought along
 */
public record RemoteComment(long id, @Nullable String text, int files) {

    /** What was written is between the client and its customer. */
    @Override
    public String toString() {
        return "RemoteComment[" + id + "]";
    }
}
