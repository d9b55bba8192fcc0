package io.opsrelay.gateway.edge;

import java.util.concurrent.atomic.AtomicLong;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Refuses bodies over the limit: at once where the length is announced, else when what arrives passes it. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 10)
final class BodyLimit implements WebFilter {

    private final long limitBytes;

    BodyLimit(EdgeProperties properties) {
        this.limitBytes = properties.maxBody().toBytes();
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        long announced = exchange.getRequest().getHeaders().getContentLength();
        if (announced > limitBytes) {
            return Mono.error(new BodyTooLargeException(limitBytes));
        }
        if (announced >= 0) {
            return chain.filter(exchange); // the HTTP decoder lets no more through than was announced
        }
        return chain.filter(
                exchange.mutate().request(counted(exchange.getRequest())).build());
    }

    private ServerHttpRequest counted(ServerHttpRequest request) {
        return new ServerHttpRequestDecorator(request) {
            private final AtomicLong read = new AtomicLong();

            @Override
            public Flux<DataBuffer> getBody() {
                return super.getBody().handle((buffer, sink) -> {
                    if (read.addAndGet(buffer.readableByteCount()) > limitBytes) {
                        DataBufferUtils.release(buffer);
                        sink.error(new BodyTooLargeException(limitBytes));
                    } else {
                        sink.next(buffer);
                    }
                });
            }
        };
    }
}
