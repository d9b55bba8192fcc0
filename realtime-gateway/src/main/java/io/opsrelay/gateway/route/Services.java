package io.opsrelay.gateway.route;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The services behind the gateway.
 *
 * @param services by name, in the order in which health lists them
 * @param instancesFile JSON object of service name to base URLs, followed while the gateway runs; without it each service
 *     is at its own url alone
 * @param responseTimeout how long an answer may take once the request has come, 10 s unless set; while it comes, from its
 *     last piece on
 * @param breaker when an instance that gives no answers is left alone
 */
@ConfigurationProperties("opsrelay.routes")
public record Services(
        Map<String, Service> services,
        @Nullable Path instancesFile,
        @DefaultValue("10s") Duration responseTimeout,
        @DefaultValue BreakerSettings breaker) {

    public Services {
        instancesFile = instancesFile == null || instancesFile.toString().isBlank() ? null : instancesFile;
        services = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(services));
        services.forEach((name, service) -> {
            if (!"http".equals(service.url().getScheme())
                    && !"https".equals(service.url().getScheme())) {
                throw new IllegalArgumentException(
                        "opsrelay.routes.services." + name + ".url is not http(s): " + service.url());
            }
            if (service.paths().isEmpty()) {
                throw new IllegalArgumentException("opsrelay.routes.services." + name + ".paths is empty");
            }
        });
    }

    BreakerSettings breakerOf(String service) {
        BreakerSettings own =
                Objects.requireNonNull(services.get(service), service).breaker();
        return own == null ? breaker : own;
    }

    /**
     * Where a service is, and what of the public paths is its.
     *
     * @param url where its one instance is, unless the instances file lists it
     * @param paths patterns like {@code /api/v1/tickets/**}, which matches {@code /api/v1/tickets} too
     * @param responseTimeout how long an answer may take, where the common limit does not suit
     * @param slowPaths paths whose answers may take longer, such as those of uploads, with how long they may take
     * @param breaker when an instance of it is left alone, where the common setting does not suit
     */
    public record Service(
            URI url,
            List<String> paths,
            @Nullable Duration responseTimeout,
            @DefaultValue Map<String, Duration> slowPaths,
            @Nullable BreakerSettings breaker) {

        public Service {
            paths = List.copyOf(paths);
            slowPaths = Map.copyOf(slowPaths);
        }
    }
}
