package io.opsrelay.ingestion.export;

import io.opsrelay.ingestion.ticket.ExportedTicket;
import java.io.IOException;
import java.io.Writer;
import tools.jackson.databind.json.JsonMapper;

/** One JSON array, a ticket a line. One that broke off lacks its end, and no reader takes it for whole. */
final class JsonFile implements TicketFile {

    private final Writer target;
    private final JsonMapper json;
    private String before = "\n";

    JsonFile(Writer target, JsonMapper json) {
        this.target = target;
        this.json = json;
    }

    @Override
    public void begin() throws IOException {
        target.write("[");
    }

    @Override
    public void add(ExportedTicket ticket) throws IOException {
        target.write(before);
        target.write(json.writeValueAsString(ticket));
        before = ",\n";
    }

    @Override
    public void end() throws IOException {
        target.write("\n]\n");
    }
}
