package io.opsrelay.gateway.health;

import io.opsrelay.gateway.feed.Feed;
import io.opsrelay.gateway.health.ServiceChecks.ServiceHealth;
import io.opsrelay.gateway.health.ServiceChecks.State;
import io.opsrelay.gateway.socketio.Sessions;
import io.opsrelay.gateway.stream.Connections;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** One look at all of it, for people and monitors; anybody may. */
@RestController
final class OverallHealth {

    private final ServiceChecks checks;
    private final Feed feed;
    private final Connections connections;
    private final Sessions sessions;
    private final Clock clock;

    OverallHealth(ServiceChecks checks, Feed feed, Connections connections, Sessions sessions, Clock clock) {
        this.checks = checks;
        this.feed = feed;
        this.connections = connections;
        this.sessions = sessions;
        this.clock = clock;
    }

    @GetMapping({"/api/health", "/health", "/api/v1/health"})
    Mono<ResponseEntity<Report>> health() {
        return checks.all().map(services -> {
            Instant now = clock.instant();
            State live = feed.current(now) ? State.UP : State.DOWN;
            OptionalLong lag = feed.lag();
            Status status = statusOf(services, live);
            return ResponseEntity.status(status == Status.DOWN ? HttpStatus.SERVICE_UNAVAILABLE : HttpStatus.OK)
                    .cacheControl(CacheControl.noStore())
                    .body(new Report(
                            status,
                            now,
                            connections.count() + sessions.count(),
                            live,
                            lag.isEmpty() ? null : lag.getAsLong(),
                            feed.readAt().orElse(null),
                            services));
        });
    }

    private static Status statusOf(List<ServiceHealth> services, State feed) {
        if (services.stream().noneMatch(service -> service.status() == State.UP)) {
            return Status.DOWN;
        }
        return feed == State.DOWN || services.stream().anyMatch(service -> service.status() == State.DOWN)
                ? Status.DEGRADED
                : Status.HEALTHY;
    }

    /** Written in lower case. */
    enum Status {
        /** All of it works. */
        HEALTHY,
        /** Part of it works: what is down is named. */
        DEGRADED,
        /** No service answers, so nothing but this page does. Told with 503. */
        DOWN
    }

    /**
     * What this gateway sees.
     *
     * @param connections live connections of this gateway: WebSockets and Socket.IO sessions
     * @param feed whether live events reach this gateway
     * @param feedLag records of the feed that this gateway has not read yet; absent while that is not known
     * @param feedReadAt when Kafka last told this gateway what is new; while the feed is down nothing since then is known
     *     here. Absent before it first has
     * @param services a service is up if one of its instances is ready
     */
    record Report(
            Status status,
            Instant timestamp,
            int connections,
            State feed,
            @Nullable Long feedLag,
            @Nullable Instant feedReadAt,
            List<ServiceHealth> services) {}
}
