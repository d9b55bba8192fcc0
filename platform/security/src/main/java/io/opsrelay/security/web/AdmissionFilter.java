package io.opsrelay.security.web;

import io.micrometer.core.instrument.Counter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.filter.OncePerRequestFilter;
import tools.jackson.databind.json.JsonMapper;

/**
 * Lets so many requests in at once; the others wait their turn, and not for long. Virtual threads set no bound of their
 * own: without this one a crowd of callers who try again after an outage takes every database connection, events are not
 * applied any more, and the outage goes on by itself.
 */
final class AdmissionFilter extends OncePerRequestFilter {

    private static final String HEALTH = "/actuator/";

    private final Semaphore places;
    private final Semaphore longPlaces;
    private final PathTable<Boolean> longPaths;
    private final Duration patience;
    private final Counter refused;
    private final JsonMapper json;

    /**
     * @param atOnce requests that are served at the same time
     * @param longPaths paths whose requests wait for their callers' lines most of the time: they have places of their own
     * @param longAtOnce of those
     * @param patience how long one more waits until it is answered 503
     * @param refused counts those
     */
    AdmissionFilter(
            int atOnce, List<String> longPaths, int longAtOnce, Duration patience, Counter refused, JsonMapper json) {
        this.places = new Semaphore(atOnce, true);
        this.longPlaces = new Semaphore(longAtOnce, true);
        this.longPaths = PathTable.of(
                longPaths.stream().collect(Collectors.toMap(path -> path, path -> true, (one, other) -> one)));
        this.patience = patience;
        this.refused = refused;
        this.json = json;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Semaphore places = longPaths.find(request.getRequestURI()).isPresent() ? longPlaces : this.places;
        if (!admitted(places)) {
            refused.increment();
            response.setHeader(HttpHeaders.RETRY_AFTER, "1");
            Problems.write(
                    response,
                    json,
                    HttpStatus.SERVICE_UNAVAILABLE,
                    "too many requests are under way here; nothing was changed, try again");
            return;
        }
        try {
            chain.doFilter(request, response);
        } finally {
            places.release();
        }
    }

    /** Who asks for health or figures must get them most of all when there is a crowd. */
    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return request.getRequestURI().startsWith(HEALTH);
    }

    private boolean admitted(Semaphore places) throws ServletException {
        try {
            return places.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServletException("interrupted while waiting for its turn", e);
        }
    }
}
