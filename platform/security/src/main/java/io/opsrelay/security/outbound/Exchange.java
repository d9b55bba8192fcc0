package io.opsrelay.security.outbound;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A request and its bounds.
 *
 * @param method GET, POST, PUT, PATCH or DELETE
 * @param body JSON; empty where there is none
 * @param timeout from the look-up of the name to the last byte that is read
 * @param mostBytes of the answer's body
 * @param allowPrivate whether it may go into our own network
 */
public record Exchange(
        String method,
        URI uri,
        Map<String, String> headers,
        byte[] body,
        Duration timeout,
        int mostBytes,
        boolean allowPrivate) {

    public Exchange {
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
        if (timeout.isNegative() || timeout.isZero() || mostBytes < 1) {
            throw new IllegalArgumentException("an exchange needs a positive timeout and size");
        }
    }

    /** Headers hold keys, and what is asked for may be personal: neither belongs into a log. */
    @Override
    public String toString() {
        return method + " " + uri.getScheme() + "://" + uri.getRawAuthority();
    }

    /** A body that is made while it is sent. */
    public interface Content {

        /** In bytes. */
        long length();

        /** From its beginning, once for each time that it is sent. */
        InputStream open() throws IOException;
    }

    /** Reads an answer while it comes in. */
    @FunctionalInterface
    public interface Reader<T> {

        /** @param body ends with an error where there is more of it than may be */
        T read(Head head, InputStream body) throws IOException;
    }

    /**
     * An answer's beginning.
     *
     * @param headers by name in small letters; of one that was sent twice, the first
     */
    public record Head(int status, Map<String, String> headers) {

        public Head {
            headers = Collections.unmodifiableMap(new TreeMap<>(headers));
        }

        /** The header's value, or null. */
        public @Nullable String header(String name) {
            return headers.get(name.toLowerCase(Locale.ROOT));
        }

        /** The kind of content without parameters, in small letters; empty if it is not said. */
        public String mime() {
            String type = headers.getOrDefault("content-type", "");
            int end = type.indexOf(';');
            return (end < 0 ? type : type.substring(0, end)).strip().toLowerCase(Locale.ROOT);
        }

        /** Whether it is JSON. */
        public boolean isJson() {
            return mime().equals("application/json") || mime().endsWith("+json");
        }

        /** UTF-8 unless it says another that we know. */
        public Charset charset() {
            String type = headers.getOrDefault("content-type", "").toLowerCase(Locale.ROOT);
            int at = type.indexOf("charset=");
            if (at < 0) {
                return StandardCharsets.UTF_8;
            }
            String name = type.substring(at + "charset=".length())
                    .replaceAll("[\"']|;.*", "")
                    .strip();
            try {
                return Charset.forName(name);
            } catch (IllegalArgumentException e) {
                return StandardCharsets.UTF_8;
            }
        }
    }
}
