package io.opsrelay.ingestion.upstream;

import io.opsrelay.ingestion.ticket.TicketStatus;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Which status of a ticket its source has told of last. Runs inside a transaction of the client that has locked the ticket. */
@Component
class StatusStore {

    private final JdbcClient jdbc;

    StatusStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Whether that is neither older than the last one nor known. */
    boolean isNew(UUID ticketId, TicketStatus status, Instant at) {
        return jdbc.sql("select at, statuses from upstream_status where ticket_id = ?")
                .param(ticketId)
                .query((row, number) -> {
                    Instant last = row.getObject("at", OffsetDateTime.class).toInstant();
                    List<String> known =
                            List.of((String[]) row.getArray("statuses").getArray());
                    return at.isAfter(last) || (at.equals(last) && !known.contains(status.wireName()));
                })
                .optional()
                .orElse(true);
    }

    /** Remembers it, unless it is older than the last one or known. */
    void applied(String clientId, UUID ticketId, TicketStatus status, Instant at) {
        jdbc.sql("""
                        insert into upstream_status as s (client_id, ticket_id, at, statuses)
                        values (:client, :ticket, :at, array[:status])
                        on conflict (client_id, ticket_id) do update set at = excluded.at,
                            statuses = case when s.at = excluded.at then s.statuses || excluded.statuses
                                else excluded.statuses end
                            where excluded.at > s.at or (excluded.at = s.at and not excluded.statuses <@ s.statuses)
                        """)
                .param("client", clientId)
                .param("ticket", ticketId)
                .param("at", at.atOffset(ZoneOffset.UTC))
                .param("status", status.wireName())
                .update();
    }
}
