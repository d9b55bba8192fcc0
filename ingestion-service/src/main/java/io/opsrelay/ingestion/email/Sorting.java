package io.opsrelay.ingestion.email;

import io.opsrelay.ingestion.channel.Channels;
import io.opsrelay.ingestion.customer.Customers;
import io.opsrelay.ingestion.mailout.MailAddresses;
import io.opsrelay.ingestion.mime.Address;
import io.opsrelay.ingestion.mime.MailKind;
import io.opsrelay.ingestion.mime.ParsedMail;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Decides where a mail goes: what no person wrote is filed, whoever has a part in a ticket is heard on it, and all else
 * begins a ticket. Runs in the transaction that stores the outcome.
 */
@Component
class Sorting {

    private final Channels channels;
    private final Customers customers;
    private final MailAddresses addresses;
    private final Threads threads;
    private final Correspondents correspondents;
    private final EmailProperties properties;

    Sorting(
            Channels channels,
            Customers customers,
            MailAddresses addresses,
            Threads threads,
            Correspondents correspondents,
            EmailProperties properties) {
        this.channels = channels;
        this.customers = customers;
        this.addresses = addresses;
        this.threads = threads;
        this.correspondents = correspondents;
        this.properties = properties;
    }

    Decision decide(InboundMail mail, ParsedMail parsed, Instant now) {
        String clientId = mail.channel().clientId();
        Decision.File byMachine = byMachine(clientId, mail, parsed);
        if (byMachine != null) {
            return byMachine;
        }
        Address from = parsed.from();
        if (from == null || !SenderAddress.isUsable(from.address())) {
            return new Decision.File("no_sender", "it names no sender that could be answered", null);
        }
        String sender = from.address().toLowerCase(Locale.ROOT);
        if (channels.isOwnAddress(clientId, sender)) {
            return new Decision.File("own_address", "its sender is an address of our own", null);
        }
        if (customers.isBlocked(clientId, sender)) {
            return new Decision.File("blocked", "its sender is blocked", null);
        }
        Optional<UUID> named = byTag(clientId, mail, parsed);
        Optional<UUID> mentioned = named.or(() -> threads.ticketOf(clientId, referredTo(parsed)));
        Optional<UUID> ticket = named.or(() -> mentioned.filter(found -> correspondents.takesPart(found, sender)))
                .or(() -> addresses.ticketInSubject(clientId, parsed.subject()));
        return ticket.isPresent()
                ? onto(clientId, ticket.get(), sender, parsed, now)
                : opening(clientId, sender, mentioned.orElse(null), now);
    }

    private Decision onto(String clientId, UUID ticketId, String sender, ParsedMail parsed, Instant now) {
        if (correspondents.saidJustNow(ticketId, sender, parsed.replyText(), properties.sameTextWithin(), now)) {
            return new Decision.File("same_text", "the sender's last mail on the ticket said just this", ticketId);
        }
        int replies = correspondents.countReply(clientId, sender, now);
        return replies <= properties.repliesPerHour()
                ? new Decision.Continue(ticketId)
                : new Decision.File("too_many", "the sender's mail number " + replies + " of this hour", ticketId);
    }

    private Decision opening(String clientId, String sender, @Nullable UUID linkedTo, Instant now) {
        int tickets = correspondents.countTicket(clientId, sender, now);
        if (tickets == 1) {
            correspondents.prune(now);
        }
        return tickets <= properties.newTicketsPerHour()
                ? new Decision.Open(linkedTo)
                : new Decision.File("too_many", "the sender's ticket number " + tickets + " of this hour", linkedTo);
    }

    /** Why a mail is filed whoever sent it; null for one that a person wrote. */
    private Decision.@Nullable File byMachine(String clientId, InboundMail mail, ParsedMail parsed) {
        return switch (parsed.kind()) {
            case MailKind.Ordinary _ -> null;
            case MailKind.AutoReply autoReply -> file("auto_reply", autoReply.sign(), clientId, mail, parsed);
            case MailKind.Generated generated -> file("generated", generated.sign(), clientId, mail, parsed);
            case MailKind.Bounce bounce ->
                aboutOurs(
                        bounce.permanent() ? "bounce" : "delayed",
                        bounce.reason() == null ? bounce.status() : bounce.reason(),
                        clientId,
                        bounce.originalMessageId());
            case MailKind.DeliveryNotice notice ->
                aboutOurs("delivery_notice", null, clientId, notice.originalMessageId());
            case MailKind.ReadReceipt receipt -> aboutOurs("read_receipt", null, clientId, receipt.originalMessageId());
            case MailKind.Complaint complaint -> aboutOurs("complaint", null, clientId, complaint.originalMessageId());
            case MailKind.Challenge _ -> file("challenge", null, clientId, mail, parsed);
            case MailKind.CalendarReply reply -> file("calendar_reply", reply.method(), clientId, mail, parsed);
            case MailKind.ListMail list -> file("list_mail", list.listId(), clientId, mail, parsed);
            case MailKind.OwnNotification _ -> file("own_mail", null, clientId, mail, parsed);
        };
    }

    private Decision.File file(
            String reason, @Nullable String detail, String clientId, InboundMail mail, ParsedMail parsed) {
        UUID about = byTag(clientId, mail, parsed)
                .or(() -> threads.ticketOf(clientId, referredTo(parsed)))
                .orElse(null);
        return new Decision.File(reason, detail, about);
    }

    private Decision.File aboutOurs(
            String reason, @Nullable String detail, String clientId, @Nullable String originalMessageId) {
        UUID about = originalMessageId == null
                ? null
                : threads.ticketOf(clientId, List.of(originalMessageId)).orElse(null);
        return new Decision.File(reason, detail, about);
    }

    /** By a signed address among those it was sent to. */
    private Optional<UUID> byTag(String clientId, InboundMail mail, ParsedMail parsed) {
        return Stream.of(
                        mail.recipients().stream(),
                        parsed.to().stream().map(Address::address),
                        parsed.cc().stream().map(Address::address))
                .flatMap(all -> all)
                .distinct()
                .flatMap(address -> addresses.ticketIn(clientId, address).stream())
                .findFirst();
    }

    /** What it answers, then what that answered, and so on. */
    private static List<String> referredTo(ParsedMail parsed) {
        List<String> ids = new ArrayList<>(parsed.inReplyTo());
        ids.addAll(parsed.references().reversed());
        return ids;
    }
}
