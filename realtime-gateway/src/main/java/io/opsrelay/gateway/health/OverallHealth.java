package io.opsrelay.gateway.health;

import io.opsrelay.gateway.socketio.Sessions;
import io.opsrelay.gateway.stream.Connections;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** One look at all of it, for people and monitors; anybody may. */
@RestController
final class OverallHealth {

    private final ServiceChecks checks;
    private final Connections connections;
    private final Sessions sessions;
    private final Clock clock;

    OverallHealth(ServiceChecks checks, Connections connections, Sessions sessions, Clock clock) {
        this.checks = checks;
        this.connections = connections;
        this.sessions = sessions;
        this.clock = clock;
    }

    @GetMapping({"/api/health", "/health", "/api/v1/health"})
    Mono<ResponseEntity<Report>> health() {
        return checks.states().map(states -> ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                .body(new Report(
                        states.containsValue(ServiceChecks.State.DOWN) ? "degraded" : "healthy",
                        clock.instant(),
                        connections.count() + sessions.count(),
                        states)));
    }

    /**
     * The gateway answers, so it is up; {@code degraded} if a service is not.
     *
     * @param connections live connections of this gateway: WebSockets and Socket.IO sessions
     */
    record Report(String status, Instant timestamp, int connections, Map<String, ServiceChecks.State> services) {}
}
