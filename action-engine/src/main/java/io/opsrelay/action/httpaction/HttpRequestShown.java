package io.opsrelay.action.httpaction;

import io.opsrelay.action.catalogue.CanonicalArguments;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The request that an action would send, for whoever decides, and its hash, which stands among the arguments that are approved:
 * what is sent is what was shown, whatever the configuration has become. Pure.
 */
final class HttpRequestShown {

    /** The argument with the hash. No field's name begins so. */
    static final String BINDING = "_request";

    private static final String HIDDEN = "[hidden]";
    private static final Pattern SECRET =
            Pattern.compile("(?i).*(auth|token|secret|key|passw|cookie|signature|credential|session).*");
    private static final Pattern PARAMETER = Pattern.compile("([?&])([^=&]+)=([^&]*)");

    private HttpRequestShown() {}

    /**
     * The request as people see it: values of headers and of parameters that the configuration gives and that may be keys are
     * hidden.
     *
     * @param uri filled
     * @param body as it is sent in JSON; absent where there is none
     */
    static Map<String, Object> shown(HttpActionSettings settings, URI uri, @Nullable Map<String, Object> body) {
        Map<String, Object> headers = new TreeMap<>();
        settings.headers()
                .forEach((name, value) -> headers.put(name, SECRET.matcher(name).matches() ? HIDDEN : value));
        settings.secretHeaders().keySet().forEach(name -> headers.put(name, HIDDEN));
        if (settings.secretFile() != null) {
            headers.put("webhook-signature", "made when it is sent");
        }
        headers.put("Idempotency-Key", "the action's own");
        Map<String, Object> request = new LinkedHashMap<>();
        request.put("method", settings.method().name());
        request.put("url", withoutKeys(settings, uri));
        request.put("headers", headers);
        if (body != null) {
            request.put("body", body);
        }
        return request;
    }

    /** A parameter that a field fills stands among the arguments anyway. */
    private static String withoutKeys(HttpActionSettings settings, URI uri) {
        String address = uri.toString();
        int query = settings.url().indexOf('?');
        if (query < 0) {
            return address;
        }
        Matcher given = PARAMETER.matcher(settings.url().substring(query));
        while (given.find()) {
            if (SECRET.matcher(given.group(2)).matches() && !given.group(3).contains("{")) {
                address = address.replace(given.group(2) + "=" + given.group(3), given.group(2) + "=" + HIDDEN);
            }
        }
        return address;
    }

    /** SHA-256 (hex) of all that the configuration and the arguments make of the request. Keys may be renewed; where they go may not. */
    static String hash(HttpActionSettings settings, URI uri, @Nullable Map<String, Object> body) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("method", settings.method().name());
        all.put("url", uri.toString());
        all.put("headers", settings.headers());
        all.put(
                "secret_headers",
                settings.secretHeaders().keySet().stream().sorted().toList());
        all.put("signed", settings.secretFile() != null);
        if (body != null) {
            all.put("body", body);
        }
        return CanonicalArguments.of(all).hash();
    }

    /**
     * Why what would be sent now is not what was approved; empty if it is, and for what was prepared before there were hashes.
     *
     * @param now makes the hash of what would be sent now; throws {@link IllegalArgumentException} where nothing could be
     */
    static Optional<String> objection(Map<String, Object> approved, Supplier<String> now) {
        Object then = approved.get(BINDING);
        try {
            if (then == null || then.equals(now.get())) {
                return Optional.empty();
            }
        } catch (IllegalArgumentException e) {
            // The arguments do not fit into the address any more.
        }
        return Optional.of(
                "the action's configuration has changed, and another request would be sent than was approved;"
                        + " ask for it anew");
    }
}
