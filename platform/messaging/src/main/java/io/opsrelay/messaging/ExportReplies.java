package io.opsrelay.messaging;

import io.opsrelay.contracts.ExportEvent;
import io.opsrelay.contracts.ExportEvent.ExportRequested;
import io.opsrelay.security.seal.SealedParts;
import java.nio.charset.StandardCharsets;

/** What a service answers when all is asked for that it holds of a ticket: sealed, so that only who asked can read it. */
public final class ExportReplies {

    private final Outbox outbox;
    private final String service;

    /** @param service that answers, by its name */
    public ExportReplies(Outbox outbox, String service) {
        this.outbox = outbox;
        this.service = service;
    }

    /**
     * Publishes the answer in the running transaction of the client, as many events as it takes.
     *
     * @param held all of it, as JSON
     */
    public void reply(String clientId, ExportRequested requested, String held) {
        String belongsTo = ExportEvent.belongsTo(requested.exportId(), requested.ticketId(), service);
        requested
                .answeredBy(
                        service,
                        SealedParts.seal(requested.publicKey(), held.getBytes(StandardCharsets.UTF_8), belongsTo))
                .forEach(part -> outbox.publish(clientId, part));
    }
}
