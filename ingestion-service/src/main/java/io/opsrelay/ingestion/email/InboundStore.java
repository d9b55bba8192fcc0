package io.opsrelay.ingestion.email;

import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Which mails and which single-use tokens came in before. Runs in a transaction of the client. */
@Repository
class InboundStore {

    private final JdbcClient jdbc;

    InboundStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Takes the Message-ID for this transaction. One that takes the same waits for this transaction's end.
     *
     * @return false if it is taken: the mail was here before
     */
    boolean claim(String clientId, String rfc822Id, String channelId, Instant now) {
        return jdbc.sql("""
                                insert into inbound_mail (client_id, rfc822_id, channel_id, created_at)
                                values (?, ?, ?, ?) on conflict do nothing
                                """)
                        .params(clientId, rfc822Id, channelId, now.atOffset(ZoneOffset.UTC))
                        .update()
                == 1;
    }

    void settle(String rfc822Id, Taken taken) {
        jdbc.sql("update inbound_mail set ticket_id = :ticket, filed_id = :filed where rfc822_id = :id")
                .param("id", rfc822Id)
                .param("ticket", ticketOf(taken), Types.OTHER)
                .param("filed", filedOf(taken), Types.OTHER)
                .update();
    }

    Optional<Taken> known(String rfc822Id) {
        return one(jdbc.sql("select ticket_id, filed_id from inbound_mail where rfc822_id = ?")
                .param(rfc822Id));
    }

    Optional<Taken> knownToken(String channelId, String token) {
        return one(jdbc.sql("select ticket_id, filed_id from inbound_token where channel_id = ? and token = ?")
                .params(channelId, token));
    }

    /** @throws org.springframework.dao.DuplicateKeyException if it was used at the same moment */
    void use(String clientId, String channelId, String token, Taken taken, Instant now) {
        jdbc.sql("""
                        insert into inbound_token (client_id, channel_id, token, ticket_id, filed_id, created_at)
                        values (:client, :channel, :token, :ticket, :filed, :now)
                        """)
                .param("client", clientId)
                .param("channel", channelId)
                .param("token", token)
                .param("ticket", ticketOf(taken), Types.OTHER)
                .param("filed", filedOf(taken), Types.OTHER)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .update();
    }

    /** Tokens are refused by their timestamps long before. */
    void pruneTokens(Instant before) {
        jdbc.sql("delete from inbound_token where created_at < ?")
                .param(before.atOffset(ZoneOffset.UTC))
                .update();
    }

    private static @Nullable UUID ticketOf(Taken taken) {
        return switch (taken) {
            case Taken.Received received -> received.ticketId();
            case Taken.Filed filed -> filed.ticketId();
        };
    }

    private static @Nullable UUID filedOf(Taken taken) {
        return taken instanceof Taken.Filed filed ? filed.filedId() : null;
    }

    private static Optional<Taken> one(JdbcClient.StatementSpec query) {
        List<Taken> found = query.query((row, n) -> {
                    UUID ticket = row.getObject("ticket_id", UUID.class);
                    UUID filed = row.getObject("filed_id", UUID.class);
                    return filed == null
                            ? (Taken) new Taken.Received(Objects.requireNonNull(ticket))
                            : new Taken.Filed(filed, ticket);
                })
                .list();
        return found.stream().findFirst();
    }
}
