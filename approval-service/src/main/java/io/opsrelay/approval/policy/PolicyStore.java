package io.opsrelay.approval.policy;

import io.opsrelay.approval.rule.Policy;
import io.opsrelay.contracts.ContractJson;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.json.JsonMapper;

/** The table {@code policy}, which only grows. Every call belongs into a transaction of the client. */
@Repository
class PolicyStore {

    private static final JsonMapper JSON = ContractJson.mapper();

    private final JdbcClient jdbc;

    PolicyStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** The client's newest version; 0 if it has none of its own. */
    long newestVersion() {
        return jdbc.sql("select coalesce(max(version), 0) from policy")
                .query(Long.class)
                .single();
    }

    Optional<PolicyVersion> find(long version) {
        return version == 0
                ? Optional.of(PolicyVersion.shipped())
                : jdbc.sql("select * from policy where version = :version")
                        .param("version", version)
                        .query(PolicyStore::version)
                        .optional();
    }

    PolicyVersion newest() {
        return jdbc.sql("select * from policy order by version desc limit 1")
                .query(PolicyStore::version)
                .optional()
                .orElseGet(PolicyVersion::shipped);
    }

    /**
     * A version in a list.
     *
     * @param ruleCount how many rules it has
     * @param reason why it was made, as far as that was said
     */
    record VersionLine(
            long version,
            int ruleCount,
            String changedBy,
            Instant changedAt,
            @Nullable String reason) {}

    /** Those before a version, newest first. */
    List<VersionLine> versions(long before, int limit) {
        return jdbc.sql("""
                        select version, jsonb_array_length(rules -> 'rules') as rules, changed_by, changed_at, reason
                        from policy
                        where version < :before order by version desc limit :limit
                        """)
                .param("before", before)
                .param("limit", limit)
                .query((row, number) -> new VersionLine(
                        row.getLong("version"),
                        row.getInt("rules"),
                        row.getString("changed_by"),
                        row.getObject("changed_at", OffsetDateTime.class).toInstant(),
                        row.getString("reason")))
                .list();
    }

    /** @return false if somebody else added that version meanwhile; the transaction is of no use then */
    boolean add(String clientId, PolicyVersion added) {
        try {
            jdbc.sql("""
                insert into policy (client_id, version, rules, changed_by, changed_at, reason)
                values (:client, :version, :rules::jsonb, :by, :at, :reason)\
                """)
                    .param("client", clientId)
                    .param("version", added.version())
                    .param("rules", JSON.writeValueAsString(added.policy()))
                    .param("by", Objects.requireNonNull(added.changedBy()))
                    .param("at", Objects.requireNonNull(added.changedAt()).atOffset(ZoneOffset.UTC))
                    .param("reason", added.reason())
                    .update();
            return true;
        } catch (DuplicateKeyException e) {
            return false;
        }
    }

    private static PolicyVersion version(ResultSet row, int number) throws SQLException {
        return new PolicyVersion(
                row.getLong("version"),
                JSON.readValue(row.getString("rules"), Policy.class).rules(),
                row.getString("changed_by"),
                row.getObject("changed_at", OffsetDateTime.class).toInstant(),
                row.getString("reason"));
    }
}
