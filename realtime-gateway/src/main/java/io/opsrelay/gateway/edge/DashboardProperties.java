package io.opsrelay.gateway.edge;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What the dashboard is told when it is loaded.
 *
 * @param apiUrl where its API is, as {@code https://host[:port]}; empty: at the gateway that it came from
 * @param streamUrl where its stream is, as {@code wss://host[:port]/path}; empty: {@code /api/v1/stream} of that gateway
 * @param refreshInterval between two readings of a view that has no pace of its own while nothing tells it of changes,
 *     unless a person chooses otherwise; 1 s to 1 h
 * @param autoRefresh whether views are read again by themselves then, unless a person chooses otherwise
 */
@ConfigurationProperties("opsrelay.dashboard")
public record DashboardProperties(
        @DefaultValue("") String apiUrl,
        @DefaultValue("") String streamUrl,
        @DefaultValue("30s") Duration refreshInterval,
        @DefaultValue("true") boolean autoRefresh) {

    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofHours(1);

    public DashboardProperties {
        if (!apiUrl.isEmpty() && !apiUrl.equals(originOf(apiUrl, "https", "http"))) {
            throw new IllegalArgumentException(
                    "opsrelay.dashboard.api-url: " + apiUrl + " is not an origin like https://host:port");
        }
        if (!streamUrl.isEmpty() && originOf(streamUrl, "wss", "ws").isEmpty()) {
            throw new IllegalArgumentException("opsrelay.dashboard.stream-url: " + streamUrl
                    + " is not an address like wss://host:port/api/v1/stream");
        }
        if (refreshInterval.compareTo(SHORTEST) < 0 || refreshInterval.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("opsrelay.dashboard.refresh-interval must be between 1 s and 1 h");
        }
    }

    /** The origins other than the page's own that it speaks to, for its content policy. */
    List<String> otherOrigins() {
        return Stream.of(apiUrl, originOf(streamUrl, "wss", "ws"))
                .filter(origin -> !origin.isEmpty())
                .toList();
    }

    /** Empty where the address has none, or another scheme. */
    private static String originOf(String address, String... schemes) {
        URI uri = URI.create(address);
        return uri.getHost() != null
                        && uri.getUserInfo() == null
                        && List.of(schemes).contains(uri.getScheme())
                ? uri.getScheme() + "://" + uri.getAuthority()
                : "";
    }
}
