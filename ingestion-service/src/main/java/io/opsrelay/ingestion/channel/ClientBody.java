package io.opsrelay.ingestion.channel;

import io.opsrelay.security.tenant.ClientId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A client as it is to be.
 *
 * @param channels known by kind and name; those that are not named stay as they are
 * @param sources of the upstream topic: each becomes a channel of kind upstream
 */
record ClientBody(
        @Nullable String clientId,
        @Nullable String name,
        @Nullable List<@Nullable ChannelBody> channels,
        @Nullable List<@Nullable String> sources) {

    private static final int MAX_NAME = 200;

    /** What is wrong, by field; empty if nothing is. */
    Map<String, String> refusals() {
        Map<String, String> refusals = new LinkedHashMap<>();
        if (!ClientId.isValid(clientId)) {
            refusals.put("client_id", "must be 1 to 63 of a-z, 0-9, - and _, beginning with a letter or digit");
        }
        if (name == null
                || name.isBlank()
                || name.length() > MAX_NAME
                || name.codePoints().anyMatch(Character::isISOControl)) {
            refusals.put("name", "must be 1 to " + MAX_NAME + " characters on one line");
        }
        if (channels != null) {
            for (int i = 0; i < channels.size(); i++) {
                ChannelBody channel = channels.get(i);
                String field = "channels[" + i + "]";
                if (channel == null) {
                    refusals.put(field, "must not be null");
                } else {
                    channel.refusals(true).forEach((of, reason) -> refusals.put(field + "." + of, reason));
                }
            }
        }
        if (sources != null && sources.stream().anyMatch(source -> source == null || source.isBlank())) {
            refusals.put("sources", "must be names");
        }
        return refusals;
    }

    String toClientId() {
        return String.valueOf(clientId);
    }

    String toName() {
        return String.valueOf(name).strip();
    }

    /** Channels and sources alike. */
    List<ChannelBody> toChannels() {
        List<ChannelBody> all = new ArrayList<>();
        for (ChannelBody channel : channels == null ? List.<@Nullable ChannelBody>of() : channels) {
            if (channel != null) {
                all.add(channel);
            }
        }
        for (String source : sources == null ? List.<@Nullable String>of() : sources) {
            all.add(new ChannelBody(
                    null,
                    ChannelKind.UPSTREAM.wireName(),
                    source,
                    null,
                    Map.of("source", String.valueOf(source)),
                    null,
                    null));
        }
        return all;
    }
}
