package io.opsrelay.gateway.stream;

import io.opsrelay.gateway.edge.AccessLog;
import io.opsrelay.gateway.edge.Addresses;
import io.opsrelay.gateway.edge.Origins;
import org.springframework.context.ApplicationContext;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.HttpHandlerDecoratorFactory;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.stereotype.Component;
import org.springframework.web.server.adapter.HttpWebHandlerAdapter;
import reactor.netty.http.server.HttpServerResponse;

/**
 * The way of almost every handshake: one in which all is well, and whose token comes in the first frame. It passes by the
 * filters, which would do nothing for it and cost more than all the rest when a gateway's connections come over at once.
 * Whatever else is asked goes the long way, where refusals are worded.
 */
@Component
final class Shortcut implements HttpHandlerDecoratorFactory {

    private final ApplicationContext context;
    private final Connections connections;
    private final Origins origins;

    Shortcut(ApplicationContext context, Connections connections, Origins origins) {
        this.context = context;
        this.connections = connections;
        this.origins = origins;
    }

    @Override
    public HttpHandler apply(HttpHandler longWay) {
        if (longWay instanceof HttpWebHandlerAdapter adapter && adapter.getApplicationContext() != context) {
            return longWay; // the management port's
        }
        return (request, response) -> {
            Boolean chatDashboard = StreamEndpoint.PATHS.get(request.getPath().value());
            if (chatDashboard == null || !isPlain(request) || !connections.accepting()) {
                return longWay.handle(request, response);
            }
            String path = request.getPath().value();
            String requestId = request.getHeaders().getFirst("X-Request-Id");
            long began = System.nanoTime();
            HttpServerResponse netty = ServerHttpResponseDecorator.getNativeResponse(response);
            return Handshake.answer(
                    netty,
                    connections,
                    Addresses.networkOf(request),
                    chatDashboard,
                    null,
                    connection -> AccessLog.webSocket(path, began, connection.caller(), requestId, connection.id()));
        };
    }

    private boolean isPlain(ServerHttpRequest request) {
        HttpHeaders headers = request.getHeaders();
        return HttpMethod.GET.equals(request.getMethod())
                && "websocket".equalsIgnoreCase(headers.getUpgrade())
                && headers.getFirst(HttpHeaders.AUTHORIZATION) == null
                && Rfc6455.isSound(headers)
                && !EventStreams.wanted(request)
                && origins.allow(headers);
    }
}
