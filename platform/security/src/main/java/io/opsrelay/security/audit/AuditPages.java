package io.opsrelay.security.audit;

import io.opsrelay.contracts.audit.ExportLine;
import io.opsrelay.security.web.Cursor;
import io.opsrelay.security.web.Page;
import io.opsrelay.security.web.PageRequest;
import io.opsrelay.security.web.ProblemException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The audit log as services answer it over HTTP. */
public final class AuditPages {

    private final AuditLog log;

    AuditPages(AuditLog log) {
        this.log = log;
    }

    /** A page of entries, newest first. */
    public Page<AuditResource> page(String clientId, AuditFilter filter, PageRequest page) {
        ordered(filter.from(), filter.to());
        Cursor after = page.after();
        Long before = after == null ? null : after.id().getLeastSignificantBits();
        List<AuditRow> rows = log.newest(clientId, filter, before, page.limit() + 1);
        Page<AuditRow> found = Page.of(rows, page.limit(), AuditPages::cursorOf);
        return new Page<>(found.items().stream().map(AuditResource::of).toList(), found.nextCursor());
    }

    /** Positions have one order in a service, whatever its clocks say. */
    private static Cursor cursorOf(AuditRow row) {
        return new Cursor(Instant.EPOCH, new UUID(0, row.position()));
    }

    /** Sealed entries as JSON lines, in the order of the chain; sent as they are read. */
    public void export(String clientId, @Nullable Instant from, @Nullable Instant to, HttpServletResponse response)
            throws IOException {
        ordered(from, to);
        response.setContentType("application/x-ndjson");
        response.setHeader("Content-Disposition", "attachment; filename=\"audit-" + clientId + ".jsonl\"");
        response.setHeader("Cache-Control", "no-store");
        try (Writer lines = new BufferedWriter(
                new OutputStreamWriter(response.getOutputStream(), StandardCharsets.UTF_8), 16 * 1024)) {
            log.export(clientId, from, to, entry -> {
                try {
                    lines.append(ExportLine.of(entry)).append('\n');
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static void ordered(@Nullable Instant from, @Nullable Instant to) {
        if (from != null && to != null && !from.isBefore(to)) {
            throw ProblemException.badRequest("to", "must be later than from");
        }
    }
}
