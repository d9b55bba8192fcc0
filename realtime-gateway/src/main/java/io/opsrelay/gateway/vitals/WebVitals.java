package io.opsrelay.gateway.vitals;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.opsrelay.gateway.edge.Callers;
import io.opsrelay.gateway.edge.Refusal;
import io.opsrelay.security.Caller;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * {@code POST /api/v1/web-vitals}. Names and routes become tags of metrics, so both come from closed lists: a page
 * cannot make up new ones, and no id of a ticket or customer gets into a metric. A report is counted as a whole or not
 * at all.
 */
@RestController
final class WebVitals {

    private static final String SHIFT = "cls";
    private static final Set<String> NAMES = Set.of("lcp", "inp", SHIFT, "fcp", "ttfb", "load", "interactive", "route");
    private static final Set<String> RATINGS = Set.of("good", "needs-improvement", "poor");
    private static final Set<String> ROUTES = Set.of(
            "/",
            "/tickets",
            "/tickets/new",
            "/tickets/$id",
            "/approvals",
            "/operations",
            "/ai",
            "/metrics",
            "/customers",
            "/customers/$id",
            "/settings",
            "/settings/$section",
            "/wallboard",
            "/sign-in",
            "other");
    private static final Set<String> NAVIGATIONS =
            Set.of("navigate", "reload", "back-forward", "back-forward-cache", "prerender", "restore");

    private static final int MOST = 50;
    private static final double LONGEST_MILLIS = Duration.ofMinutes(10).toMillis();
    private static final double LARGEST_SHIFT = 100;

    private final PerMinute perClient;
    private final MeterRegistry meters;

    WebVitals(VitalsProperties properties, Clock clock, MeterRegistry meters) {
        this.perClient = new PerMinute(properties.reportsPerMinute(), clock);
        this.meters = meters;
    }

    @PostMapping(path = "/api/v1/web-vitals", consumes = MediaType.APPLICATION_JSON_VALUE)
    Mono<ResponseEntity<Void>> report(@RequestBody Report report, ServerWebExchange exchange) {
        return Callers.of(exchange)
                .switchIfEmpty(Mono.error(() -> Refusal.of(HttpStatus.UNAUTHORIZED, "send an access token")))
                .map(caller -> {
                    requireAllowance(caller);
                    checked(report).forEach(this::count);
                    return ResponseEntity.noContent().build();
                });
    }

    private void requireAllowance(Caller caller) {
        String client = caller.clientIdOrNull();
        if (!perClient.allows(client == null ? "-" : client)) {
            meters.counter(VitalsMetric.REFUSED.id(), "reason", "limited").increment();
            throw Refusal.later(
                    HttpStatus.TOO_MANY_REQUESTS,
                    "enough is known of your pages for this minute",
                    Duration.ofSeconds(perClient.secondsLeft()));
        }
    }

    private List<@Nullable Measure> checked(Report report) {
        try {
            List<@Nullable Measure> items = report.items();
            if (items == null || items.isEmpty() || items.size() > MOST) {
                throw Refusal.badRequest("items", "must have 1 to " + MOST + " measures");
            }
            for (int i = 0; i < items.size(); i++) {
                check("items[" + i + "].", items.get(i));
            }
            return items;
        } catch (Refusal refusal) {
            meters.counter(VitalsMetric.REFUSED.id(), "reason", "invalid").increment();
            throw refusal;
        }
    }

    private static void check(String place, @Nullable Measure measure) {
        if (measure == null) {
            throw Refusal.badRequest(place.substring(0, place.length() - 1), "must not be null");
        }
        requireOneOf(place + "name", measure.name(), NAMES);
        requireOneOf(place + "route", measure.route(), ROUTES);
        if (measure.rating() != null) {
            requireOneOf(place + "rating", measure.rating(), RATINGS);
        }
        if (measure.navigationType() != null) {
            requireOneOf(place + "navigation_type", measure.navigationType(), NAVIGATIONS);
        }
        double most = SHIFT.equals(measure.name()) ? LARGEST_SHIFT : LONGEST_MILLIS;
        Double value = measure.value();
        if (value == null || !(value >= 0 && value <= most)) {
            throw Refusal.badRequest(place + "value", "must be a number from 0 to " + (long) most);
        }
    }

    private static void requireOneOf(String field, @Nullable String value, Set<String> known) {
        if (value == null || !known.contains(value)) {
            throw Refusal.badRequest(field, "must be one of " + String.join(", ", new TreeSet<>(known)));
        }
    }

    private void count(@Nullable Measure measure) {
        if (measure == null) {
            return; // was refused
        }
        String name = String.valueOf(measure.name());
        String route = String.valueOf(measure.route());
        double value = measure.value() == null ? 0 : measure.value();
        if (SHIFT.equals(name)) {
            DistributionSummary.builder(VitalsMetric.SHIFT.id())
                    .description(VitalsMetric.SHIFT.meaning())
                    .serviceLevelObjectives(0.1, 0.25)
                    .tag("route", route)
                    .register(meters)
                    .record(value);
        } else {
            DistributionSummary.builder(VitalsMetric.MILLIS.id())
                    .description(VitalsMetric.MILLIS.meaning())
                    .serviceLevelObjectives(100, 200, 500, 1_000, 1_800, 2_500, 4_000, 10_000)
                    .tag("name", name)
                    .tag("route", route)
                    .register(meters)
                    .record(value);
        }
        if (measure.rating() != null) {
            meters.counter(VitalsMetric.RATED.id(), "name", name, "route", route, "rating", measure.rating())
                    .increment();
        }
    }

    /** What a page measured since its last report. */
    record Report(@Nullable List<@Nullable Measure> items) {}

    /**
     * One measure.
     *
     * @param name as the web-vitals library calls it, in lower case; load, interactive and route are the page's own
     * @param value milliseconds; of cls the score
     * @param rating good, needs-improvement or poor; absent where nobody has said what is good
     * @param route the page's, with {@code $id} in the place of an id
     * @param navigationType how one came to the page; taken, not counted
     */
    record Measure(
            @Nullable String name,
            @Nullable Double value,
            @Nullable String rating,
            @Nullable String route,
            @Nullable String navigationType) {}
}
