package io.opsrelay.ingestion.export;

import io.opsrelay.ingestion.ticket.ExportedTicket;
import java.io.IOException;

/** A file of tickets while it is written. */
interface TicketFile {

    void begin() throws IOException;

    void add(ExportedTicket ticket) throws IOException;

    void end() throws IOException;
}
