package io.opsrelay.ingestion.export;

import io.opsrelay.ingestion.ticket.ExportedTicket;
import io.opsrelay.ingestion.ticket.ListParameters;
import io.opsrelay.ingestion.ticket.TicketExports;
import io.opsrelay.ingestion.ticket.TicketFilter;
import io.opsrelay.ingestion.ticket.TicketSort;
import io.opsrelay.ingestion.ticket.TicketStatus;
import io.opsrelay.messaging.Ids;
import io.opsrelay.security.Caller;
import io.opsrelay.security.RequiresRole;
import io.opsrelay.security.Role;
import io.opsrelay.security.audit.Audit;
import io.opsrelay.security.audit.AuditEntry;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.security.web.ProblemException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** Tickets as a file. Who may read a ticket may read them all. */
@RestController
@EnableConfigurationProperties(ExportProperties.class)
class ExportEndpoint {

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private static final int BUFFER = 32 * 1024;

    private static final String GIVEN = "given";

    private final TicketExports tickets;
    private final ClientTransactions transactions;
    private final Audit audit;
    private final Ids ids;
    private final JsonMapper json;
    private final Clock clock;
    private final Semaphore places;

    ExportEndpoint(
            TicketExports tickets,
            ClientTransactions transactions,
            Audit audit,
            Ids ids,
            ExportProperties limits,
            JsonMapper json,
            Clock clock) {
        this.tickets = tickets;
        this.transactions = transactions;
        this.audit = audit;
        this.ids = ids;
        this.json = json;
        this.clock = clock;
        this.places = new Semaphore(limits.atOnce());
    }

    @GetMapping("/api/v1/tickets/export")
    @RequiresRole({Role.VIEWER, Role.AGENT, Role.APPROVER, Role.SRE, Role.ADMIN})
    void export(
            Caller caller,
            ListParameters parameters,
            @RequestParam(name = "format", defaultValue = "csv") String format,
            HttpServletResponse response)
            throws IOException {
        ExportFormat form = ExportFormat.named(format);
        TicketFilter filter = parameters.filter();
        TicketSort sort = parameters.order();
        String clientId = caller.clientId();
        if (!places.tryAcquire()) {
            throw ProblemException.unavailable("as many exports as there may be are under way; try again");
        }
        try {
            record(caller, form, filter);
            response.setContentType(form.contentType());
            response.setHeader(
                    HttpHeaders.CONTENT_DISPOSITION,
                    ContentDisposition.attachment()
                            .filename("tickets-%s-%s.%s"
                                    .formatted(clientId, STAMP.format(clock.instant()), form.ending()))
                            .build()
                            .toString());
            response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
            Writer target = new BufferedWriter(
                    new OutputStreamWriter(response.getOutputStream(), StandardCharsets.UTF_8), BUFFER);
            TicketFile file = form.writer(target, json);
            file.begin();
            tickets.forEach(clientId, filter, sort, ticket -> add(file, ticket));
            file.end();
            target.flush();
        } finally {
            places.release();
        }
    }

    /** Before the first ticket leaves: whoever cuts an export off has read its beginning. */
    private void record(Caller caller, ExportFormat form, TicketFilter filter) {
        Map<String, Object> what = new LinkedHashMap<>();
        what.put("format", form.ending());
        if (!filter.statuses().isEmpty()) {
            what.put(
                    "statuses",
                    filter.statuses().stream().map(TicketStatus::wireName).toList());
        }
        put(what, "channel", filter.channel());
        put(what, "priority", filter.priority());
        put(what, "category", filter.category());
        put(what, "tag", filter.tag());
        put(what, "assignee", filter.assignee());
        put(what, "customer_id", filter.customerId());
        put(what, "created_from", filter.createdFrom());
        put(what, "created_to", filter.createdTo());
        // The log is kept for ever, and these may name a customer.
        put(what, "external_id", filter.externalId() == null ? null : GIVEN);
        put(what, "customer_email", filter.customerEmail() == null ? null : GIVEN);
        put(what, "words", filter.words() == null ? null : GIVEN);
        transactions.run(
                caller.clientId(),
                () -> audit.record(
                        caller.clientId(),
                        new AuditEntry(
                                caller.asActor(),
                                "tickets.exported",
                                "ticket_export",
                                ids.next().toString(),
                                null,
                                null,
                                Map.of(),
                                what)));
    }

    private static void put(Map<String, Object> what, String name, @Nullable Object value) {
        if (value != null) {
            what.put(name, value.toString());
        }
    }

    private static void add(TicketFile file, ExportedTicket ticket) {
        try {
            file.add(ticket);
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }
}
