package io.opsrelay.ingestion.ticket;

import io.opsrelay.ingestion.ticket.Conversations.Heard;
import io.opsrelay.ingestion.ticket.Desk.Changed;
import io.opsrelay.ingestion.ticket.Desk.Written;
import io.opsrelay.ingestion.ticket.DeskBodies.AssigneeBody;
import io.opsrelay.ingestion.ticket.DeskBodies.CategoryBody;
import io.opsrelay.ingestion.ticket.DeskBodies.LanguageBody;
import io.opsrelay.ingestion.ticket.DeskBodies.MergeBody;
import io.opsrelay.ingestion.ticket.DeskBodies.MessageBody;
import io.opsrelay.ingestion.ticket.DeskBodies.PriorityBody;
import io.opsrelay.ingestion.ticket.DeskBodies.ReplyBody;
import io.opsrelay.ingestion.ticket.DeskBodies.RetryBody;
import io.opsrelay.ingestion.ticket.DeskBodies.SentimentBody;
import io.opsrelay.ingestion.ticket.DeskBodies.StatusBody;
import io.opsrelay.ingestion.ticket.DeskBodies.TagsBody;
import io.opsrelay.security.Caller;
import io.opsrelay.security.RequiresRole;
import io.opsrelay.security.Role;
import io.opsrelay.security.web.EntityTags;
import io.opsrelay.security.web.PageRequest;
import io.opsrelay.security.web.ProblemException;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What people do to one ticket. {@code If-Match} with its version refuses what was decided on an older one (412). */
@RestController
@RequestMapping(path = "/api/v1/tickets/{id}", consumes = MediaType.APPLICATION_JSON_VALUE)
@RequiresRole({Role.AGENT, Role.ADMIN})
class DeskEndpoint {

    private static final String KEY_HEADER = "Idempotency-Key";
    private static final Pattern KEY_FORM = Pattern.compile("[\\x21-\\x7e]{1,200}");

    private final Desk desk;
    private final Tickets tickets;

    DeskEndpoint(Desk desk, Tickets tickets) {
        this.desk = desk;
        this.tickets = tickets;
    }

    @PostMapping("/status")
    ResponseEntity<Changed> status(
            Caller caller,
            @PathVariable("id") String id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestBody StatusBody body) {
        return answer(desk.setStatus(caller, idOf(id), EntityTags.of(ifMatch), body.toStatus(), body.toReason()));
    }

    /** Its body may be left out. */
    @PostMapping(path = "/retry", consumes = MediaType.ALL_VALUE)
    ResponseEntity<Changed> retry(
            Caller caller,
            @PathVariable("id") String id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestBody(required = false) @Nullable RetryBody body) {
        String reason = body == null ? null : body.toReason();
        return tagged(HttpStatus.ACCEPTED, desk.retry(caller, idOf(id), EntityTags.of(ifMatch), reason));
    }

    @PostMapping("/merge")
    ResponseEntity<Changed> merge(
            Caller caller,
            @PathVariable("id") String id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestBody MergeBody body) {
        return answer(desk.merge(caller, idOf(id), EntityTags.of(ifMatch), body.toTarget(), body.toReason()));
    }

    @PutMapping("/tags")
    ResponseEntity<Changed> tags(
            Caller caller,
            @PathVariable("id") String id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestBody TagsBody body) {
        return answer(desk.setTags(caller, idOf(id), EntityTags.of(ifMatch), body.toTags()));
    }

    @PutMapping("/priority")
    ResponseEntity<Changed> priority(
            Caller caller,
            @PathVariable("id") String id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestBody PriorityBody body) {
        return answer(desk.setPriority(caller, idOf(id), EntityTags.of(ifMatch), body.toPriority()));
    }

    /** What the ticket is about. The same as the agent found confirms that; either way it stands from now on. */
    @PutMapping("/category")
    ResponseEntity<Changed> category(
            Caller caller,
            @PathVariable("id") String id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestBody CategoryBody body) {
        return answer(desk.correct(
                caller, idOf(id), EntityTags.of(ifMatch), Judged.CATEGORY, body.toCategory(), body.toReason()));
    }

    @PutMapping("/language")
    ResponseEntity<Changed> language(
            Caller caller,
            @PathVariable("id") String id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestBody LanguageBody body) {
        return answer(desk.correct(caller, idOf(id), EntityTags.of(ifMatch), Judged.LANGUAGE, body.toLanguage(), null));
    }

    @PutMapping("/sentiment")
    ResponseEntity<Changed> sentiment(
            Caller caller,
            @PathVariable("id") String id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestBody SentimentBody body) {
        return answer(
                desk.correct(caller, idOf(id), EntityTags.of(ifMatch), Judged.SENTIMENT, body.toSentiment(), null));
    }

    @PutMapping("/assignee")
    ResponseEntity<Changed> assignee(
            Caller caller,
            @PathVariable("id") String id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestBody AssigneeBody body) {
        return answer(desk.assign(caller, idOf(id), EntityTags.of(ifMatch), body.toUser()));
    }

    /** 201 with the message; 200 if the same request wrote it before. */
    @PostMapping("/messages")
    ResponseEntity<Receipt> message(
            Caller caller,
            @PathVariable("id") String id,
            @RequestHeader(name = KEY_HEADER, required = false) @Nullable String key,
            @RequestBody MessageBody body) {
        if (key != null && !KEY_FORM.matcher(key).matches()) {
            throw ProblemException.badRequest(KEY_HEADER, "must be 1 to 200 visible ASCII characters");
        }
        Written written = desk.write(caller, idOf(id), body.toText(), body.isNote(), body.toFiles(), key);
        return ResponseEntity.status(written.repeated() ? HttpStatus.OK : HttpStatus.CREATED)
                .eTag(EntityTags.tagOf(written.version()))
                .body(new Receipt(written.ticketId(), written.messageId(), written.state()));
    }

    /** What the customer said elsewhere, told by a system or a person that answers for it. */
    @PostMapping("/replies")
    @RequiresRole({Role.INGEST, Role.AGENT, Role.ADMIN})
    ResponseEntity<ReplyReceipt> reply(Caller caller, @PathVariable("id") String id, @RequestBody ReplyBody body) {
        String text = body.toText();
        String externalId = body.toExternalId();
        Heard heard = tickets.continueWith(
                caller.clientId(), idOf(id), ticket -> reply(ticket, text, externalId, caller.asActor()));
        return switch (heard.continuation()) {
            case Continuation.Added(UUID ticketId, UUID messageId) -> receipt(heard, ticketId, messageId, "added");
            case Continuation.Reopened(UUID ticketId, UUID messageId) ->
                receipt(heard, ticketId, messageId, "reopened");
            case Continuation.Linked(UUID ticketId, UUID messageId) -> receipt(heard, ticketId, messageId, "linked");
            case Continuation.NoSuchTicket _ -> throw ProblemException.notFound("ticket", id);
        };
    }

    private static NewTicket reply(DeskTicket ticket, String text, @Nullable String externalId, String actor) {
        return new NewTicket(
                ticket.channel(),
                "api/replies",
                "",
                text,
                ticket.customerEmail(),
                true,
                null,
                externalId,
                Map.of(),
                actor);
    }

    private static ResponseEntity<ReplyReceipt> receipt(Heard heard, UUID ticketId, UUID messageId, String outcome) {
        return ResponseEntity.status(heard.repeated() ? HttpStatus.OK : HttpStatus.ACCEPTED)
                .body(new ReplyReceipt(ticketId, messageId, outcome));
    }

    private static UUID idOf(String id) {
        return PageRequest.idOf("ticket", id);
    }

    private static ResponseEntity<Changed> answer(Changed changed) {
        return tagged(HttpStatus.OK, changed);
    }

    private static ResponseEntity<Changed> tagged(HttpStatus status, Changed changed) {
        return ResponseEntity.status(status)
                .eTag(EntityTags.tagOf(changed.version()))
                .body(changed);
    }

    /** @param state pending (its channel has not taken it yet), sent, failed (nothing brings it); of a note delivered */
    record Receipt(UUID ticketId, UUID messageId, String state) {}

    /** @param outcome added, reopened, linked (a new ticket, since the old one is closed) */
    record ReplyReceipt(UUID ticketId, UUID messageId, String outcome) {}
}
