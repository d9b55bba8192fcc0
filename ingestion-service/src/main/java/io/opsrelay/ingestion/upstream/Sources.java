package io.opsrelay.ingestion.upstream;

import io.opsrelay.contracts.ContractJson;
import io.opsrelay.ingestion.channel.Channel;
import io.opsrelay.ingestion.channel.Channels;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;

/**
 * Who may write, and for whom: sources that are configured, and channels of kind upstream, whose records name the
 * channel's id, or the source that an operator gave it. A record's client follows from here alone, never from what the record says.
 */
@Component
class Sources {

    private static final String KIND = "upstream";
    private static final String SETTING = "mapping";
    private static final Pattern CHANNEL_ID = Pattern.compile("[A-Za-z0-9_-]{8,100}");
    private static final ObjectReader SETTINGS =
            ContractJson.mapper().readerFor(Settings.class).with(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    private final Map<String, Source> configured;
    private final Channels channels;

    Sources(UpstreamProperties properties, Channels channels) {
        this.configured = properties.sources().stream()
                .map(UpstreamProperties.Configured::toSource)
                .collect(Collectors.toUnmodifiableMap(Source::name, Function.identity()));
        this.channels = channels;
    }

    /**
     * The source of that name, or of the channel with that id or that source. Not to be called inside a transaction.
     *
     * @throws org.springframework.dao.DataAccessException if the database cannot answer
     */
    Optional<Named> named(String name) {
        Source source = configured.get(name);
        if (source != null) {
            return Optional.of(new Named(source.clientId(), source, null));
        }
        if (name.isBlank() || name.length() > Source.LONGEST_NAME) {
            return Optional.empty();
        }
        Optional<Channel> named = CHANNEL_ID.matcher(name).matches() ? channels.byId(name) : Optional.empty();
        return named.or(() -> channels.bySource(name))
                .filter(channel -> channel.kind().equals(KIND))
                .map(Sources::ofChannel);
    }

    /** The client's source of that name, if its settings are in order. May be called inside a transaction of the client. */
    Optional<Source> ofClient(String clientId, String name) {
        Source source = configured.get(name);
        if (source != null) {
            return Optional.of(source).filter(it -> it.clientId().equals(clientId));
        }
        return channels.ofClient(clientId, KIND).stream()
                .filter(channel -> channel.channelId().equals(name) || name.equals(channel.source()))
                .findFirst()
                .map(channel -> ofChannel(channel).source());
    }

    private static Named ofChannel(Channel channel) {
        String mapping = channel.setting(SETTING);
        try {
            Settings settings = mapping == null
                    ? new Settings(false, null, null, null, null, null, null)
                    : SETTINGS.<@Nullable Settings>readValue(mapping);
            return settings == null
                    ? new Named(channel.clientId(), null, "the channel's mapping is not in order: JSON null")
                    : new Named(channel.clientId(), settings.toSource(channel), null);
        } catch (JacksonException e) {
            return new Named(
                    channel.clientId(), null, "the channel's mapping is not in order: " + e.getOriginalMessage());
        } catch (IllegalArgumentException e) {
            return new Named(channel.clientId(), null, "the channel's mapping is not in order: " + e.getMessage());
        }
    }

    /**
     * A source that was found.
     *
     * @param source absent if its settings are not in order
     * @param trouble what is wrong with them
     */
    record Named(
            String clientId,
            @Nullable Source source,
            @Nullable String trouble) {

        /** @throws UnusableException if its settings are not in order */
        Source usable() {
            if (source == null) {
                throw new UnusableException(String.valueOf(trouble));
            }
            return source;
        }
    }

    /** A channel's setting {@code mapping}, as JSON; see {@link UpstreamProperties.Configured}. */
    record Settings(
            boolean verified,
            @Nullable Set<String> types,
            @Nullable Map<String, String> fields,
            @Nullable Map<String, String> metadata,
            @Nullable Map<String, String> priorities,
            @Nullable Map<String, String> statuses,
            @Nullable String unknownStatuses) {

        Source toSource(Channel channel) {
            return new Source(
                    channel.channelId(),
                    channel.clientId(),
                    verified,
                    types == null ? Set.of() : Set.copyOf(types),
                    Mapping.of(
                            fields == null ? Map.of() : fields,
                            metadata,
                            priorities == null ? Map.of() : priorities,
                            Statuses.of(
                                    statuses == null ? Map.of() : statuses,
                                    unknownStatuses == null ? "refuse" : unknownStatuses)));
        }
    }
}
