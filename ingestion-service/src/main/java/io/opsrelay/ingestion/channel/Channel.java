package io.opsrelay.ingestion.channel;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A way in or out of a client. Its secrets are not part of it: {@link Channels#secrets} opens them.
 *
 * @param channelId opaque, as it stands in the paths of webhooks
 * @param kind one of {@link ChannelKind}, by its name on the wire
 * @param name what people call it; unique among a client's channels of a kind
 * @param addresses in lower case; {@code *@domain} means all of a domain
 * @param settings by name; none of them is secret
 * @param enabled whether it takes or sends anything
 * @param revision counts changes from 1
 */
public record Channel(
        String clientId,
        String channelId,
        String kind,
        String name,
        List<String> addresses,
        Map<String, String> settings,
        boolean enabled,
        long revision) {

    public Channel {
        Objects.requireNonNull(clientId);
        Objects.requireNonNull(channelId);
        Objects.requireNonNull(kind);
        Objects.requireNonNull(name);
        addresses = List.copyOf(addresses);
        settings = Map.copyOf(settings);
    }

    /** What the records of an upstream system name as their source, beside the channel's id; absent where there is nothing. */
    public @Nullable String source() {
        return kind.equals(ChannelKind.UPSTREAM.wireName()) ? settings.get(ChannelKind.SOURCE) : null;
    }

    /** All that leads to this channel from outside: its addresses and its source. */
    List<String> names() {
        String source = source();
        return source == null
                ? addresses
                : Stream.concat(addresses.stream(), Stream.of(addressOf(source)))
                        .toList();
    }

    /** A source as it stands among the addresses: a digest, since those are in lower case and sources need not be. */
    static String addressOf(String source) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(source.getBytes(StandardCharsets.UTF_8));
            return "source:" + HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** A setting, where it is set. */
    public @Nullable String setting(String setting) {
        return settings.get(setting);
    }

    /** A setting, or what holds without it. */
    public String setting(String setting, String otherwise) {
        return settings.getOrDefault(setting, otherwise);
    }
}
