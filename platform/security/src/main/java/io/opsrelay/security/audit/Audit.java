package io.opsrelay.security.audit;

import io.opsrelay.contracts.audit.CanonicalJson;
import io.opsrelay.contracts.audit.SealedEntry;
import io.opsrelay.security.tenant.DeferredRows;
import io.opsrelay.security.tenant.PerTransaction;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Writes audit entries, each in the transaction of the change that it tells of: one is never there without the other.
 * The sealer chains what was committed, moments later.
 */
public final class Audit {

    /** Six digits always: as texts, times sort as they are. */
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    /** Of what a change left behind or found; the log names the hash of what is larger. */
    private static final int LARGEST = 32 * 1024;

    private final DeferredRows<Row> rows;
    private final String service;
    private final Clock clock;

    Audit(JdbcTemplate jdbc, String service, Clock clock) {
        this.rows = new DeferredRows<>(jdbc, "insert into audit_waiting (client_id, entry) values (?, ?)", row ->
                new Object[] {row.clientId, row.entry});
        this.service = service;
        this.clock = clock;
    }

    /**
     * Adds an entry to the running transaction, which must be one of that client.
     *
     * @throws IllegalStateException outside a transaction: an entry must not tell of what did not happen
     */
    public void record(String clientId, AuditEntry entry) {
        if (!PerTransaction.possible()) {
            throw new IllegalStateException("an audit entry is part of a change: record it in that transaction");
        }
        rows.add(new Row(clientId, textOf(clientId, entry)));
    }

    private String textOf(String clientId, AuditEntry entry) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("client_id", clientId);
        fields.put("service", service);
        fields.put("at", timeOf(clock.instant()));
        fields.put("actor", entry.actor());
        fields.put("action", entry.action());
        fields.put("subject_type", entry.subjectType());
        fields.put("subject_id", entry.subjectId());
        UUID ticketId = entry.ticketId();
        if (ticketId != null) {
            fields.put("ticket_id", ticketId.toString());
        }
        if (entry.reason() != null) {
            fields.put("reason", entry.reason());
        }
        fields.put("before", bounded(entry.before()));
        fields.put("after", bounded(entry.after()));
        return CanonicalJson.of(fields);
    }

    private static Map<String, Object> bounded(Map<String, Object> values) {
        String text = CanonicalJson.of(values);
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        return bytes <= LARGEST ? values : Map.of("left_out_bytes", bytes, "left_out_sha256", SealedEntry.sha256(text));
    }

    /** A time as entries hold it. */
    static String timeOf(Instant time) {
        return TIME.format(time);
    }

    private record Row(String clientId, String entry) {}
}
