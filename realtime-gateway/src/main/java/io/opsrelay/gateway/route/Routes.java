package io.opsrelay.gateway.route;

import org.springframework.cloud.gateway.config.HttpClientCustomizer;
import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.cloud.gateway.route.builder.RouteLocatorBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * One route per service; its id is the service's name, which error answers tell. The time for an answer is
 * {@link InstanceChoice}'s: that of a route begins before the request has come.
 */
@Configuration(proxyBeanMethods = false)
class Routes {

    @Bean
    RouteLocator serviceRoutes(RouteLocatorBuilder builder, Services services) {
        RouteLocatorBuilder.Builder routes = builder.routes();
        services.services()
                .forEach((name, service) ->
                        routes.route(name, route -> route.path(service.paths().toArray(String[]::new))
                                .uri(service.url())));
        return routes.build();
    }

    /** A request that was perhaps received is not sent again by itself: it may be a payment's approval. */
    @Bean
    HttpClientCustomizer noSilentRetries() {
        return client -> client.disableRetry(true);
    }
}
