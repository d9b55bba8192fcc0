package io.opsrelay.ingestion.customer;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.opsrelay.security.docs.DescribedAs;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How the API shows a customer. */
final class CustomerView {

    private CustomerView() {}

    /**
     * In a list.
     *
     * @param email the address that the customer was first known by
     * @param erasedAt when all that was known was erased; the address is a substitute since then
     */
    record Summary(
            UUID customerId,
            String email,
            @Nullable String name,
            boolean blocked,
            @Nullable Instant erasedAt,
            Instant createdAt,
            Instant updatedAt) {}

    /**
     * Alone.
     *
     * @param revision counts the customer's changes; the entity tag
     * @param tickets how many the customer has, by status
     * @param recentTickets the newest ones first
     */
    record Detail(
            @JsonUnwrapped Summary summary,
            @JsonIgnore long revision,
            @Nullable Block block,
            List<Identity> identities,
            long notesCount,
            long ticketsCount,
            Map<String, Long> tickets,
            List<RecentTicket> recentTickets) {}

    /** Why the customer's mail is not worked. */
    record Block(Instant at, String by, String reason) {}

    /**
     * What the customer is known by.
     *
     * @param type email, external
     * @param source whose id it is; of external ones only
     * @param primary whether it is the address shown in lists
     */
    record Identity(
            @DescribedAs(oneOf = {"email", "external"}) String type,
            @Nullable String source,
            String value,
            boolean primary,
            Instant createdAt) {}

    /** @param status one of the ticket states */
    record RecentTicket(
            UUID ticketId,
            String subject,

            @DescribedAs(
                    oneOf = {
                        "received",
                        "analyzing",
                        "awaiting_approval",
                        "acting",
                        "resolved",
                        "escalated",
                        "failed",
                        "closed"
                    })
            String status,

            String channel,
            Instant createdAt) {}

    /** @param author e.g. {@code user:agent@acme.example} */
    record Note(UUID noteId, String text, String author, Instant createdAt) {}
}
