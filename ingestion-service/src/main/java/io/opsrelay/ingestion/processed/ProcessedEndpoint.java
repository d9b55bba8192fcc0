package io.opsrelay.ingestion.processed;

import io.opsrelay.ingestion.ticket.ImportedTickets;
import io.opsrelay.ingestion.ticket.Reception;
import io.opsrelay.security.Caller;
import io.opsrelay.security.RequiresRole;
import io.opsrelay.security.Role;
import io.opsrelay.security.web.ProblemException;
import java.util.UUID;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/** Results of a ticket processor outside, one by one. */
@RestController
class ProcessedEndpoint {

    private final ImportedTickets tickets;

    ProcessedEndpoint(ImportedTickets tickets) {
        this.tickets = tickets;
    }

    @PostMapping(path = "/api/tickets/process", consumes = MediaType.APPLICATION_JSON_VALUE)
    @RequiresRole({Role.AGENT, Role.ADMIN, Role.INGEST})
    Receipt process(Caller caller, @RequestBody JsonNode result) {
        if (!result.isObject()) {
            throw ProblemException.badRequest("body", "must be a ticket's result as a JSON object");
        }
        Reception reception =
                tickets.store(caller.clientId(), new ProcessedResult(result).toImported(caller.asActor()));
        return switch (reception) {
            case Reception.Accepted(UUID ticketId) -> new Receipt(true, ticketId, "resolved", false);
            case Reception.Repeated(UUID ticketId, var status) -> new Receipt(true, ticketId, status.wireName(), true);
            case Reception.KeyTaken _ -> throw new IllegalStateException("there is no key here");
        };
    }

    /**
     * The older system's names.
     *
     * @param duplicate whether it was there before
     */
    @JsonNaming(PropertyNamingStrategies.LowerCamelCaseStrategy.class)
    record Receipt(boolean success, UUID ticketId, String status, boolean duplicate) {}
}
