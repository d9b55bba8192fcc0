package io.opsrelay.agent.owntool;

import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonPointer;

/** What is wrong with a configuration, which then stops the start; names the property and never its value. */
final class Wrong {

    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}");
    private static final Set<String> OURS = Set.of(
            "host", "content-length", "transfer-encoding", "connection", "content-type", "accept", "authorization");

    private Wrong() {}

    static void unless(boolean right, String property, String reason) {
        if (!right) {
            throw new IllegalArgumentException(property + ": " + reason);
        }
    }

    /** @param url without placeholders */
    static void unlessUrl(String url, boolean allowHttp, String property) {
        URI uri = read(url, URI::create);
        if (uri == null) {
            throw new IllegalArgumentException(property + ".url: is no address");
        }
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        unless(
                scheme.equals("https") || (allowHttp && scheme.equals("http")),
                property + ".url",
                "must begin with https://, or with http:// where allow-http is set");
        unless(uri.getHost() != null, property + ".url", "names no host");
        unless(
                uri.getRawUserInfo() == null && uri.getRawFragment() == null,
                property + ".url",
                "must have neither a user nor a fragment; keys belong into authorization");
    }

    static void unlessPointer(String pointer, String property) {
        unless(read(pointer, JsonPointer::compile) != null, property, "is no JSON pointer");
    }

    /** Spring would drop an empty one in silence if it read them itself. */
    static void unlessTicketValue(String value, String property) {
        unless(
                TicketValue.named(value) != null,
                property,
                "must be one of client-id, ticket-id, customer-id and customer-email");
    }

    /** Null if it cannot be read. The cause would carry the value, which may hold a key, into the log of the start. */
    private static <T> @Nullable T read(String value, Function<String, T> reader) {
        try {
            return reader.apply(value);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    static void unlessTimeout(Duration timeout, String property) {
        unless(
                timeout.isPositive() && timeout.compareTo(LONGEST) <= 0,
                property + ".timeout",
                "must be positive and at most " + LONGEST.toSeconds() + " s");
    }

    static void unlessHeaders(Map<String, String> headers, @Nullable String authorization, String property) {
        headers.forEach((name, value) -> {
            unless(
                    HEADER.matcher(name).matches() && !OURS.contains(name.toLowerCase(Locale.ROOT)),
                    property + ".headers." + name,
                    "is no header that can be set here");
            unless(isLine(value), property + ".headers." + name, "must be one line of ASCII");
        });
        unless(
                authorization == null || isLine(authorization),
                property + ".authorization",
                "must be one line of ASCII");
    }

    private static boolean isLine(String value) {
        return value.chars().allMatch(c -> c >= ' ' && c < 127);
    }
}
