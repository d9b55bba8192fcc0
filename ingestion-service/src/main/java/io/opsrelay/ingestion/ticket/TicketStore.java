package io.opsrelay.ingestion.ticket;

import io.opsrelay.contracts.ContractJson;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Tickets in PostgreSQL. Runs inside a transaction of the client: row-level security confines every statement to the
 * client's own rows, which is why none of them says it again.
 */
@Component
class TicketStore {

    private static final String INSERT = """
            with known as (
                select customer_id from customer where email = :email
            ), made as (
                insert into customer (client_id, customer_id, email, created_at)
                select :client, :customer, :email, :now where not exists (select from known)
                -- Of two first tickets of a customer the second waits for the first and takes its customer.
                on conflict (client_id, email) do update set email = excluded.email
                returning customer_id
            ), sender as (
                select customer_id from known union all select customer_id from made
            ), accepted as (
                insert into ticket (client_id, ticket_id, version, status, channel, source, external_id, customer_id,
                    sender_verified, subject, body, metadata, priority, priority_given, created_at, updated_at)
                select :client, :ticket, 1, 'received', :channel, :source, :external, customer_id,
                    :verified, :subject, :body, :metadata::jsonb, :priority, :priority::text is not null, :now, :now
                from sender
                returning customer_id
            ), said as (
                insert into message (client_id, ticket_id, seq, message_id, direction, text, state, created_at)
                values (:client, :ticket, 1, :message, 'inbound', :body, 'delivered', :now)
            ), told as (
                insert into timeline_entry (client_id, ticket_id, seq, event, at, actor, summary, data)
                values (:client, :ticket, 1, :event, :now, :actor, :summary, :data::jsonb)
            ), keyed as (
                insert into request_key (client_id, key, request_hash, ticket_id, created_at)
                select :client, :key, :hash, :ticket, :now where :key::text is not null
            )
            select customer_id from accepted
            """;

    private final JdbcClient jdbc;

    TicketStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** What an earlier request with that key was answered. */
    Optional<Reception> findByKey(RequestKey key) {
        return jdbc.sql("""
                        select k.request_hash, t.ticket_id, t.status
                        from request_key k join ticket t using (client_id, ticket_id) where k.key = :key
                        """)
                .param("key", key.key())
                .query((row, number) ->
                        HexFormat.of().formatHex(row.getBytes("request_hash")).equals(key.requestHash())
                                ? new Reception.Repeated(
                                        row.getObject("ticket_id", UUID.class),
                                        TicketStatus.of(row.getString("status")))
                                : (Reception) new Reception.KeyTaken())
                .optional();
    }

    /** By the external id; of an erased customer's ticket the id's hash is left, see {@link ErasedTickets}. */
    Map<String, UUID> findEvenErased(String source, Collection<String> externalIds) {
        Map<String, UUID> found = new HashMap<>();
        jdbc.sql("""
                        select e.external_id, t.ticket_id
                        from unnest(:externals) as e (external_id) join ticket t on t.source = :source
                            and t.external_id in (
                                e.external_id, 'sha256:' || encode(sha256(convert_to(e.external_id, 'UTF8')), 'hex'))
                        """)
                .param("externals", externalIds.toArray(String[]::new))
                .param("source", source)
                .query(row -> {
                    found.put(row.getString("external_id"), row.getObject("ticket_id", UUID.class));
                });
        return found;
    }

    Optional<Reception.Repeated> findByExternalId(String source, String externalId) {
        return jdbc.sql("select ticket_id, status from ticket where external_id = :external and source = :source")
                .param("external", externalId)
                .param("source", source)
                .query((row, number) -> new Reception.Repeated(
                        row.getObject("ticket_id", UUID.class), TicketStatus.of(row.getString("status"))))
                .optional();
    }

    /** Binds a key to a ticket that was there before. */
    void remember(String clientId, RequestKey key, UUID ticketId, Instant now) {
        jdbc.sql("insert into request_key (client_id, key, request_hash, ticket_id, created_at) values (?, ?, ?, ?, ?)")
                .params(clientId, key.key(), HexFormat.of().parseHex(key.requestHash()), ticketId, utc(now))
                .update();
    }

    /**
     * Stores a new ticket with customer, message, timeline and key.
     *
     * @return the customer, found or made
     * @throws org.springframework.dao.DuplicateKeyException if its external id or key was stored at the same moment
     */
    UUID insert(
            String clientId,
            UUID ticketId,
            NewTicket ticket,
            @Nullable RequestKey key,
            TimelineEntry entry,
            UUID newCustomerId,
            UUID messageId,
            Instant now) {
        return jdbc.sql(INSERT)
                .param("client", clientId)
                .param("ticket", ticketId)
                .param("customer", newCustomerId)
                .param("email", ticket.customerEmail())
                .param("channel", ticket.channel())
                .param("source", ticket.source())
                .param("external", ticket.externalId(), Types.VARCHAR)
                .param("verified", ticket.senderVerified())
                .param("subject", ticket.subject())
                .param("body", ticket.body())
                .param("metadata", json(ticket.metadata()))
                .param("priority", ticket.priority(), Types.VARCHAR)
                .param("message", messageId)
                .param("event", entry.event())
                .param("actor", entry.actor())
                .param("summary", entry.summary())
                .param("data", json(entry.data()))
                .param("key", key == null ? null : key.key(), Types.VARCHAR)
                .param("hash", key == null ? null : HexFormat.of().parseHex(key.requestHash()), Types.BINARY)
                .param("now", utc(now))
                .query(UUID.class)
                .single();
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static String json(Map<String, ?> values) {
        return ContractJson.mapper().writeValueAsString(values);
    }
}
