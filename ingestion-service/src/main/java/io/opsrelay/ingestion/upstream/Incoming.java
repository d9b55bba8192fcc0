package io.opsrelay.ingestion.upstream;

import io.opsrelay.contracts.Headers;
import io.opsrelay.ingestion.ticket.NewTicket;
import io.opsrelay.ingestion.ticket.TicketRules;
import io.opsrelay.messaging.RawRecord;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A record that makes a ticket, adds to one, or sets its status.
 *
 * @param externalId of the ticket
 * @param ticket what makes it if there is none yet; null if the record brings nothing but a status
 * @param eventId the same at every delivery of the record
 * @param said what it adds to the ticket as a message of its own; null if nothing
 * @param status that it tells of; null if it tells of none
 */
record Incoming(
        RawRecord rawRecord,
        Source source,
        String externalId,
        @Nullable NewTicket ticket,
        String eventId,
        @Nullable NewTicket said,
        @Nullable StatusTold status) {

    /** @throws UnusableException if it breaks a rule */
    static Incoming of(Source source, Content content, RawRecord rawRecord) {
        Mapping mapping = source.mapping();
        String eventId = checked("the event's id", eventId(content, rawRecord), TicketRules::externalId);
        String externalId = mapping.text(content.data(), Mapping.EXTERNAL_ID);
        if (externalId != null) {
            checked("external_id", externalId, TicketRules::externalId);
        }
        // Without an id of the source's own nothing tells which ticket a record would add to, or be about.
        StatusTold status = externalId == null ? null : StatusTold.of(mapping, content, rawRecord);
        if (externalId != null && status != null && isBare(mapping, content)) {
            return new Incoming(rawRecord, source, externalId, null, eventId, null, status);
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
        NewTicket said = externalId == null ? null : said(mapping, content, ticket, eventId);
        return new Incoming(
                rawRecord, source, externalId == null ? eventId : externalId, ticket, eventId, said, status);
    }

    /** Whether there is nothing of which a ticket or a message could be made. */
    private static boolean isBare(Mapping mapping, Content content) {
        return Stream.of(Mapping.SUBJECT, Mapping.BODY, Mapping.CUSTOMER_EMAIL, Mapping.COMMENT)
                .map(field -> mapping.text(content.data(), field))
                .allMatch(text -> text == null || text.isBlank());
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

    /** The comment as a message of its own, known by its own id or the event's; null if there is none. */
    private static @Nullable NewTicket said(Mapping mapping, Content content, NewTicket ticket, String eventId) {
        String comment = mapping.text(content.data(), Mapping.COMMENT);
        if (comment == null || comment.isBlank()) {
            return null;
        }
        String commentId = mapping.text(content.data(), Mapping.COMMENT_ID);
        return new NewTicket(
                ticket.channel(),
                ticket.source(),
                ticket.subject(),
                checked("comment", comment, TicketRules::body),
                ticket.customerEmail(),
                ticket.senderVerified(),
                null,
                commentId == null || commentId.isBlank()
                        ? eventId
                        : checked("comment-id", "comment:" + commentId.strip(), TicketRules::externalId),
                Map.of(),
                ticket.actor());
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
