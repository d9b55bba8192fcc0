package io.opsrelay.ingestion.intake;

import io.opsrelay.ingestion.ticket.Reception;
import io.opsrelay.ingestion.ticket.RequestKey;
import io.opsrelay.ingestion.ticket.TicketStatus;
import io.opsrelay.ingestion.ticket.Tickets;
import io.opsrelay.security.Caller;
import io.opsrelay.security.RequiresRole;
import io.opsrelay.security.Role;
import io.opsrelay.security.web.ProblemException;
import java.net.URI;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.validation.annotation.Validated;
import org.springframework.web.bind.WebDataBinder;
import org.springframework.web.bind.annotation.InitBinder;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** One ticket by REST. */
@RestController
class IntakeEndpoint {

    private final Tickets tickets;

    IntakeEndpoint(Tickets tickets) {
        this.tickets = tickets;
    }

    @InitBinder("postedTicket")
    void rules(WebDataBinder binder) {
        binder.addValidators(new PostedTicketRules());
    }

    @PostMapping(path = "/api/v1/tickets", consumes = MediaType.APPLICATION_JSON_VALUE)
    @RequiresRole({Role.AGENT, Role.ADMIN, Role.INGEST})
    ResponseEntity<Receipt> post(
            Caller caller,
            @RequestHeader(name = IdempotencyKey.HEADER, required = false) @Nullable String key,
            @RequestBody @Validated PostedTicket posted) {
        Reception reception =
                tickets.receive(caller.clientId(), posted.toNewTicket(caller.asActor()), requestKey(key, posted));
        return switch (reception) {
            case Reception.Accepted(UUID ticketId) -> answer(HttpStatus.ACCEPTED, ticketId, TicketStatus.RECEIVED);
            case Reception.Repeated(UUID ticketId, TicketStatus status) -> answer(HttpStatus.OK, ticketId, status);
            case Reception.KeyTaken _ ->
                throw ProblemException.unprocessable(IdempotencyKey.HEADER, "was sent before with another request");
        };
    }

    private static @Nullable RequestKey requestKey(@Nullable String key, PostedTicket posted) {
        String checked = IdempotencyKey.checked(key);
        return checked == null ? null : RequestKey.of(checked, posted.hash());
    }

    private static ResponseEntity<Receipt> answer(HttpStatus code, UUID ticketId, TicketStatus status) {
        return ResponseEntity.status(code)
                .location(URI.create("/api/v1/tickets/" + ticketId))
                .body(new Receipt(ticketId, status));
    }

    /** What the sender keeps. */
    record Receipt(UUID ticketId, TicketStatus status) {}
}
