package io.opsrelay.ingestion.mailout.event;

import io.opsrelay.ingestion.mailout.Deliveries.News;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a request tells, once its sender is proven.
 *
 * @param token of which a second request is a repetition; null where the signature covers the body
 */
record Told(@Nullable String token, List<About> events) {

    Told {
        events = List.copyOf(events);
    }

    /** @param messageId of the message that the mail carried */
    record About(UUID messageId, News news) {}
}
