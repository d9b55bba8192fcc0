package io.opsrelay.gateway.health;

import io.opsrelay.gateway.route.Instances;
import io.opsrelay.gateway.route.Services;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

/**
 * Asks the instances that requests go to whether they are ready; a service is up if one is. All who ask within a moment
 * get the same answer.
 */
@Component
final class ServiceChecks {

    private static final String READINESS = "/actuator/health/readiness";
    private static final Duration PATIENCE = Duration.ofMillis(800);
    private static final Duration KEPT = Duration.ofMillis(1500);

    private final HttpClient http =
            HttpClient.create(ConnectionProvider.newConnection()).responseTimeout(PATIENCE);
    private final Clock clock;
    private final Map<String, ServiceHealth> last = new ConcurrentHashMap<>();
    private final Mono<List<ServiceHealth>> all;

    ServiceChecks(Services services, Instances instances, Clock clock) {
        this.clock = clock;
        this.all = Flux.fromIterable(services.services().keySet())
                .flatMapSequential(service -> check(service, instances))
                .collectList()
                .cache(KEPT);
    }

    /** In the configured order; at most 1.5 s old. */
    Mono<List<ServiceHealth>> all() {
        return all;
    }

    private Mono<ServiceHealth> check(String service, Instances instances) {
        return Flux.defer(() -> Flux.fromIterable(instances.of(service)))
                .flatMap(this::isReady)
                .collectList()
                .map(answers ->
                        Objects.requireNonNull(last.compute(service, (name, before) -> seen(name, answers, before))));
    }

    private ServiceHealth seen(String service, List<Boolean> answers, @Nullable ServiceHealth before) {
        int ready = (int) answers.stream().filter(isReady -> isReady).count();
        State status = ready > 0 ? State.UP : State.DOWN;
        Instant now = clock.instant();
        Instant since = before != null && before.status() == status ? before.since() : now;
        return new ServiceHealth(service, status, since, now, answers.size(), ready);
    }

    private Mono<Boolean> isReady(URI instance) {
        return http.get()
                .uri(instance.resolve(READINESS))
                .responseSingle((response, body) -> Mono.just(response.status().code() == 200))
                .timeout(PATIENCE)
                .onErrorReturn(false);
    }

    /**
     * One service as this gateway sees it.
     *
     * @param since when this gateway first found it so
     * @param checkedAt when it was asked last
     * @param instances to which requests go
     * @param ready how many of them are
     */
    record ServiceHealth(String name, State status, Instant since, Instant checkedAt, int instances, int ready) {}

    /** Written in lower case. */
    enum State {
        UP,
        DOWN
    }
}
