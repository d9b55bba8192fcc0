package io.opsrelay.gateway.stream;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One connection as an administrator sees it.
 *
 * @param connectionId names it in logs; nothing can be done with it
 * @param clientId whose it is; null of operators, and before it has authenticated
 * @param user null before it has authenticated
 * @param transport {@code websocket}, {@code sse} or {@code socket.io}
 * @param channels subscribed to
 * @param lag offsets between what was read of the client's feed and what was written to this connection; null where only
 *     the newest is sent
 * @param since when it was opened
 */
public record ConnectionView(
        String connectionId,
        @Nullable String clientId,
        @Nullable String user,
        String transport,
        List<String> channels,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long lag,

        Instant since) {

    public ConnectionView {
        channels = List.copyOf(channels);
    }
}
