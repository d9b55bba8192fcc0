package io.opsrelay.action.remote;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonPointer;

/** Checks of configuration. What is wrong stops the start; a message names the property and never its value. */
public final class Settings {

    /** A place in an address that is filled later. */
    public static final Pattern PLACEHOLDER = Pattern.compile("\\{([^{}]*)}");

    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final int LONGEST_HEADER = 4_000;
    private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}");
    private static final Set<String> OURS = Set.of(
            "host",
            "content-length",
            "transfer-encoding",
            "connection",
            "content-type",
            "accept",
            "idempotency-key",
            "webhook-id",
            "webhook-timestamp",
            "webhook-signature");

    private Settings() {}

    /** @throws IllegalArgumentException with property and reason */
    public static void unless(boolean right, String property, String reason) {
        if (!right) {
            throw new IllegalArgumentException(property + ": " + reason);
        }
    }

    /** An address, perhaps with places to be filled, which are allowed behind its host only. */
    public static void unlessUrl(@Nullable String url, boolean allowHttp, Set<String> places, String property) {
        if (url == null || url.isBlank()) {
            throw new IllegalArgumentException(property + ": is missing");
        }
        URI uri;
        try {
            uri = URI.create(PLACEHOLDER.matcher(url).replaceAll("x"));
        } catch (IllegalArgumentException e) {
            // The cause would carry the value, which may hold a key, into the log of the start.
            throw new IllegalArgumentException(property + ": is no address");
        }
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        unless(
                scheme.equals("https") || (allowHttp && scheme.equals("http")),
                property,
                "must begin with https://, or with http:// where allow-http is set");
        unless(uri.getHost() != null, property, "names no host");
        unless(
                uri.getRawUserInfo() == null && uri.getRawFragment() == null,
                property,
                "must have neither a user nor a fragment; keys belong into files");
        int path = url.indexOf('/', url.indexOf("://") + 3);
        Matcher found = PLACEHOLDER.matcher(url);
        while (found.find()) {
            unless(path >= 0 && found.start() > path, property, "must name its host without {}");
            unless(places.contains(found.group(1)), property, "has {" + found.group(1) + "}, which is not known here");
        }
    }

    /** A file that is there and holds something. */
    public static void unlessSecret(@Nullable Path file, String property) {
        if (file == null || file.toString().isBlank()) {
            throw new IllegalArgumentException(property + ": is missing");
        }
        unless(
                Files.isReadable(file) && file.toFile().length() > 0,
                property,
                "names a file that cannot be read or is empty");
    }

    /** Up to a minute. */
    public static void unlessTimeout(Duration timeout, String property) {
        unless(
                timeout.isPositive() && timeout.compareTo(LONGEST) <= 0,
                property,
                "must be positive and at most " + LONGEST.toSeconds() + " s");
    }

    /** A way into JSON. */
    public static void unlessPointer(String pointer, String property) {
        boolean right;
        try {
            right = JsonPointer.compile(pointer) != null;
        } catch (IllegalArgumentException e) {
            right = false;
        }
        unless(right, property, "is no JSON pointer");
    }

    /** Headers by name; those that are set here by ourselves are not for others. */
    public static void unlessHeaders(Map<String, String> headers, String property) {
        headers.forEach((name, value) -> {
            unlessHeader(name, property + "." + name);
            unless(isLine(value), property + "." + name, "must be one line of ASCII");
        });
    }

    /** A header that may be set. */
    public static void unlessHeader(String name, String property) {
        unless(
                HEADER.matcher(name).matches() && !OURS.contains(name.toLowerCase(Locale.ROOT)),
                property,
                "is no header that can be set here");
    }

    private static boolean isLine(String value) {
        return value.length() <= LONGEST_HEADER && value.chars().allMatch(c -> c >= ' ' && c < 127);
    }
}
