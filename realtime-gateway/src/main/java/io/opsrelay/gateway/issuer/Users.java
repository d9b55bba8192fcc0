package io.opsrelay.gateway.issuer;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.opsrelay.gateway.edge.Callers;
import io.opsrelay.gateway.edge.Refusal;
import io.opsrelay.security.Caller;
import io.opsrelay.security.Role;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** {@code GET /api/v1/users}: who may sign in, as far as it is this gateway that signs people in. */
@RestController
final class Users {

    private final StandaloneIssuer standalone;

    Users(StandaloneIssuer standalone) {
        this.standalone = standalone;
    }

    @GetMapping("/api/v1/users")
    Mono<ResponseEntity<Items>> list(ServerWebExchange exchange) {
        return Callers.require(exchange, Role.ADMIN, Role.OPERATOR).map(caller -> {
            if (!standalone.isHere()) {
                throw Refusal.of(
                        HttpStatus.NOT_FOUND, "users and their roles are kept by the issuer that signs them in");
            }
            return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(new Items(seenBy(caller), null));
        });
    }

    /** An admin sees those of the own client, and of what else they belong to nothing; an operator sees all. */
    private List<UserView> seenBy(Caller caller) {
        boolean all = caller.hasAny(Role.OPERATOR);
        String client = caller.clientIdOrNull();
        return standalone.users().stream()
                .filter(user -> all || user.clients().contains(client))
                .map(user -> new UserView(
                        user.username(),
                        user.name(),
                        user.roles(),
                        all
                                ? user.clients()
                                : user.clients().stream()
                                        .filter(one -> one.equals(client))
                                        .toList()))
                .toList();
    }

    record Items(
            List<UserView> items, @JsonInclude @Nullable String nextCursor) {}

    /**
     * Somebody who may sign in.
     *
     * @param email what they sign in with
     */
    record UserView(String email, @Nullable String name, List<String> roles, List<String> clients) {}
}
