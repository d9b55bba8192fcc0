package io.opsrelay.ingestion.export;

import io.opsrelay.ingestion.ticket.ExportedTicket;
import java.io.IOException;
import java.io.Writer;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.jspecify.annotations.Nullable;

/**
 * CSV as RFC 4180 has it. Spreadsheets calculate what begins like a formula, and anybody may write a ticket: such a
 * cell gets an apostrophe before it, which makes it a text.
 */
final class CsvFile implements TicketFile {

    private static final String[] COLUMNS = {
        "ticket_id",
        "status",
        "channel",
        "priority",
        "category",
        "confidence",
        "language",
        "sentiment",
        "customer_id",
        "customer_email",
        "sender_verified",
        "external_id",
        "subject",
        "body",
        "created_at",
        "updated_at",
        "resolved_at"
    };

    private static final String FORMULA_BEGINS = "=+-@\t\r";

    private final Writer target;
    private @Nullable CSVPrinter printer;

    CsvFile(Writer target) {
        this.target = target;
    }

    @Override
    public void begin() throws IOException {
        printer = CSVFormat.RFC4180.builder().setHeader(COLUMNS).get().print(target);
    }

    @Override
    public void add(ExportedTicket ticket) throws IOException {
        if (printer == null) {
            throw new IllegalStateException("not begun");
        }
        printer.printRecord(
                ticket.ticketId(),
                ticket.status(),
                safe(ticket.channel()),
                safe(ticket.priority()),
                safe(ticket.category()),
                ticket.confidence(),
                safe(ticket.language()),
                safe(ticket.sentiment()),
                ticket.customerId(),
                safe(ticket.customerEmail()),
                ticket.senderVerified(),
                safe(ticket.externalId()),
                safe(ticket.subject()),
                safe(ticket.body()),
                ticket.createdAt(),
                ticket.updatedAt(),
                ticket.resolvedAt());
    }

    @Override
    public void end() throws IOException {
        if (printer != null) {
            printer.flush();
        }
    }

    private static @Nullable String safe(@Nullable String text) {
        return text == null || text.isEmpty() || FORMULA_BEGINS.indexOf(text.charAt(0)) < 0 ? text : "'" + text;
    }
}
