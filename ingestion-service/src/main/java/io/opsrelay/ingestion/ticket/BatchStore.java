package io.opsrelay.ingestion.ticket;

import io.opsrelay.contracts.ContractJson;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Many new tickets in few statements: what a ticket costs is its rows, not its trips to the database. Runs inside a
 * transaction of the client. Whoever inserts sorts by what is unique, so that two batches never wait for each other.
 */
@Component
class BatchStore {

    private static final String INSERT = """
            with line as (
                select * from unnest(:tickets::uuid[], :messages::uuid[], :statuses, :channels, :sources, :externals,
                    :customers::uuid[], :verified::boolean[], :subjects, :bodies, :metadata, :priorities, :categories,
                    :confidences::double precision[], :at::timestamptz[], :events, :actors, :summaries, :data, :keys,
                    :hashes)
                as l (ticket_id, message_id, status, channel, source, external_id, customer_id, sender_verified,
                    subject, body, metadata, priority, category, confidence, at, event, actor, summary, data, key, hash)
            ), accepted as (
                insert into ticket (client_id, ticket_id, version, status, channel, source, external_id, customer_id,
                    sender_verified, subject, body, metadata, priority, priority_given, category, confidence,
                    created_at, updated_at, resolved_at)
                select :client, ticket_id, 1, status, channel, source, external_id, customer_id, sender_verified,
                    subject, body, metadata::jsonb, priority, priority is not null, category, confidence, at, at,
                    case when status = 'resolved' then at end
                from line
                -- Stored by another at this moment: the caller looks it up.
                on conflict (client_id, external_id, source) where external_id is not null do nothing
                returning ticket_id
            ), said as (
                insert into message (client_id, ticket_id, seq, message_id, direction, text, state, created_at)
                select :client, ticket_id, 1, message_id, 'inbound', body, 'delivered', at
                from line join accepted using (ticket_id)
            ), told as (
                insert into timeline_entry (client_id, ticket_id, seq, event, at, actor, summary, data)
                select :client, ticket_id, 1, event, at, actor, summary, data::jsonb
                from line join accepted using (ticket_id)
            ), keyed as (
                insert into request_key (client_id, key, request_hash, ticket_id, created_at)
                select :client, key, decode(hash, 'hex'), ticket_id, at
                from line join accepted using (ticket_id) where key is not null
            )
            select ticket_id from accepted
            """;

    private final JdbcClient jdbc;

    BatchStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** What earlier requests with these keys were answered, by key. */
    Map<String, Keyed> findByKeys(Collection<String> keys) {
        Map<String, Keyed> found = new HashMap<>();
        if (!keys.isEmpty()) {
            jdbc.sql("""
                            select k.key, encode(k.request_hash, 'hex') as hash, t.ticket_id, t.status
                            from request_key k join ticket t using (client_id, ticket_id) where k.key = any (:keys)
                            """).param("keys", keys.toArray(String[]::new)).query(row -> {
                found.put(
                        row.getString("key"),
                        new Keyed(
                                row.getString("hash"),
                                new Reception.Repeated(
                                        row.getObject("ticket_id", UUID.class),
                                        TicketStatus.of(row.getString("status")))));
            });
        }
        return found;
    }

    /** The tickets that are there already. */
    Map<ExternalId, Reception.Repeated> findByExternalIds(Collection<ExternalId> ids) {
        Map<ExternalId, Reception.Repeated> found = new HashMap<>();
        if (!ids.isEmpty()) {
            jdbc.sql("""
                            select t.source, t.external_id, t.ticket_id, t.status
                            from unnest(:sources, :externals) as u (source, external_id)
                            join ticket t on t.external_id = u.external_id and t.source = u.source
                            """)
                    .param("sources", ids.stream().map(ExternalId::source).toArray(String[]::new))
                    .param("externals", ids.stream().map(ExternalId::externalId).toArray(String[]::new))
                    .query(row -> {
                        found.put(
                                new ExternalId(row.getString("source"), row.getString("external_id")),
                                new Reception.Repeated(
                                        row.getObject("ticket_id", UUID.class),
                                        TicketStatus.of(row.getString("status"))));
                    });
        }
        return found;
    }

    /**
     * The customers with these addresses, found or made.
     *
     * @param idFor makes the id of a new one
     */
    Map<String, UUID> customers(String clientId, Set<String> emails, Function<String, UUID> idFor, Instant now) {
        Map<String, UUID> customers = customers(emails);
        List<String> missing = missing(emails, customers);
        if (!missing.isEmpty()) {
            jdbc.sql("""
                            insert into customer (client_id, customer_id, email, created_at)
                            select :client, id, email, :now from unnest(:ids::uuid[], :emails) as u (id, email)
                            order by email
                            on conflict (client_id, email) do nothing
                            """)
                    .param("client", clientId)
                    .param(
                            "ids",
                            missing.stream()
                                    .map(email -> idFor.apply(email).toString())
                                    .toArray(String[]::new))
                    .param("emails", missing.toArray(String[]::new))
                    .param("now", utc(now))
                    .update();
            customers.putAll(customers(new HashSet<>(missing)));
        }
        return customers;
    }

    private static List<String> missing(Set<String> emails, Map<String, UUID> known) {
        return emails.stream().filter(email -> !known.containsKey(email)).toList();
    }

    private Map<String, UUID> customers(Set<String> emails) {
        Map<String, UUID> found = new HashMap<>();
        jdbc.sql("select email, customer_id from customer where email = any (:emails)")
                .param("emails", emails.toArray(String[]::new))
                .query(row -> {
                    found.put(row.getString("email"), row.getObject("customer_id", UUID.class));
                });
        return found;
    }

    /**
     * Stores new tickets with message, timeline and key.
     *
     * @return those that were stored; the others have an external id that was stored at the same moment
     * @throws org.springframework.dao.DuplicateKeyException if a key was stored at the same moment
     */
    Set<UUID> insert(String clientId, List<Row> rows) {
        List<UUID> stored = jdbc.sql(INSERT)
                .param("client", clientId)
                .param("tickets", column(rows, row -> row.ticketId().toString()))
                .param("messages", column(rows, row -> row.messageId().toString()))
                .param("statuses", column(rows, row -> row.status().wireName()))
                .param("channels", column(rows, row -> row.ticket().channel()))
                .param("sources", column(rows, row -> row.ticket().source()))
                .param("externals", column(rows, row -> row.ticket().externalId()))
                .param("customers", column(rows, row -> row.customerId().toString()))
                .param(
                        "verified",
                        column(rows, row -> Boolean.toString(row.ticket().senderVerified())))
                .param("subjects", column(rows, row -> row.ticket().subject()))
                .param("bodies", column(rows, row -> row.ticket().body()))
                .param("metadata", column(rows, row -> json(row.ticket().metadata())))
                .param("priorities", column(rows, row -> row.ticket().priority()))
                .param("categories", column(rows, Row::category))
                .param(
                        "confidences",
                        column(
                                rows,
                                row -> row.confidence() == null
                                        ? null
                                        : row.confidence().toString()))
                .param("at", column(rows, row -> row.at().toString()))
                .param("events", column(rows, row -> row.entry().event()))
                .param("actors", column(rows, row -> row.entry().actor()))
                .param("summaries", column(rows, row -> row.entry().summary()))
                .param("data", column(rows, row -> json(row.entry().data())))
                .param(
                        "keys",
                        column(rows, row -> row.key() == null ? null : row.key().key()))
                .param(
                        "hashes",
                        column(rows, row -> row.key() == null ? null : row.key().requestHash()))
                .query(UUID.class)
                .list();
        return new HashSet<>(stored);
    }

    private static String[] column(List<Row> rows, Function<Row, @Nullable String> value) {
        return rows.stream().map(value).toArray(String[]::new);
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static String json(Map<String, ?> values) {
        return ContractJson.mapper().writeValueAsString(values);
    }

    /** A sender's own id, and whose it is. */
    record ExternalId(String source, String externalId) implements Comparable<ExternalId> {

        static @Nullable ExternalId of(NewTicket ticket) {
            return ticket.externalId() == null ? null : new ExternalId(ticket.source(), ticket.externalId());
        }

        @Override
        public int compareTo(ExternalId other) {
            int bySource = source.compareTo(other.source);
            return bySource != 0 ? bySource : externalId.compareTo(other.externalId);
        }
    }

    /** @param requestHash of the request that the key stands for */
    record Keyed(String requestHash, Reception.Repeated answer) {}

    /** A ticket to be stored, with all that is known of it at once. */
    record Row(
            UUID ticketId,
            UUID messageId,
            UUID customerId,
            NewTicket ticket,
            TicketStatus status,
            @Nullable String category,
            @Nullable Double confidence,
            TimelineEntry entry,
            @Nullable RequestKey key,
            Instant at) {}
}
