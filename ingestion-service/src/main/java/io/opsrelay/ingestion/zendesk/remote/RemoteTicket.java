package io.opsrelay.ingestion.zendesk.remote;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A ticket as Zendesk has it.
 *
 * @param subject empty where there is none
 * @param description its first comment; empty where there is none
 * @param status new, open, pending, hold, solved, closed or deleted
 * @param requesterId whose ticket it is; 0 where Zendesk does not say
 * @param requesterEmail absent where Zendesk does not know it
 * @param createdAt as Zendesk writes it
 * @param updatedAt as Zendesk writes it, for safe updates
 */
public record RemoteTicket(
        long id,
        String subject,
        String description,
        String status,
        @Nullable String priority,
        long requesterId,
        @Nullable String requesterEmail,
        List<String> tags,
        String createdAt,
        String updatedAt) {

    private static final Set<String> ENDED = Set.of("closed", "deleted");

    public RemoteTicket {
        tags = List.copyOf(tags);
    }

    /** Whether nothing can be written to it any more. */
    public boolean ended() {
        return ENDED.contains(status);
    }

    /** What was written is between the client and its customer. */
    @Override
    public String toString() {
        return "RemoteTicket[" + id + ", " + status + "]";
    }
}
