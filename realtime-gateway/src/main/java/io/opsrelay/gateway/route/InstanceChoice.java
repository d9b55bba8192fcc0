package io.opsrelay.gateway.route;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeoutException;
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
 * over, or if the first is left alone because it gives no answers. A request that an instance may have received is never
 * sent again, but for a read whose connection broke, which is repeated once.
 */
@Component
final class InstanceChoice implements GlobalFilter, Ordered {

    private final Patience patience;
    private final Instances instances;
    private final Breakers breakers;
    private final MeterRegistry meters;

    InstanceChoice(Patience patience, Instances instances, Breakers breakers, MeterRegistry meters) {
        this.patience = patience;
        this.instances = instances;
        this.breakers = breakers;
        this.meters = meters;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        Route route = exchange.getRequiredAttribute(ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR);
        List<URI> inTurn = instances.inTurn(route.getId());
        if (inTurn.isEmpty()) {
            return Mono.error(new NoInstanceException(route.getId()));
        }
        URI asked = exchange.getRequiredAttribute(ServerWebExchangeUtils.GATEWAY_REQUEST_URL_ATTR);
        Upload upload = Upload.of(exchange.getRequest());
        Call call = new Call(
                route.getId(),
                asked,
                upload,
                patience.with(route.getId(), exchange.getRequest().getPath()),
                upload.followed(exchange),
                chain);
        Iterator<URI> left = inTurn.iterator();
        Mono<Void> answer = attempt(call, left);
        if (!upload.repeatable(exchange.getRequest().getMethod())) {
            return answer;
        }
        return answer.onErrorResume(InstanceChoice::brokeOff, e -> {
            meters.counter(RouteMetric.REPEATED.id(), "service", call.service()).increment();
            ServerWebExchangeUtils.reset(exchange);
            return attempt(call, left.hasNext() ? left : inTurn.iterator());
        });
    }

    private record Call(
            String service,
            URI asked,
            Upload upload,
            Duration limit,
            ServerWebExchange exchange,
            GatewayFilterChain chain) {}

    private Mono<Void> attempt(Call call, Iterator<URI> left) {
        URI instance = left.next();
        call.upload().begins();
        Mono<Void> forwarded = Mono.<Void>defer(() -> {
                    call.exchange()
                            .getAttributes()
                            .put(ServerWebExchangeUtils.GATEWAY_REQUEST_URL_ATTR, at(instance, call.asked()));
                    return call.chain().filter(call.exchange());
                })
                .timeout(
                        call.upload().silentFor(call.limit()),
                        Mono.error(() -> new TimeoutException("no answer within " + call.limit() + " of the request")));
        Mono<Void> answer = breakers.guard(call.service(), instance, call.upload(), forwarded);
        if (!left.hasNext()) {
            return answer;
        }
        return answer.onErrorResume(InstanceChoice::neverSent, e -> {
            meters.counter(RouteMetric.PASSED_ON.id(), "service", call.service())
                    .increment();
            ServerWebExchangeUtils.reset(call.exchange());
            return attempt(call, left);
        });
    }

    private static boolean neverSent(Throwable error) {
        return error instanceof ConnectException
                || error instanceof CallNotPermittedException
                // Its pool was closed while the request waited for a connection; reactor-netty shades the class itself.
                || error.getClass().getSimpleName().startsWith("PoolShutdown");
    }

    /** Such as an idle connection that the service closed at the moment in which it was used. */
    private static boolean brokeOff(Throwable error) {
        return error instanceof IOException && !(error instanceof ConnectException);
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
