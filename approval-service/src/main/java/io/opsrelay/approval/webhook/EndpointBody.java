package io.opsrelay.approval.webhook;

import io.opsrelay.approval.notification.NoticeTypes;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a person sends to make or change an endpoint.
 *
 * @param eventTypes types of notices, families like {@code approval.*}, or {@code *}
 * @param disabled false unless said
 */
record EndpointBody(
        @Nullable String url,
        @Nullable List<@Nullable String> eventTypes,
        @Nullable String description,
        @Nullable Boolean disabled) {

    static final int MAX_URL = 2_000;
    static final int MAX_DESCRIPTION = 500;
    static final int MAX_TYPES = 50;

    /**
     * What is wrong, by field; empty if nothing is.
     *
     * @param allowHttp whether the address may be one without TLS
     */
    Map<String, String> refusals(boolean allowHttp) {
        Map<String, String> refusals = new LinkedHashMap<>();
        put(refusals, "url", urlRefusal(url, allowHttp));
        put(refusals, "event_types", typesRefusal());
        if (description != null
                && (description.length() > MAX_DESCRIPTION
                        || description.codePoints().anyMatch(Character::isISOControl))) {
            refusals.put("description", "must be at most " + MAX_DESCRIPTION + " characters on one line");
        }
        return refusals;
    }

    URI toUrl() {
        return URI.create(Objects.requireNonNull(url));
    }

    Set<String> toTypes() {
        Set<String> types = new LinkedHashSet<>();
        for (String type : Objects.requireNonNull(eventTypes)) {
            types.add(Objects.requireNonNull(type));
        }
        return types;
    }

    @Nullable
    String toDescription() {
        return description == null || description.isBlank() ? null : description.strip();
    }

    boolean toDisabled() {
        return disabled != null && disabled;
    }

    private @Nullable String typesRefusal() {
        if (eventTypes == null || eventTypes.isEmpty()) {
            return "must name at least one of " + NoticeTypes.patterns();
        }
        if (eventTypes.size() > MAX_TYPES) {
            return "must be at most " + MAX_TYPES;
        }
        return eventTypes.stream().allMatch(type -> type != null && NoticeTypes.isPattern(type))
                ? null
                : "must be of " + NoticeTypes.patterns();
    }

    private static @Nullable String urlRefusal(@Nullable String url, boolean allowHttp) {
        if (url == null) {
            return "is required";
        }
        if (url.length() > MAX_URL) {
            return "must be at most " + MAX_URL + " characters";
        }
        URI uri;
        try {
            uri = URI.create(url);
        } catch (IllegalArgumentException e) {
            return "is no address";
        }
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        if (!scheme.equals("https") && !(allowHttp && scheme.equals("http"))) {
            return "must begin with https://" + (allowHttp ? " or http://" : "");
        }
        if (uri.getHost() == null) {
            return "names no host";
        }
        if (uri.getPort() == 0 || uri.getPort() > 0xffff) {
            return "names a port that there is not";
        }
        return uri.getRawUserInfo() == null && uri.getRawFragment() == null
                ? null
                : "must have neither a user nor a fragment";
    }

    private static void put(Map<String, String> refusals, String field, @Nullable String reason) {
        if (reason != null) {
            refusals.put(field, reason);
        }
    }
}
