package io.opsrelay.gateway.docs;

import io.opsrelay.gateway.route.Instances;
import io.opsrelay.gateway.route.Services;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.util.function.Tuple2;
import reactor.util.function.Tuples;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What each service says of its own endpoints; of one that does not answer, what it said last. */
@Component
final class ServiceDocs {

    private static final Logger LOG = LoggerFactory.getLogger(ServiceDocs.class);

    private static final String PATH = "/v3/api-docs";
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final Duration KEPT = Duration.ofMinutes(1);
    private static final Duration KEPT_INCOMPLETE = Duration.ofSeconds(2);

    private final Instances instances;
    private final HttpClient http =
            HttpClient.create(ConnectionProvider.newConnection()).responseTimeout(PATIENCE);
    private final Map<String, JsonNode> last = new ConcurrentHashMap<>();
    private final Mono<Map<String, JsonNode>> all;

    ServiceDocs(Services services, Instances instances) {
        this.instances = instances;
        int expected = services.services().size();
        this.all = Flux.fromIterable(services.services().keySet())
                .flatMapSequential(this::of)
                .collect(LinkedHashMap<String, JsonNode>::new, (map, one) -> map.put(one.getT1(), one.getT2()))
                .<Map<String, JsonNode>>map(map -> map)
                .cache(
                        map -> map.size() == expected ? KEPT : KEPT_INCOMPLETE,
                        failure -> Duration.ZERO,
                        () -> Duration.ZERO);
    }

    /** By service, in the configured order; without those that have never answered. */
    Mono<Map<String, JsonNode>> all() {
        return all;
    }

    private Mono<Tuple2<String, JsonNode>> of(String service) {
        return Flux.defer(() -> Flux.fromIterable(instances.of(service)))
                .concatMap(instance -> ask(service, instance))
                .next()
                .doOnNext(document -> last.put(service, document))
                .switchIfEmpty(Mono.defer(() -> Mono.justOrEmpty(last.get(service))))
                .map(document -> Tuples.of(service, document));
    }

    private Mono<JsonNode> ask(String service, URI instance) {
        return http.get()
                .uri(instance.resolve(PATH))
                .responseSingle(
                        (response, body) -> response.status().code() == 200 ? body.asByteArray() : Mono.<byte[]>empty())
                .timeout(PATIENCE)
                .map(body -> JsonMapper.shared().readTree(body))
                .filter(document -> document.path("paths").isObject())
                .onErrorResume(failure -> {
                    LOG.info("{} does not describe its API now: {}", service, failure.toString());
                    return Mono.empty();
                });
    }
}
