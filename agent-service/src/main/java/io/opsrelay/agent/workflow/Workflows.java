package io.opsrelay.agent.workflow;

import io.opsrelay.contracts.ContractJson;
import io.opsrelay.security.tenant.PerTransaction;
import io.opsrelay.security.web.Cursor;
import io.opsrelay.security.web.PageRequest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** The settings of each client. Within a transaction of the client. */
@Component
public class Workflows {

    private final JdbcClient jdbc;
    private final JsonMapper json = ContractJson.mapper();
    private final PerTransaction<Workflow> current =
            new PerTransaction<>(() -> newest().map(Versioned::workflow).orElseGet(Workflow::usual));

    Workflows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** What holds for the client of this transaction, as it was when first asked for within it. */
    public Workflow current() {
        return current.get();
    }

    Optional<Versioned> newest() {
        return jdbc.sql("select * from workflow order by version desc limit 1")
                .query((row, n) -> read(row))
                .optional();
    }

    /** Newest first, one more than the page holds. */
    List<Versioned> versions(PageRequest page) {
        Cursor after = page.after();
        return jdbc.sql("select * from workflow where version < :before order by version desc limit :rows")
                .param("before", after == null ? Long.MAX_VALUE : after.id().getLeastSignificantBits())
                .param("rows", page.limit() + 1)
                .query((row, n) -> read(row))
                .list();
    }

    private Versioned read(ResultSet row) throws SQLException {
        return new Versioned(
                row.getLong("version"),
                json.readValue(row.getString("settings"), Workflow.class),
                row.getString("changed_by"),
                row.getObject("changed_at", OffsetDateTime.class).toInstant());
    }

    /**
     * Adds the version after {@code before}.
     *
     * @return false if somebody else did so meanwhile
     */
    boolean add(String clientId, long before, Workflow workflow, String by, Instant at) {
        try {
            jdbc.sql("""
                            insert into workflow (client_id, version, settings, changed_by, changed_at)
                            values (:client, :version, :settings::jsonb, :by, :at)""")
                    .param("client", clientId)
                    .param("version", before + 1)
                    .param("settings", json.writeValueAsString(workflow))
                    .param("by", by)
                    .param("at", at.atOffset(ZoneOffset.UTC))
                    .update();
            return true;
        } catch (DuplicateKeyException e) {
            return false;
        }
    }

    /** A version and who made it. */
    record Versioned(long version, Workflow workflow, String changedBy, Instant changedAt) {}
}
