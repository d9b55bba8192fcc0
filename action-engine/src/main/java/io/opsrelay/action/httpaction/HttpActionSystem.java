package io.opsrelay.action.httpaction;

import io.opsrelay.action.catalogue.Answer;
import io.opsrelay.action.remote.Addresses;
import io.opsrelay.action.remote.RemoteSystem;
import io.opsrelay.action.remote.Reply;
import io.opsrelay.action.remote.SecretFile;
import io.opsrelay.action.remote.Settings;
import io.opsrelay.action.remote.Signature;
import io.opsrelay.messaging.Ids;
import java.net.URI;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/** The requests of one client's own action. */
final class HttpActionSystem {

    static final String NAME = "http";

    private static final byte[] NOTHING = {};

    private final HttpActionSettings settings;
    private final RemoteSystem system;
    private final Ids ids;
    private final Clock clock;

    HttpActionSystem(HttpActionSettings settings, RemoteSystem system, Ids ids, Clock clock) {
        this.settings = settings;
        this.system = system;
        this.ids = ids;
        this.clock = clock;
    }

    /**
     * What is sent.
     *
     * @param body absent where everything stands in the address
     */
    private record Request(URI uri, @Nullable Map<String, Object> body) {}

    private Request request(Map<String, Object> arguments) {
        URI uri = Addresses.filled(settings.url(), arguments);
        // In the order that arguments have once they were stored.
        Map<String, Object> rest = new TreeMap<>(arguments);
        rest.remove(HttpRequestShown.BINDING);
        Matcher place = Settings.PLACEHOLDER.matcher(settings.url());
        while (place.find()) {
            rest.remove(place.group(1));
        }
        if (settings.method() != HttpActionSettings.Method.DELETE) {
            return new Request(uri, rest);
        }
        StringBuilder address = new StringBuilder(uri.toString());
        rest.forEach((name, value) -> address.append(address.indexOf("?") < 0 ? '?' : '&')
                .append(name)
                .append('=')
                .append(Addresses.encoded(String.valueOf(value))));
        return new Request(URI.create(address.toString()), null);
    }

    /**
     * The request as people see it.
     *
     * @throws IllegalArgumentException with a reason for a person, if a value does not fit into the address
     */
    Map<String, Object> shown(Map<String, Object> arguments) {
        Request request = request(arguments);
        return HttpRequestShown.shown(settings, request.uri(), request.body());
    }

    /** The arguments, bound to the request that they make now. */
    Map<String, Object> bound(Map<String, Object> arguments) {
        Map<String, Object> bound = new LinkedHashMap<>(arguments);
        bound.put(HttpRequestShown.BINDING, hash(arguments));
        return bound;
    }

    /** Why what would be sent now is not what was approved; empty if it is. */
    Optional<String> objection(Map<String, Object> approved) {
        return HttpRequestShown.objection(approved, () -> hash(approved));
    }

    private String hash(Map<String, Object> arguments) {
        Request request = request(arguments);
        return HttpRequestShown.hash(settings, request.uri(), request.body());
    }

    Reply call(String idempotencyKey, Map<String, Object> arguments) {
        Request request = request(arguments);
        Map<String, Object> body = request.body();
        return send(
                settings.method().name(),
                request.uri(),
                idempotencyKey,
                body == null ? NOTHING : RemoteSystem.json(body));
    }

    Reply rehearse(Map<String, Object> arguments) {
        return send(
                "POST",
                URI.create(String.valueOf(settings.dryRunUrl())),
                "dry-run-" + ids.next(),
                RemoteSystem.json(arguments));
    }

    Reply ask(String findUrl, String idempotencyKey) {
        return send("GET", Addresses.filled(findUrl, Map.of("key", idempotencyKey)), idempotencyKey, NOTHING);
    }

    Answer.Refused refusal(Reply reply) {
        return system.refusal(reply);
    }

    private Reply send(String method, URI uri, String id, byte[] body) {
        Map<String, String> headers = new LinkedHashMap<>(settings.headers());
        settings.secretHeaders().forEach((name, file) -> headers.put(name, new SecretFile(file).read()));
        if (settings.secretFile() != null) {
            headers.putAll(Signature.headers(new SecretFile(settings.secretFile()).read(), id, clock.instant(), body));
        }
        headers.put("Idempotency-Key", id);
        return system.send(method, uri, headers, body);
    }
}
