package io.opsrelay.ingestion.ticket;

import io.opsrelay.security.Caller;
import io.opsrelay.security.RequiresRole;
import io.opsrelay.security.Role;
import io.opsrelay.security.docs.DescribedAs;
import io.opsrelay.security.web.Page;
import io.opsrelay.security.web.PageRequest;
import io.opsrelay.security.web.ProblemException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Tickets to look at. */
@RestController
@RequestMapping("/api/v1/tickets")
@RequiresRole({Role.VIEWER, Role.AGENT, Role.APPROVER, Role.SRE, Role.ADMIN})
class TicketEndpoint {

    private final TicketReader reader;
    private final TicketList tickets;

    TicketEndpoint(TicketReader reader, TicketList tickets) {
        this.reader = reader;
        this.tickets = tickets;
    }

    @GetMapping
    Page<TicketView.Listed> list(
            Caller caller,
            ListParameters parameters,
            @RequestParam(name = "limit", required = false) @DescribedAs(Integer.class) @Nullable String limit,
            @RequestParam(name = "cursor", required = false) @Nullable String cursor) {
        TicketFilter filter = parameters.filter();
        TicketSort sort = parameters.order();
        return tickets.page(
                caller.clientId(), filter, sort, ListCursor.decode(cursor, sort, filter), PageRequest.limitOf(limit));
    }

    @GetMapping("/{id}")
    TicketView.Detail one(Caller caller, @PathVariable("id") String id) {
        UUID ticketId = PageRequest.idOf("ticket", id);
        return reader.find(caller.clientId(), ticketId).orElseThrow(() -> ProblemException.notFound("ticket", id));
    }

    @GetMapping("/{id}/timeline")
    Page<TicketView.Entry> timeline(
            Caller caller,
            @PathVariable("id") String id,
            @RequestParam(name = "limit", required = false) @DescribedAs(Integer.class) @Nullable String limit,
            @RequestParam(name = "cursor", required = false) @Nullable String cursor) {
        return reader.timeline(
                caller.clientId(),
                PageRequest.idOf("ticket", id),
                HistoryCursor.decode(cursor),
                PageRequest.limitOf(limit));
    }

    @GetMapping("/{id}/messages")
    Page<TicketView.Message> messages(
            Caller caller,
            @PathVariable("id") String id,
            @RequestParam(name = "limit", required = false) @DescribedAs(Integer.class) @Nullable String limit,
            @RequestParam(name = "cursor", required = false) @Nullable String cursor) {
        return reader.messages(
                caller.clientId(),
                PageRequest.idOf("ticket", id),
                HistoryCursor.decode(cursor),
                PageRequest.limitOf(limit));
    }
}
