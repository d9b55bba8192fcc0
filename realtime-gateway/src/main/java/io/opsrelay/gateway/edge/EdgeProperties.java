package io.opsrelay.gateway.edge;

import java.net.URI;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What is let in.
 *
 * @param allowedOrigins pages of other origins that may call the API and open sockets, as {@code https://host[:port]};
 *     the gateway's own pages always may
 * @param maxBody largest request body, 1 MiB unless set
 */
@ConfigurationProperties("opsrelay.edge")
record EdgeProperties(
        @DefaultValue List<String> allowedOrigins,
        @DefaultValue("1MB") DataSize maxBody) {

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
        if (maxBody.toBytes() < 1) {
            throw new IllegalArgumentException("opsrelay.edge.max-body must be positive");
        }
    }
}
