package io.opsrelay.approval.webhook;

import io.opsrelay.approval.webhook.Endpoint.Disabled;
import io.opsrelay.security.seal.Keyring.Sealed;
import java.net.URI;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The table {@code webhook_endpoint}. Every call belongs into a transaction of the client. */
@Repository
class EndpointStore {

    private final JdbcClient jdbc;

    EndpointStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** All of them, the newest first: a client has a handful. */
    List<Endpoint> all() {
        return jdbc.sql("select * from webhook_endpoint order by created_at desc, endpoint_id desc")
                .query(EndpointStore::endpoint)
                .list();
    }

    /** Those that get something; none of them is deleted before the transaction ends. */
    List<Subscribed> subscribed() {
        return jdbc.sql("select endpoint_id, types from webhook_endpoint where disabled is null"
                        + " order by endpoint_id for key share")
                .query((row, n) -> new Subscribed(uuid(row, "endpoint_id"), texts(row, "types")))
                .list();
    }

    Optional<Endpoint> find(UUID id) {
        return jdbc.sql("select * from webhook_endpoint where endpoint_id = :id")
                .param("id", id)
                .query(EndpointStore::endpoint)
                .optional();
    }

    /**
     * Reads it and holds off its deletion until the transaction ends. Who writes to its deliveries comes by here first: a
     * deletion takes the endpoint before the deliveries, too.
     */
    Optional<Endpoint> keep(UUID id) {
        return jdbc.sql("select * from webhook_endpoint where endpoint_id = :id for key share")
                .param("id", id)
                .query(EndpointStore::endpoint)
                .optional();
    }

    /** Reads it and holds off everybody else until the transaction ends. */
    Optional<Endpoint> lock(UUID id) {
        return jdbc.sql("select * from webhook_endpoint where endpoint_id = :id for update")
                .param("id", id)
                .query(EndpointStore::endpoint)
                .optional();
    }

    void insert(String clientId, Endpoint endpoint) {
        bind("""
                        insert into webhook_endpoint (client_id, endpoint_id, url, types, description, disabled, secret,
                            secret_key, previous, previous_key, previous_until, failing_since, revision, created_by,
                            created_at, updated_at)
                        values (:client, :id, :url, :types, :description, :disabled, :secret, :secretKey, :previous,
                            :previousKey, :previousUntil, :failingSince, :revision, :createdBy, :createdAt, :updatedAt)
                        """, endpoint)
                .param("client", clientId)
                .param("createdBy", endpoint.createdBy())
                .param("createdAt", timestamp(endpoint.createdAt()))
                .update();
    }

    /** Writes what can change. The row must have been locked at the revision before. */
    void update(Endpoint endpoint) {
        int rows = bind("""
                        update webhook_endpoint
                        set url = :url, types = :types, description = :description, disabled = :disabled,
                            secret = :secret, secret_key = :secretKey, previous = :previous,
                            previous_key = :previousKey, previous_until = :previousUntil,
                            failing_since = :failingSince, revision = :revision, updated_at = :updatedAt
                        where endpoint_id = :id and revision = :revision - 1
                        """, endpoint).update();
        if (rows != 1) {
            throw new IllegalStateException("endpoint " + endpoint.endpointId() + " was changed without its lock");
        }
    }

    /** With all that was ever sent to it. */
    void delete(UUID id) {
        jdbc.sql("""
                        delete from webhook_attempt where delivery_id in
                            (select delivery_id from webhook_delivery where endpoint_id = :id)""").param("id", id).update();
        jdbc.sql("delete from webhook_delivery where endpoint_id = :id")
                .param("id", id)
                .update();
        jdbc.sql("delete from webhook_endpoint where endpoint_id = :id")
                .param("id", id)
                .update();
    }

    /** Notes that something was delivered. Where nothing is to be noted the row is left alone. */
    void works(UUID id) {
        jdbc.sql("update webhook_endpoint set failing_since = null where endpoint_id = :id and failing_since is"
                        + " not null")
                .param("id", id)
                .update();
    }

    /** Notes that something could not be delivered. */
    void fails(UUID id, Instant at) {
        jdbc.sql("update webhook_endpoint set failing_since = :at where endpoint_id = :id and failing_since is null")
                .param("id", id)
                .param("at", timestamp(at))
                .update();
    }

    /**
     * Sends it nothing any more.
     *
     * @return false if it got nothing already
     */
    boolean disable(UUID id, Disabled why, Instant at) {
        return jdbc.sql("""
                                update webhook_endpoint
                                set disabled = :why, revision = revision + 1, updated_at = :at
                                where endpoint_id = :id and disabled is null""")
                        .param("id", id)
                        .param("why", why.code())
                        .param("at", timestamp(at))
                        .update()
                == 1;
    }

    private JdbcClient.StatementSpec bind(String sql, Endpoint endpoint) {
        Sealed previous = endpoint.previous();
        return jdbc.sql(sql)
                .param("id", endpoint.endpointId())
                .param("url", endpoint.url().toString())
                .param("types", endpoint.types().stream().sorted().toArray(String[]::new))
                .param("description", endpoint.description())
                .param(
                        "disabled",
                        endpoint.disabled() == null ? null : endpoint.disabled().code())
                .param("secret", endpoint.secret().bytes())
                .param("secretKey", endpoint.secret().keyId())
                .param("previous", previous == null ? null : previous.bytes())
                .param("previousKey", previous == null ? null : previous.keyId())
                .param("previousUntil", endpoint.previousUntil() == null ? null : timestamp(endpoint.previousUntil()))
                .param("failingSince", endpoint.failingSince() == null ? null : timestamp(endpoint.failingSince()))
                .param("revision", endpoint.revision())
                .param("updatedAt", timestamp(endpoint.updatedAt()));
    }

    private static Endpoint endpoint(ResultSet row, int n) throws SQLException {
        String disabled = row.getString("disabled");
        byte[] previous = row.getBytes("previous");
        return new Endpoint(
                uuid(row, "endpoint_id"),
                URI.create(row.getString("url")),
                texts(row, "types"),
                row.getString("description"),
                disabled == null ? null : Disabled.valueOf(disabled.toUpperCase(Locale.ROOT)),
                new Sealed(row.getString("secret_key"), row.getBytes("secret")),
                previous == null ? null : new Sealed(row.getString("previous_key"), previous),
                instant(row, "previous_until"),
                instant(row, "failing_since"),
                row.getLong("revision"),
                row.getString("created_by"),
                Objects.requireNonNull(instant(row, "created_at")),
                Objects.requireNonNull(instant(row, "updated_at")));
    }

    static UUID uuid(ResultSet row, String column) throws SQLException {
        return Objects.requireNonNull(row.getObject(column, UUID.class));
    }

    static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }

    static OffsetDateTime timestamp(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static Set<String> texts(ResultSet row, String column) throws SQLException {
        return Set.of((String[]) row.getArray(column).getArray());
    }

    /** An endpoint that gets something, and which types. */
    record Subscribed(UUID endpointId, Set<String> types) {

        Subscribed {
            types = Set.copyOf(types);
        }
    }
}
