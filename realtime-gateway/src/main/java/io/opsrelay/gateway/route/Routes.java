package io.opsrelay.gateway.route;

import org.springframework.cloud.gateway.config.HttpClientCustomizer;
import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.cloud.gateway.route.builder.RouteLocatorBuilder;
import org.springframework.cloud.gateway.support.RouteMetadataUtils;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** One route per service; its id is the service's name, which error answers tell. */
@Configuration(proxyBeanMethods = false)
class Routes {

    @Bean
    RouteLocator serviceRoutes(RouteLocatorBuilder builder, Services services) {
        RouteLocatorBuilder.Builder routes = builder.routes();
        services.services()
                .forEach((name, service) -> routes.route(name, route -> {
                    var matched = route.path(service.paths().toArray(String[]::new));
                    return service.responseTimeout() == null
                            ? matched.uri(service.url())
                            : matched.metadata(
                                            RouteMetadataUtils.RESPONSE_TIMEOUT_ATTR,
                                            service.responseTimeout().toMillis())
                                    .uri(service.url());
                }));
        return routes.build();
    }

    /** A request that was perhaps received is not sent again by itself: it may be a payment's approval. */
    @Bean
    HttpClientCustomizer noSilentRetries() {
        return client -> client.disableRetry(true);
    }
}
