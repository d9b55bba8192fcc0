package io.opsrelay.gateway.stream;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.opsrelay.gateway.edge.Callers;
import io.opsrelay.security.Caller;
import io.opsrelay.security.Role;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** {@code GET /api/v1/realtime/connections}: an admin sees those of the client, an operator all. */
@RestController
final class ConnectionsEndpoint {

    private final Connections connections;

    ConnectionsEndpoint(Connections connections) {
        this.connections = connections;
    }

    @GetMapping("/api/v1/realtime/connections")
    Mono<Items> list(ServerWebExchange exchange) {
        return Callers.require(exchange, Role.ADMIN, Role.OPERATOR)
                .flatMap(caller ->
                        Mono.fromFuture(connections::views).map(views -> new Items(visible(views, caller), null)));
    }

    private static List<ConnectionView> visible(List<ConnectionView> views, Caller caller) {
        boolean all = caller.hasAny(Role.OPERATOR);
        return views.stream()
                .filter(view -> view.user() != null)
                .filter(view -> all || caller.clientId().equals(view.clientId()))
                .sorted(Comparator.comparing(ConnectionView::since).reversed())
                .toList();
    }

    /** All at once: they are in memory anyway. */
    record Items(
            List<ConnectionView> items,

            @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable
            String nextCursor) {}
}
