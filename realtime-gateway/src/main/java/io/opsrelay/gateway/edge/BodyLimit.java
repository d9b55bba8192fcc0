package io.opsrelay.gateway.edge;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.server.RequestPath;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Refuses bodies over the limit: at once where the length is announced, else when what arrives passes it. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 10)
final class BodyLimit implements WebFilter {

    private final DataSize limit;
    private final Map<PathPattern, DataSize> larger = new LinkedHashMap<>();

    BodyLimit(EdgeProperties properties) {
        this.limit = properties.maxBody();
        properties
                .largerBodies()
                .forEach((path, size) -> larger.put(PathPatternParser.defaultInstance.parse(path), size));
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        long limitBytes = limitOf(exchange.getRequest().getPath()).toBytes();
        long announced = exchange.getRequest().getHeaders().getContentLength();
        if (announced > limitBytes) {
            return Mono.error(new BodyTooLargeException(limitBytes));
        }
        if (announced >= 0) {
            return chain.filter(exchange); // the HTTP decoder lets no more through than was announced
        }
        return chain.filter(exchange.mutate()
                .request(counted(exchange.getRequest(), limitBytes))
                .build());
    }

    /** Of several patterns that match, the most exact one's. A path with parameters is none that was meant. */
    private DataSize limitOf(RequestPath path) {
        if (path.value().indexOf(';') >= 0) {
            return limit;
        }
        return larger.entrySet().stream()
                .filter(entry -> entry.getKey().matches(path))
                .min(Map.Entry.comparingByKey())
                .map(Map.Entry::getValue)
                .orElse(limit);
    }

    private ServerHttpRequest counted(ServerHttpRequest request, long limitBytes) {
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
