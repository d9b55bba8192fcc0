package io.opsrelay.agent.vault;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What can be told of a ticket's redactions without their values, and who saw these. Within a transaction of the client. */
@Component
class RedactionStore {

    private final JdbcClient jdbc;

    RedactionStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** The tokens of a ticket, and when the last one was given out. */
    record Tokens(List<String> tokens, Instant updatedAt) {}

    /** Somebody saw the values. */
    record Reveal(String revealedBy, String reason, Instant revealedAt) {}

    Optional<Tokens> tokens(UUID ticketId) {
        return jdbc.sql("select tokens, updated_at from ticket_redaction where ticket_id = :ticket")
                .param("ticket", ticketId)
                .query((row, n) -> new Tokens(strings(row, "tokens"), time(row, "updated_at")))
                .optional();
    }

    List<Reveal> reveals(UUID ticketId) {
        return jdbc.sql("""
                        select revealed_by, reason, revealed_at from redaction_reveal where ticket_id = :ticket
                        order by revealed_at desc, reveal_id desc limit 100""")
                .param("ticket", ticketId)
                .query((row, n) ->
                        new Reveal(row.getString("revealed_by"), row.getString("reason"), time(row, "revealed_at")))
                .list();
    }

    void addReveal(UUID revealId, String clientId, UUID ticketId, List<String> tokens, Reveal reveal) {
        jdbc.sql("""
                        insert into redaction_reveal
                            (reveal_id, client_id, ticket_id, revealed_by, reason, tokens, revealed_at)
                        values (:reveal, :client, :ticket, :by, :reason, :tokens, :at)""")
                .param("reveal", revealId)
                .param("client", clientId)
                .param("ticket", ticketId)
                .param("by", reveal.revealedBy())
                .param("reason", reveal.reason())
                .param("tokens", tokens.toArray(String[]::new))
                .param("at", reveal.revealedAt().atOffset(ZoneOffset.UTC))
                .update();
    }

    private static List<String> strings(ResultSet row, String column) throws SQLException {
        Array array = row.getArray(column);
        return Arrays.asList((String[]) array.getArray());
    }

    private static Instant time(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
