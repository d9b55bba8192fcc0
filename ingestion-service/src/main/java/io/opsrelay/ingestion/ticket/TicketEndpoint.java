package io.opsrelay.ingestion.ticket;

import io.opsrelay.security.Caller;
import io.opsrelay.security.RequiresRole;
import io.opsrelay.security.Role;
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

    TicketEndpoint(TicketReader reader) {
        this.reader = reader;
    }

    @GetMapping
    Page<TicketView.Summary> list(
            Caller caller,
            PageRequest page,
            @RequestParam(name = "status", required = false) @Nullable String status,
            @RequestParam(name = "channel", required = false) @Nullable String channel,
            @RequestParam(name = "priority", required = false) @Nullable String priority,
            @RequestParam(name = "category", required = false) @Nullable String category,
            @RequestParam(name = "external_id", required = false) @Nullable String externalId) {
        return reader.list(caller.clientId(), new TicketFilter(status, channel, priority, category, externalId), page);
    }

    @GetMapping("/{id}")
    TicketView.Detail one(Caller caller, @PathVariable("id") String id) {
        UUID ticketId = PageRequest.idOf("ticket", id);
        return reader.find(caller.clientId(), ticketId).orElseThrow(() -> ProblemException.notFound("ticket", id));
    }
}
