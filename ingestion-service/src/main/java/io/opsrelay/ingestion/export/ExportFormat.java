package io.opsrelay.ingestion.export;

import io.opsrelay.security.web.ProblemException;
import java.io.Writer;
import tools.jackson.databind.json.JsonMapper;

/** The forms of an export. */
enum ExportFormat {
    CSV("csv", "text/csv;charset=UTF-8;header=present"),
    JSON("json", "application/json");

    private final String wireName;
    private final String contentType;

    ExportFormat(String wireName, String contentType) {
        this.wireName = wireName;
        this.contentType = contentType;
    }

    /** @throws ProblemException 400 for a name that is none */
    static ExportFormat named(String wireName) {
        for (ExportFormat format : values()) {
            if (format.wireName.equals(wireName)) {
                return format;
            }
        }
        throw ProblemException.badRequest("format", "must be csv or json");
    }

    String contentType() {
        return contentType;
    }

    /** The ending of a file's name. */
    String ending() {
        return wireName;
    }

    TicketFile writer(Writer target, JsonMapper json) {
        return switch (this) {
            case CSV -> new CsvFile(target);
            case JSON -> new JsonFile(target, json);
        };
    }
}
