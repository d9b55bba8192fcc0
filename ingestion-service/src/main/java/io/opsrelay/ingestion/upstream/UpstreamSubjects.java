package io.opsrelay.ingestion.upstream;

import io.opsrelay.contracts.Topics;
import io.opsrelay.ingestion.deadletter.RecordSubjects;
import io.opsrelay.ingestion.ticket.TicketRules;
import io.opsrelay.ingestion.ticket.Tickets;
import io.opsrelay.messaging.RawRecord;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Tells whom records of other systems are about, as their source's mapping reads them now. */
@Component
class UpstreamSubjects implements RecordSubjects {

    private final Sources sources;
    private final Tickets tickets;

    UpstreamSubjects(Sources sources, Tickets tickets) {
        this.sources = sources;
        this.tickets = tickets;
    }

    @Override
    public String topic() {
        return Topics.UPSTREAM;
    }

    @Override
    public List<Subject> of(String clientId, List<RawRecord> records) {
        Map<String, Optional<Source>> known = new HashMap<>();
        List<@Nullable Read> read =
                records.stream().map(each -> read(clientId, each, known)).toList();
        Map<String, Set<String>> ids = new HashMap<>();
        read.stream().filter(Objects::nonNull).forEach(one -> {
            if (one.externalId() != null) {
                ids.computeIfAbsent(one.namespace(), namespace -> new HashSet<>())
                        .add(one.externalId());
            }
        });
        Map<String, Map<String, UUID>> found = new HashMap<>();
        ids.forEach((namespace, externalIds) ->
                found.put(namespace, tickets.findEvenErased(clientId, namespace, externalIds)));
        return read.stream()
                .map(one -> one == null
                        ? Subject.UNKNOWN
                        : new Subject(
                                one.address(),
                                found.getOrDefault(one.namespace(), Map.of()).get(String.valueOf(one.externalId()))))
                .toList();
    }

    /** @param namespace whose external ids these are */
    private record Read(
            String namespace,
            @Nullable String externalId,
            @Nullable String address) {}

    /** Null if it is no record of a source of the client. */
    private @Nullable Read read(String clientId, RawRecord rawRecord, Map<String, Optional<Source>> known) {
        Content content;
        try {
            content = Content.of(rawRecord);
        } catch (UnusableException e) {
            return null;
        }
        Source source = known.computeIfAbsent(content.source(), name -> sources.ofClient(clientId, name))
                .orElse(null);
        if (source == null) {
            return null;
        }
        String externalId = text(source, content, Mapping.EXTERNAL_ID);
        String address = text(source, content, Mapping.CUSTOMER_EMAIL);
        return new Read(
                source.namespace(),
                // No ticket has one that breaks the rules, and the database may be unable to look for it.
                TicketRules.externalId(externalId) == null ? externalId : null,
                address == null ? null : address.strip().toLowerCase(Locale.ROOT));
    }

    /** Null also for what is no text: the record may have been set aside for just that. */
    private static @Nullable String text(Source source, Content content, String field) {
        try {
            return source.mapping().text(content.data(), field);
        } catch (UnusableException e) {
            return null;
        }
    }
}
