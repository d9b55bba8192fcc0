package io.opsrelay.gateway.route;

import java.time.Duration;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** How far a caller is with sending its request. */
final class Upload {

    private final boolean hasBody;
    private volatile boolean complete;
    private volatile long lastNanos = System.nanoTime();

    private Upload(boolean hasBody) {
        this.hasBody = hasBody;
        this.complete = !hasBody;
    }

    static Upload of(ServerHttpRequest request) {
        HttpHeaders headers = request.getHeaders();
        return new Upload(headers.getContentLength() > 0 || headers.containsHeader(HttpHeaders.TRANSFER_ENCODING));
    }

    /** The exchange to forward, which this then follows. */
    ServerWebExchange followed(ServerWebExchange exchange) {
        if (!hasBody) {
            return exchange;
        }
        ServerHttpRequest request = new ServerHttpRequestDecorator(exchange.getRequest()) {
            @Override
            public Flux<DataBuffer> getBody() {
                return super.getBody()
                        .doOnNext(_ -> lastNanos = System.nanoTime())
                        .doOnComplete(() -> {
                            lastNanos = System.nanoTime();
                            complete = true;
                        });
            }
        };
        return exchange.mutate().request(request).build();
    }

    /** It goes to a service, for the first time or to another one. */
    void begins() {
        lastNanos = System.nanoTime();
    }

    /** Ends once so much time has passed since the last piece of it went on to the service, or since it began. */
    Mono<Void> silentFor(Duration limit) {
        return Mono.defer(() -> Mono.delay(leftOf(limit)))
                .repeat(() -> leftOf(limit).isPositive())
                .then();
    }

    private Duration leftOf(Duration limit) {
        return limit.minusNanos(System.nanoTime() - lastNanos);
    }

    /** Whether all of it has come. */
    boolean complete() {
        return complete;
    }

    /** Whether the request may be sent a second time: it changes nothing, and all of it is still at hand. */
    boolean repeatable(HttpMethod method) {
        return !hasBody && (HttpMethod.GET.equals(method) || HttpMethod.HEAD.equals(method));
    }
}
