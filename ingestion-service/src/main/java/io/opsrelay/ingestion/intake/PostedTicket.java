package io.opsrelay.ingestion.intake;

import io.opsrelay.contracts.ContractJson;
import io.opsrelay.ingestion.ticket.NewTicket;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /api/v1/tickets}, as it was sent: {@link PostedTicketRules} say what is allowed. A null field
 * is an absent one.
 */
record PostedTicket(
        @Nullable String subject,
        @Nullable String body,
        @Nullable String customerEmail,
        @Nullable String channel,
        @Nullable String priority,
        @Nullable String externalId,
        @Nullable Map<String, @Nullable String> metadata) {

    /**
     * The ticket that it asks for. A caller who may post answers for the customer's address.
     *
     * @throws IllegalStateException if it was not checked before
     */
    NewTicket toNewTicket(String actor) {
        if (subject == null || body == null || customerEmail == null) {
            throw new IllegalStateException("a posted ticket is checked before it is used");
        }
        String door = channel == null ? "api" : channel;
        return new NewTicket(
                door,
                door,
                subject,
                body,
                customerEmail,
                true,
                priority,
                externalId,
                metadata == null ? Map.of() : withoutNulls(metadata),
                actor);
    }

    /** SHA-256 of what is asked, whatever the order and the spacing it was sent in. */
    byte[] hash() {
        PostedTicket sorted = new PostedTicket(
                subject,
                body,
                customerEmail,
                channel,
                priority,
                externalId,
                metadata == null ? null : new TreeMap<>(metadata));
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(ContractJson.mapper().writeValueAsBytes(sorted));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static Map<String, String> withoutNulls(Map<String, @Nullable String> values) {
        Map<String, String> copy = new TreeMap<>();
        values.forEach((name, value) -> {
            if (value != null) {
                copy.put(name, value);
            }
        });
        return copy;
    }
}
