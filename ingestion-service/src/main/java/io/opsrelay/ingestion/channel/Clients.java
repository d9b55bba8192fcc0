package io.opsrelay.ingestion.channel;

import io.opsrelay.ingestion.channel.ChannelAdmin.Shown;
import io.opsrelay.security.audit.Audit;
import io.opsrelay.security.audit.AuditEntry;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.security.web.ProblemException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Provisions clients, by request or by configuration: the same again changes nothing. */
@Component
class Clients {

    private final JdbcClient jdbc;
    private final ClientTransactions transactions;
    private final ChannelAdmin channels;
    private final ObjectProvider<Audit> audit;
    private final Clock clock;

    Clients(
            JdbcClient jdbc,
            ClientTransactions transactions,
            ChannelAdmin channels,
            ObjectProvider<Audit> audit,
            Clock clock) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.channels = channels;
        this.audit = audit;
        this.clock = clock;
    }

    /** A client. */
    record Client(String clientId, String name, String createdBy, Instant createdAt) {}

    /** @param created whether there was no such client before */
    record Provisioned(Client client, boolean created, List<Shown> channels) {}

    /** By id. */
    List<Client> all() {
        return jdbc.sql("select * from client order by client_id")
                .query(Clients::client)
                .list();
    }

    Optional<Client> find(String clientId) {
        return jdbc.sql("select * from client where client_id = ?")
                .param(clientId)
                .query(Clients::client)
                .optional();
    }

    private static Client client(ResultSet row, int n) throws SQLException {
        return new Client(
                row.getString("client_id"),
                row.getString("name"),
                row.getString("created_by"),
                Objects.requireNonNull(row.getObject("created_at", OffsetDateTime.class))
                        .toInstant());
    }

    /** All of it, or nothing. */
    Provisioned provision(String actor, ClientBody body) {
        Map<String, String> refusals = body.refusals();
        if (!refusals.isEmpty()) {
            throw ProblemException.unprocessable(refusals);
        }
        String clientId = body.toClientId();
        return transactions.call(clientId, () -> {
            Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
            boolean created = jdbc.sql("""
                                    insert into client (client_id, name, created_by, created_at)
                                    values (?, ?, ?, ?) on conflict do nothing
                                    """)
                            .params(clientId, body.toName(), actor, ChannelStore.utc(now))
                            .update()
                    == 1;
            // Two instances that start at the same moment do it one after the other.
            jdbc.sql("select client_id from client where client_id = ? for update")
                    .param(clientId)
                    .query(String.class)
                    .single();
            boolean renamed = !created
                    && jdbc.sql("update client set name = ? where client_id = ? and name <> ?")
                                    .params(body.toName(), clientId, body.toName())
                                    .update()
                            == 1;
            if (created || renamed) {
                audit.ifAvailable(log -> log.record(
                        clientId,
                        new AuditEntry(
                                actor,
                                created ? "client.provisioned" : "client.renamed",
                                "client",
                                clientId,
                                null,
                                null,
                                Map.of(),
                                Map.of("name", body.toName()))));
            }
            List<Shown> shown = body.toChannels().stream()
                    .map(channel -> channels.ensure(clientId, actor, channel))
                    .toList();
            return new Provisioned(find(clientId).orElseThrow(), created, shown);
        });
    }
}
