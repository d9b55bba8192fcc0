package io.opsrelay.gateway.stream;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Limits of connections.
 *
 * @param authTimeout within which the first frame must bring a valid token
 * @param heartbeat how often the position is sent
 * @param inactivity after which a client that sends nothing is disconnected
 * @param stall after which a socket that takes nothing is closed
 * @param expiryGrace how long a connection outlives its token
 * @param framesPerMinute most frames that a client may send
 * @param framesPerClient most frames that all connections of one client (tenant) may send in a minute to this gateway
 * @param maxFrame largest frame that a client may send
 * @param offences malformed or forbidden frames in a row after which the connection is closed
 * @param subscriptions most channels of one connection
 * @param perClient most connections of one client (tenant)
 * @param perUser most connections of one user
 * @param unauthenticated most WebSockets in all that have not brought a token yet; then one more costs the oldest of the
 *     address that has most
 * @param unauthenticatedPerAddress most of them of one address; then one more costs its oldest
 * @param stateCadence how often at least a state channel tells all it knows, whether or not that has changed
 * @param queueCadence the same of the channel {@code queue}
 * @param drain over which connections are sent away when the gateway stops; at most 8 s, so that the last of them is
 *     gone before a phase of the shutdown is given up
 * @param redis by which gateways tell each other who is typing; without it each tells its own connections alone
 */
@ConfigurationProperties("opsrelay.stream")
public record StreamProperties(
        @DefaultValue("5s") Duration authTimeout,
        @DefaultValue("30s") Duration heartbeat,
        @DefaultValue("5m") Duration inactivity,
        @DefaultValue("30s") Duration stall,
        @DefaultValue("25s") Duration expiryGrace,
        @DefaultValue("100") int framesPerMinute,
        @DefaultValue("60000") int framesPerClient,
        @DefaultValue("64KB") DataSize maxFrame,
        @DefaultValue("5") int offences,
        @DefaultValue("100") int subscriptions,
        @DefaultValue("10000") int perClient,
        @DefaultValue("100") int perUser,
        @DefaultValue("10000") int unauthenticated,
        @DefaultValue("5000") int unauthenticatedPerAddress,
        @DefaultValue("10s") Duration stateCadence,
        @DefaultValue("5s") Duration queueCadence,
        @DefaultValue("3s") Duration drain,
        @Nullable String redis) {

    private static final Duration LONGEST_DRAIN = Duration.ofSeconds(8);

    public StreamProperties {
        redis = redis == null || redis.isBlank() ? null : redis;
        positive(authTimeout, "auth-timeout");
        positive(heartbeat, "heartbeat");
        positive(inactivity, "inactivity");
        positive(stall, "stall");
        positive(stateCadence, "state-cadence");
        positive(queueCadence, "queue-cadence");
        positive(framesPerMinute, "frames-per-minute");
        positive(framesPerClient, "frames-per-client");
        positive(offences, "offences");
        positive(subscriptions, "subscriptions");
        positive(perClient, "per-client");
        positive(perUser, "per-user");
        positive(unauthenticated, "unauthenticated");
        positive(unauthenticatedPerAddress, "unauthenticated-per-address");
        if (expiryGrace.isNegative()) {
            throw new IllegalArgumentException("opsrelay.stream.expiry-grace must not be negative");
        }
        if (drain.isNegative() || drain.compareTo(LONGEST_DRAIN) > 0) {
            throw new IllegalArgumentException("opsrelay.stream.drain must be between 0 and 8 s");
        }
        if (maxFrame.toBytes() < 1024 || maxFrame.toBytes() > 1024 * 1024) {
            throw new IllegalArgumentException("opsrelay.stream.max-frame must be between 1 KB and 1 MB");
        }
    }

    /** How often at least a state channel tells all it knows. */
    Duration cadenceOf(Channel channel) {
        return channel.name().equals("queue") ? queueCadence : stateCadence;
    }

    private static void positive(Duration value, String name) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException("opsrelay.stream." + name + " must be positive, not " + value);
        }
    }

    private static void positive(int value, String name) {
        if (value < 1) {
            throw new IllegalArgumentException("opsrelay.stream." + name + " must be at least 1, not " + value);
        }
    }
}
