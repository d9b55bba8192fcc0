package io.opsrelay.ingestion.upstream;

import io.opsrelay.security.tenant.ClientId;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which systems write to the upstream topic, for whom, and in which form.
 *
 * @param consumers threads of this instance that read the topic
 * @param mostTogether most records of a transaction
 * @param sources by the name that they write under
 */
@ConfigurationProperties("opsrelay.upstream")
record UpstreamProperties(
        @DefaultValue("2") int consumers,
        @DefaultValue("500") int mostTogether,
        @DefaultValue List<Configured> sources) {

    UpstreamProperties {
        sources = List.copyOf(sources);
        if (consumers < 1 || mostTogether < 1) {
            throw new IllegalArgumentException("opsrelay.upstream: consumers and most-together must be at least 1");
        }
        Set<String> names = new HashSet<>();
        for (Configured source : sources) {
            if (!names.add(source.name())) {
                throw new IllegalArgumentException(
                        "opsrelay.upstream.sources: " + source.name() + " is there twice, but belongs to one client");
            }
        }
    }

    /**
     * A source.
     *
     * @param name what its records say in {@code ce_source}, or in the header {@code source}
     * @param client whose tickets they become
     * @param verified whether it answers for the customers' addresses; without it they count as unproven
     * @param types the CloudEvents types that are taken; all if none is named
     * @param mapping where what stands in a record's data, by field: a JSON pointer ({@code /requester/email}) or a path
     *     ({@code requester.email}); what is not named stands as in {@code POST /api/v1/tickets}
     * @param metadata the same for each metadata entry that is taken, by its name
     * @param priorities low, normal, high or urgent by what the source calls it
     * @param statuses resolved, escalated, closed or none (sets none here) by what the source calls it
     * @param unknownStatuses refuse: a record with any other status is set aside; ignore: that sets none here
     */
    record Configured(
            String name,
            String client,
            @DefaultValue("false") boolean verified,
            @DefaultValue Set<String> types,
            @DefaultValue Map<String, String> mapping,
            @Nullable Map<String, String> metadata,
            @DefaultValue Map<String, String> priorities,
            @DefaultValue Map<String, String> statuses,
            @DefaultValue("refuse") String unknownStatuses) {

        Configured {
            if (name == null || name.isBlank() || name.length() > Source.LONGEST_NAME) {
                throw new IllegalArgumentException("opsrelay.upstream.sources: a source needs a name of at most "
                        + Source.LONGEST_NAME + " characters");
            }
            if (!ClientId.isValid(client)) {
                throw new IllegalArgumentException(
                        "opsrelay.upstream.sources[" + name + "].client is not a client id: " + client);
            }
        }

        /** @throws IllegalArgumentException if a field or a path is not one */
        Source toSource() {
            try {
                return new Source(
                        name,
                        client,
                        verified,
                        Set.copyOf(types),
                        Mapping.of(mapping, metadata, priorities, Statuses.of(statuses, unknownStatuses)));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("opsrelay.upstream.sources[" + name + "]: " + e.getMessage(), e);
            }
        }
    }
}
