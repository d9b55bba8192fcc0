package io.opsrelay.action.remote;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Addresses with places that are filled. */
public final class Addresses {

    private static final Pattern DOTS = Pattern.compile("(^|.*[/\\\\])\\.\\.?([/\\\\].*|$)", Pattern.DOTALL);

    private Addresses() {}

    /**
     * The address with its places filled, percent-encoded.
     *
     * @throws IllegalArgumentException with a reason for a person, if a value would lead elsewhere
     */
    public static URI filled(String url, Map<String, ?> values) {
        int query = url.indexOf('?');
        StringBuilder address = new StringBuilder();
        Matcher place = Settings.PLACEHOLDER.matcher(url);
        int from = 0;
        while (place.find()) {
            String name = place.group(1);
            String value = String.valueOf(values.get(name));
            if ((query < 0 || place.start() < query)
                    && (value.isEmpty() || DOTS.matcher(value).matches())) {
                throw new IllegalArgumentException(name + " must not lead elsewhere");
            }
            address.append(url, from, place.start()).append(encoded(value));
            from = place.end();
        }
        return URI.create(address.append(url, from, url.length()).toString());
    }

    /** Everything but what never means anything in an address. */
    public static String encoded(String value) {
        StringBuilder out = new StringBuilder();
        for (byte one : value.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (one & 0xff);
            if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || "-_.~".indexOf(c) >= 0) {
                out.append(c);
            } else {
                out.append('%').append("%02X".formatted((int) c));
            }
        }
        return out.toString();
    }
}
