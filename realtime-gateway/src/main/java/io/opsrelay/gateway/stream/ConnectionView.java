package io.opsrelay.gateway.stream;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One connection as an administrator sees it.
 *
 * @param gateway names the gateway that it is at; another name each time that one is started
 * @param connectionId names it in logs; nothing can be done with it
 * @param clientId whose it is; null of operators, and before it has authenticated
 * @param user null before it has authenticated
 * @param transport {@code websocket}, {@code sse} or {@code socket.io}
 * @param channels subscribed to
 * @param lag offsets between what was read of the client's feed and what was written to this connection; null where only
 *     the newest is sent
 * @param delivery of events: {@link #LIVE}, {@link #CATCHING_UP} or {@link #PAUSED}; null before it has authenticated
 * @param conflated reports of state channels that it was not sent because a newer one of the same key came first
 * @param dropped frames that nobody waits for, such as who is typing, or old activities, and that it had no room for
 * @param since when it was opened
 */
public record ConnectionView(
        String gateway,
        String connectionId,
        @Nullable String clientId,
        @Nullable String user,
        String transport,
        List<String> channels,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long lag,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String delivery,

        long conflated,
        long dropped,
        Instant since) {

    /** It has been sent all events that there are. */
    public static final String LIVE = "live";
    /** It is being sent what it missed. */
    public static final String CATCHING_UP = "catching_up";
    /** It does not take what it was sent: events wait, states keep the newest of each key, typing is left out. */
    public static final String PAUSED = "paused";

    public ConnectionView {
        channels = List.copyOf(channels);
    }
}
