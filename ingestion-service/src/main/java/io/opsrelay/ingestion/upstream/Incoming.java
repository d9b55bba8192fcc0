package io.opsrelay.ingestion.upstream;

import io.opsrelay.contracts.Headers;
import io.opsrelay.ingestion.ticket.NewTicket;
import io.opsrelay.ingestion.ticket.TicketRules;
import io.opsrelay.messaging.RawRecord;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A record that makes a ticket, or adds to one.
 *
 * @param eventId the same at every delivery of the record
 * @param comment what it adds to the ticket of its external id, beside what makes the ticket if there is none yet
 */
record Incoming(
        Source source,
        NewTicket ticket,
        String eventId,
        @Nullable String comment) {

    /** @throws UnusableException if it breaks a rule */
    static Incoming of(Source source, Content content, RawRecord rawRecord) {
        Mapping mapping = source.mapping();
        String eventId = checked("the event's id", eventId(content, rawRecord), TicketRules::externalId);
        String externalId = mapping.text(content.data(), Mapping.EXTERNAL_ID);
        if (externalId != null) {
            checked("external_id", externalId, TicketRules::externalId);
        }
        NewTicket ticket = new NewTicket(
                "upstream",
                source.namespace(),
                subject(mapping.text(content.data(), Mapping.SUBJECT)),
                checked("body", mapping.text(content.data(), Mapping.BODY), TicketRules::body),
                email(mapping.text(content.data(), Mapping.CUSTOMER_EMAIL)),
                source.vouches(),
                mapping.priority(content.data()),
                externalId == null ? eventId : externalId,
                metadata(mapping.metadataOf(content.data())),
                source.namespace());
        // Without an id of the source's own nothing tells which ticket a record would add to.
        String comment = externalId == null ? null : comment(mapping.text(content.data(), Mapping.COMMENT));
        return new Incoming(source, ticket, eventId, comment);
    }

    /** In one line: systems that take subjects from mails wrap them. */
    private static String subject(@Nullable String subject) {
        return checked(
                "subject",
                subject == null ? null : subject.replaceAll("\\s+", " ").strip(),
                TicketRules::subject);
    }

    private static String email(@Nullable String address) {
        return checked("customer_email", address == null ? null : address.strip(), TicketRules::email);
    }

    private static @Nullable String comment(@Nullable String comment) {
        return comment == null || comment.isBlank() ? null : checked("comment", comment, TicketRules::body);
    }

    private static Map<String, String> metadata(Map<String, String> metadata) {
        refuse("metadata", TicketRules.metadata(metadata));
        return metadata;
    }

    private static String checked(String field, @Nullable String value, Rule rule) {
        if (value == null || value.isBlank()) {
            throw new UnusableException(field + " is required");
        }
        refuse(field, rule.refusal(value));
        return value;
    }

    private static void refuse(String field, @Nullable String refusal) {
        if (refusal != null) {
            throw new UnusableException(field + " " + refusal);
        }
    }

    /** What is wrong with a value; null if nothing is. */
    @FunctionalInterface
    private interface Rule {
        @Nullable
        String refusal(String value);
    }

    /** The comment as a message of its own, known by the event's id; null if there is none. */
    @Nullable
    NewTicket said() {
        return comment == null
                ? null
                : new NewTicket(
                        ticket.channel(),
                        ticket.source(),
                        ticket.subject(),
                        comment,
                        ticket.customerEmail(),
                        ticket.senderVerified(),
                        null,
                        eventId,
                        Map.of(),
                        ticket.actor());
    }

    /**
     * The event's id; of what has none, where it lies. The time belongs to that: a topic that is made anew begins to
     * count at 0 again.
     */
    private static String eventId(Content content, RawRecord rawRecord) {
        if (content.id() != null) {
            return "ce:" + content.id();
        }
        String replayed = rawRecord.header(Headers.REPLAY_OF);
        return replayed == null
                ? "at:" + rawRecord.partition() + "@" + rawRecord.offset() + "/"
                        + rawRecord.time().toEpochMilli()
                : "replay:" + UnusableException.clip(replayed);
    }
}
