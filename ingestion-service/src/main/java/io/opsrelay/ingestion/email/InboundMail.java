package io.opsrelay.ingestion.email;

import io.opsrelay.ingestion.channel.Channel;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A mail as a door hands it in.
 *
 * @param channel through which it came, and whose client gets it
 * @param raw the whole mail (RFC 5322); the door closes it
 * @param recipients of the envelope, as far as the door knows them
 * @param senderVerified whether the From address was proven (DMARC)
 * @param token what may be used once only, if the door's signature needs such a thing
 */
public record InboundMail(
        Channel channel,
        Spool raw,
        List<String> recipients,
        boolean senderVerified,
        @Nullable String token) {

    public InboundMail {
        Objects.requireNonNull(channel);
        Objects.requireNonNull(raw);
        recipients = List.copyOf(recipients);
    }
}
