package io.opsrelay.ingestion.ticket;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.opsrelay.ingestion.attachment.TicketFile;
import io.opsrelay.security.docs.DescribedAs;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How the API shows a ticket. */
final class TicketView {

    private TicketView() {}

    /** What lists and the ticket's own page show. */
    record Summary(
            UUID ticketId,
            @DescribedAs(TicketStatus.class) String status,
            String subject,
            String channel,

            @DescribedAs(oneOf = {"low", "normal", "high", "urgent"}) @Nullable
            String priority,

            @Nullable String category,
            @Nullable Double confidence,
            @Nullable String language,

            @DescribedAs(oneOf = {"negative", "neutral", "positive"}) @Nullable
            String sentiment,

            Sender customer,
            @Nullable String externalId,
            @Nullable UUID runId,
            long version,
            Instant createdAt,
            Instant updatedAt,
            @Nullable Instant resolvedAt) {}

    /**
     * In a list, with what the desk made of it.
     *
     * @param assignee the user who has it
     * @param tags in order
     */
    record Listed(@JsonUnwrapped Summary summary, @Nullable String assignee, List<String> tags) {

        Listed {
            tags = List.copyOf(tags);
        }
    }

    /**
     * Alone.
     *
     * @param metadata JSON
     * @param reply the newest message to the customer
     * @param handling what the desk made of it
     * @param attachments its files, oldest first; each is read at {@code /attachments/{file_id}}
     * @param messages the first ones; {@code messages_cursor} leads to those after them, if there are more
     * @param timeline the first entries; {@code timeline_cursor} leads to those after them, if there are more
     */
    record Detail(
            @JsonUnwrapped Summary summary,
            String body,
            @JsonRawValue String metadata,
            @Nullable String reply,
            @JsonUnwrapped Handling handling,
            List<TicketFile> attachments,
            List<Message> messages,
            @Nullable String messagesCursor,
            List<Entry> timeline,
            @Nullable String timelineCursor) {}

    /** @param verified whether this ticket's sender was proven or vouched for */
    record Sender(UUID customerId, String email, boolean verified) {}

    /**
     * Something said.
     *
     * @param direction inbound (from the customer), outbound, note (for colleagues only)
     * @param state pending (its channel has not taken it yet), sent, delivered, read, failed (the timeline says why)
     * @param author the person of ours who wrote it; absent where the customer or the agent did
     * @param senderVerified of further inbound messages: whether the ticket's customer was proven to have written it
     * @param ticketId the ticket that it was said on, if that one was merged into this one
     * @param hasHtml whether it came as a mail whose HTML can be shown: {@code .../messages/{message_id}/html}
     * @param attachments files of the ticket that went out with it; those that came in with one name it themselves
     */
    record Message(
            UUID messageId,

            @DescribedAs(oneOf = {"inbound", "outbound", "note"})
            String direction,

            String text,
            @DescribedAs(MessageState.class) String state,
            Instant createdAt,
            @Nullable String author,
            @Nullable Boolean senderVerified,
            @Nullable UUID ticketId,
            boolean hasHtml,
            List<UUID> attachments) {}

    /**
     * What the desk made of it.
     *
     * @param assignee the user who has it
     * @param mergedInto where its messages go
     * @param reopenedFrom the closed ticket whose customer wrote again
     */
    record Handling(
            @Nullable String assignee,
            List<String> tags,
            @Nullable UUID mergedInto,
            @Nullable UUID reopenedFrom,
            List<UUID> merged,
            List<UUID> continuedIn) {}

    /**
     * A line of the timeline.
     *
     * @param seq counts from 1 without gaps
     * @param messageId what was said with it, if something was
     * @param data JSON
     */
    record Entry(
            long seq,
            String event,
            Instant at,
            String actor,
            String summary,
            @Nullable UUID messageId,
            @JsonRawValue String data) {}
}
