package io.opsrelay.ingestion.email;

import io.opsrelay.ingestion.attachment.Attachments;
import io.opsrelay.ingestion.channel.Channels;
import io.opsrelay.ingestion.email.body.MailBodies;
import io.opsrelay.ingestion.mime.Address;
import io.opsrelay.ingestion.mime.ParsedMail;
import io.opsrelay.ingestion.ticket.Continuation;
import io.opsrelay.ingestion.ticket.NewTicket;
import io.opsrelay.ingestion.ticket.Reception;
import io.opsrelay.ingestion.ticket.Tickets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Puts mails onto tickets, in the running transaction of the client. */
@Component
class TicketMails {

    private static final String CHANNEL = "email";
    private static final String ACTOR = "channel:email";
    private static final int MAX_SUBJECT = 500;
    private static final int MAX_BODY = 100_000;
    private static final int MAX_EXTERNAL_ID = 200;
    private static final int MAX_METADATA = 1_000;
    private static final int MOST_ADDRESSES = 50;

    private final Tickets tickets;
    private final Attachments attachments;
    private final Threads threads;
    private final Correspondents correspondents;
    private final Channels channels;
    private final MailBodies bodies;

    TicketMails(
            Tickets tickets,
            Attachments attachments,
            Threads threads,
            Correspondents correspondents,
            Channels channels,
            MailBodies bodies) {
        this.tickets = tickets;
        this.attachments = attachments;
        this.threads = threads;
        this.correspondents = correspondents;
        this.channels = channels;
        this.bodies = bodies;
    }

    /** The mail as a further message of the ticket; as a ticket of its own, if there is none any more. */
    Taken.Received continueWith(InboundMail mail, ReadMail.Whole read, UUID ticketId, Instant now) {
        String clientId = mail.channel().clientId();
        NewTicket said = ticket(mail, read, read.mail().replyText(), null, ACTOR, sender(read));
        return switch (tickets.continueWith(clientId, ticketId, said)) {
            case Continuation.Added(UUID on, UUID messageId) -> stored(mail, read, on, messageId, now);
            case Continuation.Reopened(UUID on, UUID messageId) -> stored(mail, read, on, messageId, now);
            case Continuation.Linked(UUID on, UUID messageId) -> stored(mail, read, on, messageId, now);
            case Continuation.NoSuchTicket _ -> open(mail, read, null, now);
        };
    }

    /** The mail as a new ticket. */
    Taken.Received open(InboundMail mail, ReadMail.Whole read, @Nullable UUID linkedTo, Instant now) {
        return open(mail, read, linkedTo, ACTOR, sender(read), now);
    }

    /**
     * The mail as a new ticket, by a person's word.
     *
     * @param customer whose it is
     */
    Taken.Received open(
            InboundMail mail,
            ReadMail.Whole read,
            @Nullable UUID linkedTo,
            String actor,
            String customer,
            Instant now) {
        String clientId = mail.channel().clientId();
        NewTicket ticket = ticket(mail, read, read.mail().text(), linkedTo, actor, customer);
        UUID ticketId =
                switch (tickets.receive(clientId, ticket, null)) {
                    case Reception.Accepted(UUID id) -> id;
                    case Reception.Repeated(UUID id, var _) -> id;
                    case Reception.KeyTaken _ -> throw new IllegalStateException("a mail has no request key");
                };
        return stored(mail, read, ticketId, tickets.firstMessageOf(clientId, ticketId), now);
    }

    private Taken.Received stored(InboundMail mail, ReadMail.Whole read, UUID ticketId, UUID messageId, Instant now) {
        String clientId = mail.channel().clientId();
        attachments.attach(clientId, ticketId, messageId, read.files());
        bodies.keep(clientId, ticketId, messageId, read.body());
        threads.remember(clientId, ticketId, messageId, read.rfc822Id());
        String sender = read.sender() == null ? "" : sender(read);
        List<String> others = read.mail().cc().stream()
                .map(address -> address.address().toLowerCase(Locale.ROOT))
                .filter(address -> !channels.isOwnAddress(clientId, address))
                .toList();
        correspondents.join(
                clientId,
                ticketId,
                Stream.concat(Stream.of(sender), others.stream())
                        .filter(SenderAddress::isUsable)
                        .toList());
        correspondents.said(ticketId, sender, read.mail().replyText(), now);
        return new Taken.Received(ticketId);
    }

    private static String sender(ReadMail.Whole read) {
        return Objects.requireNonNull(read.sender()).toLowerCase(Locale.ROOT);
    }

    private NewTicket ticket(
            InboundMail mail,
            ReadMail.Whole read,
            String text,
            @Nullable UUID linkedTo,
            String actor,
            String customer) {
        ParsedMail parsed = read.mail();
        return new NewTicket(
                CHANNEL,
                CHANNEL,
                Texts.line(parsed.subject(), MAX_SUBJECT, "(no subject)"),
                text.isBlank() ? "(no text)" : Texts.cut(text, MAX_BODY),
                customer,
                mail.senderVerified(),
                null,
                read.rfc822Id().length() <= MAX_EXTERNAL_ID ? read.rfc822Id() : null,
                metadata(mail, read, linkedTo),
                actor);
    }

    private Map<String, String> metadata(InboundMail mail, ReadMail.Whole read, @Nullable UUID linkedTo) {
        ParsedMail parsed = read.mail();
        Map<String, String> metadata = new LinkedHashMap<>();
        put(metadata, "mail_channel", mail.channel().name());
        put(metadata, "mail_to", String.join(", ", ownAddresses(mail, parsed)));
        put(metadata, "message_id", read.rfc822Id());
        put(metadata, "linked_ticket_id", linkedTo == null ? "" : linkedTo.toString());
        put(metadata, "mail_encrypted", parsed.security().encrypted() ? "true" : "");
        put(metadata, "files_left_out", String.join("; ", read.leftOut()));
        put(
                metadata,
                "mail_defects",
                parsed.defects().stream()
                        .map(defect -> defect.name().toLowerCase(Locale.ROOT))
                        .sorted()
                        .collect(Collectors.joining(", ")));
        return metadata;
    }

    /** Of all it was sent to only ours: metadata goes out with the ticket's event, and others' addresses do not. */
    private List<String> ownAddresses(InboundMail mail, ParsedMail parsed) {
        return Stream.of(
                        mail.recipients().stream(),
                        parsed.to().stream().map(Address::address),
                        parsed.cc().stream().map(Address::address))
                .flatMap(all -> all)
                .map(address -> address.toLowerCase(Locale.ROOT))
                .distinct()
                .limit(MOST_ADDRESSES)
                .filter(address -> channels.isOwnAddress(mail.channel().clientId(), address))
                .toList();
    }

    private static void put(Map<String, String> metadata, String name, String value) {
        if (!value.isBlank()) {
            metadata.put(name, Texts.cut(Texts.storable(value), MAX_METADATA));
        }
    }
}
