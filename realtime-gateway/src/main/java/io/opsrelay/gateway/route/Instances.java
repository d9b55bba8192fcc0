package io.opsrelay.gateway.route;

import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** Where each service answers now: the instances that are listed, else the configured one. Thread-safe. */
@Component
public final class Instances {

    private final Services configured;
    private final Map<String, AtomicInteger> turns = new ConcurrentHashMap<>();
    private volatile Map<String, List<URI>> listed = Map.of();

    Instances(Services configured) {
        this.configured = configured;
    }

    /** Base URLs of the service's instances; empty if it is listed as having none. */
    public List<URI> of(String service) {
        List<URI> known = listed.get(service);
        if (known != null) {
            return known;
        }
        return List.of(Objects.requireNonNull(configured.services().get(service), service)
                .url());
    }

    /** The same, each time beginning with the next one. */
    List<URI> inTurn(String service) {
        List<URI> all = of(service);
        if (all.size() < 2) {
            return all;
        }
        int turn = turns.computeIfAbsent(service, name -> new AtomicInteger()).getAndIncrement();
        List<URI> rotated = new ArrayList<>(all);
        Collections.rotate(rotated, -Math.floorMod(turn, all.size()));
        return rotated;
    }

    /** @return the instances that came or went */
    Set<URI> replaceBy(Map<String, List<URI>> successor) {
        Set<URI> before = all(listed);
        listed = successor;
        Set<URI> after = all(successor);
        Set<URI> changed = new HashSet<>(before);
        changed.addAll(after);
        changed.removeIf(instance -> before.contains(instance) && after.contains(instance));
        return changed;
    }

    private static Set<URI> all(Map<String, List<URI>> byService) {
        return byService.values().stream().flatMap(List::stream).collect(Collectors.toUnmodifiableSet());
    }
}
