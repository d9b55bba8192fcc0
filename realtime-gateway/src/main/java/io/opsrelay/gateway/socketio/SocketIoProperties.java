package io.opsrelay.gateway.socketio;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Limits of Socket.IO sessions. What they have in common with other connections is in {@code opsrelay.stream}: the time
 * for the token, the grace after its end, frames a minute and their size, connections per client and user, the drain.
 *
 * @param pingInterval how long after the last pong a ping is sent; at most 50 s, since a poll waits as long
 * @param pingTimeout within which the pong must come
 * @param activities most activities that wait for a slow session; the oldest go first
 * @param unauthenticated most sessions that have not brought a token yet; then one more costs the oldest of the address
 *     that has most
 * @param unauthenticatedPerAddress most of them of one address; then one more costs its oldest
 */
@ConfigurationProperties("opsrelay.socketio")
record SocketIoProperties(
        @DefaultValue("25s") Duration pingInterval,
        @DefaultValue("20s") Duration pingTimeout,
        @DefaultValue("256") int activities,
        @DefaultValue("1000") int unauthenticated,
        @DefaultValue("500") int unauthenticatedPerAddress) {

    private static final Duration LONGEST_POLL = Duration.ofSeconds(50);

    SocketIoProperties {
        if (!pingInterval.isPositive() || pingInterval.compareTo(LONGEST_POLL) > 0) {
            throw new IllegalArgumentException("opsrelay.socketio.ping-interval must be positive and at most 50 s");
        }
        if (!pingTimeout.isPositive()) {
            throw new IllegalArgumentException("opsrelay.socketio.ping-timeout must be positive, not " + pingTimeout);
        }
        if (activities < 1) {
            throw new IllegalArgumentException("opsrelay.socketio.activities must be at least 1, not " + activities);
        }
        if (unauthenticated < 1 || unauthenticatedPerAddress < 1) {
            throw new IllegalArgumentException(
                    "opsrelay.socketio.unauthenticated and -per-address must be at least 1, not " + unauthenticated
                            + " and " + unauthenticatedPerAddress);
        }
    }
}
