package io.opsrelay.gateway.route;

import io.micrometer.core.instrument.MeterRegistry;
import java.net.ConnectException;
import java.net.URI;
import java.util.Iterator;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.filter.RouteToRequestUrlFilter;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.core.Ordered;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Sends each request to the next instance of its service, and on to another one if there was no connection to send it
 * over. A request that an instance may have received is never sent again.
 */
@Component
final class InstanceChoice implements GlobalFilter, Ordered {

    private final Instances instances;
    private final MeterRegistry meters;

    InstanceChoice(Instances instances, MeterRegistry meters) {
        this.instances = instances;
        this.meters = meters;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        Route route = exchange.getRequiredAttribute(ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR);
        Iterator<URI> left = instances.inTurn(route.getId()).iterator();
        if (!left.hasNext()) {
            return Mono.error(new NoInstanceException(route.getId()));
        }
        URI asked = exchange.getRequiredAttribute(ServerWebExchangeUtils.GATEWAY_REQUEST_URL_ATTR);
        return attempt(route.getId(), asked, left, exchange, chain);
    }

    private Mono<Void> attempt(
            String service, URI asked, Iterator<URI> left, ServerWebExchange exchange, GatewayFilterChain chain) {
        exchange.getAttributes().put(ServerWebExchangeUtils.GATEWAY_REQUEST_URL_ATTR, at(left.next(), asked));
        Mono<Void> answer = chain.filter(exchange);
        if (!left.hasNext()) {
            return answer;
        }
        return answer.onErrorResume(InstanceChoice::neverConnected, e -> {
            meters.counter(RouteMetric.PASSED_ON.id(), "service", service).increment();
            ServerWebExchangeUtils.reset(exchange);
            return attempt(service, asked, left, exchange, chain);
        });
    }

    private static boolean neverConnected(Throwable error) {
        return error instanceof ConnectException
                // Its pool was closed while the request waited for a connection; reactor-netty shades the class itself.
                || error.getClass().getSimpleName().startsWith("PoolShutdown");
    }

    private static URI at(URI instance, URI asked) {
        String query = asked.getRawQuery();
        return URI.create(instance.getScheme() + "://" + instance.getRawAuthority() + asked.getRawPath()
                + (query == null ? "" : "?" + query));
    }

    /** After the path is known, before it is forwarded. */
    @Override
    public int getOrder() {
        return RouteToRequestUrlFilter.ROUTE_TO_URL_FILTER_ORDER + 1;
    }
}
