package io.opsrelay.gateway.session;

import io.opsrelay.gateway.redis.RedisScripts;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Which cookies were used, and which sign-ins have ended. A cookie that is shown again after its leeway was copied: the
 * sign-in that it comes from ends, whoever of the two shows it. Known to all gateways through Redis; without it each goes
 * by what it saw itself, which lets a copy pass rather than keep anybody out. All of it is forgotten once the cookies
 * have expired. Thread-safe.
 */
final class UsedCookies implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(UsedCookies.class);

    private static final String USE = """
        if redis.call('EXISTS', KEYS[1]) == 1 then return {3} end
        local time = redis.call('TIME')
        local now = time[1] * 1000 + math.floor(time[2] / 1000)
        local first = redis.call('GET', KEYS[2])
        if not first then
          redis.call('SET', KEYS[2], string.format('%.0f', now), 'PX', ARGV[1])
          return {0}
        end
        if now - tonumber(first) <= tonumber(ARGV[2]) then return {1} end
        redis.call('SET', KEYS[1], '1', 'PX', ARGV[3])
        return {2}
        """;

    private static final String END = """
        redis.call('SET', KEYS[1], '1', 'PX', ARGV[1])
        return {0}
        """;

    private static final int REMEMBERED = 50_000;

    private final SessionProperties properties;
    private final Clock clock;
    private final @Nullable RedisScripts redis;
    private final Map<String, Instant> used = bounded();
    private final Map<String, Instant> ended = bounded();
    private volatile boolean away;

    UsedCookies(SessionProperties properties, Clock clock) {
        this.properties = properties;
        this.clock = clock;
        String uri = properties.redis();
        this.redis = uri == null ? null : new RedisScripts(uri, properties.timeout());
    }

    /** What it means that a cookie is shown. In the order of the script's answers. */
    enum Use {
        /** It had not been. */
        FIRST,
        /** It had been a moment ago: two at once, or an answer that was lost. */
        AGAIN,
        /** It had been before that: one of the two is a copy. Its sign-in has ended now. */
        REUSED,
        /** Its sign-in had ended. */
        ENDED;

        boolean isGood() {
            return this == FIRST || this == AGAIN;
        }
    }

    Mono<Use> use(Session session) {
        Use here = useHere(session);
        RedisScripts shared = redis;
        if (shared == null || !here.isGood()) {
            return shared == null || here == Use.ENDED
                    ? Mono.just(here)
                    : end(session).thenReturn(here);
        }
        return Mono.fromFuture(() -> shared.eval(
                        USE,
                        new String[] {endedKey(session), usedKey(session)},
                        millis(properties.idle()),
                        millis(properties.leeway()),
                        millis(properties.longest())))
                .publishOn(Schedulers.parallel()) // on, but never by a thread of Redis' client
                .map(numbers -> {
                    back();
                    Use there = Use.values()[numbers.getFirst().intValue()];
                    if (!there.isGood()) {
                        endHere(session);
                    }
                    return there;
                })
                .onErrorResume(failure -> {
                    away(failure);
                    return Mono.just(here);
                });
    }

    /** Ends the sign-in; all of its cookies are refused from now on. */
    Mono<Void> end(Session session) {
        endHere(session);
        RedisScripts shared = redis;
        if (shared == null) {
            return Mono.empty();
        }
        return Mono.fromFuture(() -> shared.eval(END, new String[] {endedKey(session)}, millis(properties.longest())))
                .publishOn(Schedulers.parallel())
                .doOnNext(numbers -> back())
                .onErrorResume(failure -> {
                    away(failure);
                    return Mono.<List<Long>>empty();
                })
                .then();
    }

    /** Whether this gateway knows its own alone although it should not. */
    boolean away() {
        return away;
    }

    private synchronized Use useHere(Session session) {
        if (ended.containsKey(session.family())) {
            return Use.ENDED;
        }
        Instant now = clock.instant();
        Instant first = used.putIfAbsent(session.id(), now);
        if (first == null) {
            return Use.FIRST;
        }
        if (!now.isAfter(first.plus(properties.leeway()))) {
            return Use.AGAIN;
        }
        ended.put(session.family(), now);
        return Use.REUSED;
    }

    private synchronized void endHere(Session session) {
        ended.put(session.family(), clock.instant());
    }

    private void away(Throwable failure) {
        if (!away) {
            away = true;
            LOG.warn("Redis does not answer; used cookies are known to this gateway alone: {}", failure.toString());
        }
    }

    private void back() {
        if (away) {
            away = false;
            LOG.info("Redis answers again; used cookies are known to all gateways");
        }
    }

    private static String endedKey(Session session) {
        return "opsrelay:session:{" + session.family() + "}:ended";
    }

    private static String usedKey(Session session) {
        return "opsrelay:session:{" + session.family() + "}:used:" + session.id();
    }

    private static String millis(Duration duration) {
        return Long.toString(duration.toMillis());
    }

    private static Map<String, Instant> bounded() {
        return new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
                return size() > REMEMBERED;
            }
        };
    }

    @Override
    public void close() {
        RedisScripts shared = redis;
        if (shared != null) {
            shared.close();
        }
    }
}
