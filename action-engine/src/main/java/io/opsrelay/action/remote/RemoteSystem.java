package io.opsrelay.action.remote;

import io.opsrelay.action.catalogue.Answer;
import io.opsrelay.action.catalogue.OutcomeUnknownException;
import io.opsrelay.security.outbound.Exchange;
import io.opsrelay.security.outbound.Exchange.Head;
import io.opsrelay.security.outbound.GuardedHttp;
import io.opsrelay.security.outbound.OutboundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/** A system that a client names, spoken to in JSON. It is left alone for as long as it asks for. Thread-safe. */
public final class RemoteSystem {

    /** Most bytes of an answer that are read. */
    public static final int MOST_BYTES = 4 * 1024 * 1024;

    private static final int TOO_MANY = 429;
    private static final Duration SHORTEST_REST = Duration.ofSeconds(1);
    private static final Duration USUAL_REST = Duration.ofSeconds(60);
    private static final Duration LONGEST_REST = Duration.ofHours(1);
    private static final Set<String> NEVER_SENT = Set.of("refused address", "unknown host", "unreachable");

    /** Reads what others wrote. */
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(64)
                            .maxNumberLength(100)
                            .build())
                    .build())
            .build();

    private final String name;
    private final GuardedHttp http;
    private final Duration timeout;
    private final boolean allowPrivate;
    private final Clock clock;
    private volatile Instant restsUntil = Instant.MIN;

    /**
     * @param name as people see it
     * @param timeout for a whole answer
     * @param allowPrivate whether it may lie in our own network
     */
    public RemoteSystem(String name, GuardedHttp http, Duration timeout, boolean allowPrivate, Clock clock) {
        this.name = name;
        this.http = http;
        this.timeout = timeout;
        this.allowPrivate = allowPrivate;
        this.clock = clock;
    }

    /** As people see it. */
    public String name() {
        return name;
    }

    /** The bytes of a body. */
    public static byte[] json(Object body) {
        return JSON.writeValueAsBytes(body);
    }

    /**
     * Asks it.
     *
     * @param body JSON, unless the headers say otherwise; empty where there is none
     * @throws NoReplyException if there is no answer that can be read
     * @throws BusyException if it asks to be left alone, now or since an earlier request
     */
    public Reply send(String method, URI uri, Map<String, String> headers, byte[] body) {
        if (clock.instant().isBefore(restsUntil)) {
            throw busy();
        }
        Map<String, String> all = new LinkedHashMap<>();
        all.put("Accept", "application/json");
        all.putAll(headers);
        Reply reply;
        try {
            reply = http.send(
                    new Exchange(method, uri, all, body, timeout, MOST_BYTES, allowPrivate), RemoteSystem::read);
        } catch (OutboundException e) {
            throw new NoReplyException(name + " " + e.reason(), !NEVER_SENT.contains(e.status()), e);
        } catch (JacksonException e) {
            throw new NoReplyException(name + " answered with broken JSON", true, e);
        }
        Duration rest = restOf(reply.head());
        if (rest != null) {
            restsUntil = clock.instant().plus(rest);
            throw busy();
        }
        return reply;
    }

    private BusyException busy() {
        return new BusyException(
                name + " takes no requests until " + restsUntil + "; nothing was done, and it is tried again");
    }

    private static Reply read(Head head, InputStream body) throws IOException {
        byte[] bytes = body.readAllBytes();
        if (bytes.length == 0 || !head.isJson()) {
            return new Reply(head, MissingNode.getInstance());
        }
        try {
            JsonNode read = JSON.readTree(new String(bytes, head.charset()));
            return new Reply(head, read == null ? MissingNode.getInstance() : read);
        } catch (JacksonException e) {
            if (head.status() >= 200 && head.status() <= 299) {
                throw e;
            }
            return new Reply(head, MissingNode.getInstance());
        }
    }

    /** GitHub says so with 403 too, and then in its headers. */
    private @Nullable Duration restOf(Head head) {
        String after = head.header("retry-after");
        String left = head.header("x-ratelimit-remaining");
        if (head.status() != TOO_MANY && (head.status() != 403 || (after == null && !"0".equals(left)))) {
            return null;
        }
        Long seconds = number(after);
        Long reset = number(head.header("x-ratelimit-reset"));
        Duration rest = USUAL_REST;
        if (seconds != null) {
            rest = Duration.ofSeconds(seconds);
        } else if (reset != null) {
            rest = Duration.between(clock.instant(), Instant.ofEpochSecond(reset));
        }
        if (rest.compareTo(SHORTEST_REST) < 0) {
            return SHORTEST_REST;
        }
        return rest.compareTo(LONGEST_REST) > 0 ? LONGEST_REST : rest;
    }

    private static @Nullable Long number(@Nullable String text) {
        return text != null && text.matches("[0-9]{1,10}") ? Long.valueOf(text) : null;
    }

    /**
     * What an answer that is no success says about the action.
     *
     * @throws OutcomeUnknownException if it may have been done all the same
     */
    public Answer.Refused refusal(Reply reply) {
        int status = reply.status();
        String words = reply.words();
        String said = words == null ? "" : ": " + words;
        if (status >= 500) {
            throw new OutcomeUnknownException(name + " answered " + status + said, new IllegalStateException());
        }
        if (status == 302 || status == 303) {
            throw new OutcomeUnknownException(
                    name + " answered " + status + ", which does not tell what was done", new IllegalStateException());
        }
        if (status == 401 || status == 403) {
            return new Answer.Refused(
                    "provider_denied", name + " does not accept our credentials for this (" + status + ")" + said);
        }
        if (status < 400) {
            return new Answer.Refused(
                    "provider_redirects",
                    name + " answered " + status
                            + ", which is not followed: its address in the configuration is not right");
        }
        return new Answer.Refused("provider_refused", name + " answered " + status + said);
    }

    /**
     * What it says about the action that there was no answer.
     *
     * @throws OutcomeUnknownException if it may have been done all the same
     */
    public static Answer.Refused refusal(NoReplyException e) {
        if (e.sent()) {
            throw new OutcomeUnknownException(e.reason(), e);
        }
        return new Answer.Refused("provider_unreachable", e.reason());
    }
}
