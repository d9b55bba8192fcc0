package io.opsrelay.ingestion.ticket;

import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A ticket as a door hands it in, already checked against the door's rules.
 *
 * @param channel api, email, chat, upstream, zendesk, alert
 * @param source whose {@code externalId} it is: the channel, or a named source behind it
 * @param body plain text
 * @param customerEmail who wrote; kept in lower case
 * @param senderVerified whether the address was proven, or is vouched for by the caller
 * @param priority low, normal, high, urgent; absent where triage shall set it
 * @param externalId the sender's own id; the same one from the same source is the same ticket
 * @param actor who handed it in, e.g. {@code user:agent@acme.example}
 */
public record NewTicket(
        String channel,
        String source,
        String subject,
        String body,
        String customerEmail,
        boolean senderVerified,
        @Nullable String priority,
        @Nullable String externalId,
        Map<String, String> metadata,
        String actor) {

    public NewTicket {
        Objects.requireNonNull(channel);
        Objects.requireNonNull(source);
        Objects.requireNonNull(subject);
        Objects.requireNonNull(body);
        customerEmail = customerEmail.toLowerCase(Locale.ROOT);
        metadata = Map.copyOf(metadata);
        Objects.requireNonNull(actor);
    }
}
