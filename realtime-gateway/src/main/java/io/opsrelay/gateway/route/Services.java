package io.opsrelay.gateway.route;

import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The services behind the gateway.
 *
 * @param services by name, in the order in which health lists them
 */
@ConfigurationProperties("opsrelay.routes")
public record Services(Map<String, Service> services) {

    public Services {
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

    /**
     * Where a service is, and what of the public paths is its.
     *
     * @param paths patterns like {@code /api/v1/tickets/**}, which matches {@code /api/v1/tickets} too
     * @param responseTimeout how long an answer may take, where the common limit does not suit
     */
    public record Service(
            URI url, List<String> paths, @Nullable Duration responseTimeout) {

        public Service {
            paths = List.copyOf(paths);
        }
    }
}
