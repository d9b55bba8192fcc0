package io.opsrelay.gateway.stream;

import io.opsrelay.gateway.edge.Refusal;
import io.opsrelay.gateway.feed.Position;
import io.opsrelay.security.Caller;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink.OverflowStrategy;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * The realtime protocol's messages as server-sent events, for who cannot have a WebSocket: {@code GET /api/v1/stream} with
 * {@code Accept: text/event-stream}, an {@code Authorization} header, {@code channels=} and, to resume,
 * {@code Last-Event-ID}.
 */
final class EventStreams {

    private static final Pattern POSITION = Pattern.compile("([a-z0-9]{1,32}):(-1|\\d{1,18})");

    private final Connections connections;

    EventStreams(Connections connections) {
        this.connections = connections;
    }

    /** Whether the request asks for events rather than for a WebSocket. */
    static boolean wanted(ServerHttpRequest request) {
        return request.getHeaders().getAccept().stream()
                .anyMatch(type -> type.isConcrete() && type.isCompatibleWith(MediaType.TEXT_EVENT_STREAM));
    }

    Mono<Void> answer(ServerWebExchange exchange, @Nullable Caller known) {
        if (known == null) {
            return Mono.error(
                    Refusal.of(HttpStatus.UNAUTHORIZED, "send an access token: Authorization: Bearer <token>"));
        }
        List<Channel> channels = channelsOf(exchange.getRequest(), known);
        Position resume = resumeOf(exchange.getRequest());
        if (!connections.admit(known)) {
            connections.refused("too_many");
            return Mono.error(Refusal.later(
                    HttpStatus.TOO_MANY_REQUESTS,
                    "too many connections of this client or user",
                    Duration.ofSeconds(30)));
        }
        ServerHttpResponse response = exchange.getResponse();
        response.getHeaders().setContentType(MediaType.TEXT_EVENT_STREAM);
        response.getHeaders().setCacheControl("no-store");
        response.getHeaders().set("X-Accel-Buffering", "no"); // proxies would hold events back
        Flux<byte[]> events = Flux.create(
                sink -> new EventStream(connections, known, channels, sink).open(resume, Schedulers.parallel()),
                OverflowStrategy.ERROR);
        return response.writeAndFlushWith(events.map(
                bytes -> Mono.<DataBuffer>just(response.bufferFactory().wrap(bytes))));
    }

    private List<Channel> channelsOf(ServerHttpRequest request, Caller known) {
        Map<String, Channel> channels = new LinkedHashMap<>();
        for (String name : String.join(",", request.getQueryParams().getOrDefault("channels", List.of()))
                .split(",", -1)) {
            if (name.isBlank()) {
                continue;
            }
            Channel channel = Channel.named(name.strip())
                    .orElseThrow(
                            () -> Refusal.badRequest("channels", "there is no channel of the name " + name.strip()));
            if (!channel.allows(known)) {
                throw Refusal.of(HttpStatus.FORBIDDEN, "your roles do not open the channel " + channel.name());
            }
            channels.put(channel.name(), channel);
        }
        if (channels.isEmpty() || channels.size() > connections.limits().subscriptions()) {
            throw Refusal.badRequest(
                    "channels",
                    "name 1 to " + connections.limits().subscriptions() + " channels, e.g. channels=tickets,approvals");
        }
        return List.copyOf(channels.values());
    }

    private static @Nullable Position resumeOf(ServerHttpRequest request) {
        List<String> ids = request.getHeaders().getOrDefault("Last-Event-ID", List.of());
        if (ids.isEmpty() || ids.getFirst().isBlank()) {
            return null;
        }
        Matcher position = POSITION.matcher(ids.getFirst().strip());
        if (!position.matches()) {
            throw Refusal.badRequest("Last-Event-ID", "is not a position as it stood in an event's id (epoch:offset)");
        }
        return new Position(position.group(1), Long.parseLong(position.group(2)));
    }
}
