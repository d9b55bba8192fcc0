package io.opsrelay.gateway.health;

import io.opsrelay.gateway.route.Instances;
import io.opsrelay.gateway.route.Services;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.util.function.Tuple2;
import reactor.util.function.Tuples;

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
    private final Mono<Map<String, State>> states;

    ServiceChecks(Services services, Instances instances) {
        this.states = Flux.fromIterable(services.services().keySet())
                .flatMapSequential(service -> check(service, instances))
                .collect(LinkedHashMap<String, State>::new, (all, one) -> all.put(one.getT1(), one.getT2()))
                .<Map<String, State>>map(all -> all)
                .cache(KEPT);
    }

    /** By service, in the configured order; at most 1.5 s old. */
    Mono<Map<String, State>> states() {
        return states;
    }

    private Mono<Tuple2<String, State>> check(String service, Instances instances) {
        return Flux.defer(() -> Flux.fromIterable(instances.of(service)))
                .flatMap(this::isReady)
                .any(ready -> ready)
                .map(ready -> Tuples.of(service, ready ? State.UP : State.DOWN));
    }

    private Mono<Boolean> isReady(URI instance) {
        return http.get()
                .uri(instance.resolve(READINESS))
                .responseSingle((response, body) -> Mono.just(response.status().code() == 200))
                .timeout(PATIENCE)
                .onErrorReturn(false);
    }

    /** Written in lower case. */
    enum State {
        UP,
        DOWN
    }
}
