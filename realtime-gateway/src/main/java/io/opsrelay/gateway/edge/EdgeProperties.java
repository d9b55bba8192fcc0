package io.opsrelay.gateway.edge;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What is let in.
 *
 * @param allowedOrigins pages of other origins that may call the API, open sockets and stay signed in, as
 *     {@code https://host[:port]}; the gateway's own pages always may
 * @param maxBody largest request body, 1 MiB unless set
 * @param largerBodies largest request body of a path that takes more than others, by path; {@code *} stands for one part of a
 *     path
 * @param reusePort whether other gateways of this machine may listen on the same port ({@code SO_REUSEPORT})
 * @param headTimeout within which a request's head must have come, once it has begun
 * @param bodyWindow span of time over which it is measured how fast a body comes, as far as the gateway waits for its caller
 * @param bodyRate how much of it must come in a second, on the average of such a span
 * @param linger how long a gateway that stops waits for another request on open connections, whose answer then says
 *     that it is the last; at most 10 s
 */
@ConfigurationProperties("opsrelay.edge")
record EdgeProperties(
        @DefaultValue List<String> allowedOrigins,
        @DefaultValue("1MB") DataSize maxBody,
        @DefaultValue Map<String, DataSize> largerBodies,
        @DefaultValue("false") boolean reusePort,
        @DefaultValue("10s") Duration headTimeout,
        @DefaultValue("30s") Duration bodyWindow,
        @DefaultValue("1KB") DataSize bodyRate,
        @DefaultValue("2s") Duration linger) {

    private static final Duration LONGEST_LINGER = Duration.ofSeconds(10);

    EdgeProperties {
        allowedOrigins =
                allowedOrigins.stream().filter(origin -> !origin.isBlank()).toList();
        for (String origin : allowedOrigins) {
            URI uri = URI.create(origin);
            boolean isOrigin = ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()))
                    && uri.getAuthority() != null
                    && origin.equals(uri.getScheme() + "://" + uri.getAuthority());
            if (!isOrigin) {
                throw new IllegalArgumentException(
                        "opsrelay.edge.allowed-origins: " + origin + " is not an origin like https://host:port");
            }
        }
        largerBodies = Map.copyOf(largerBodies);
        if (maxBody.toBytes() < 1) {
            throw new IllegalArgumentException("opsrelay.edge.max-body must be positive");
        }
        if (!headTimeout.isPositive() || !bodyWindow.isPositive() || bodyRate.toBytes() < 1) {
            throw new IllegalArgumentException(
                    "opsrelay.edge.head-timeout, body-window and body-rate must be positive");
        }
        if (linger.isNegative() || linger.compareTo(LONGEST_LINGER) > 0) {
            throw new IllegalArgumentException("opsrelay.edge.linger must be between 0 and 10 s");
        }
    }

    SlowRequests.Limits slowest() {
        return new SlowRequests.Limits(
                headTimeout, bodyWindow, Math.max(1, bodyRate.toBytes() * bodyWindow.toMillis() / 1_000));
    }
}
