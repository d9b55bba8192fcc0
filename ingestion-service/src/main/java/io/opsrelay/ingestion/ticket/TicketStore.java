package io.opsrelay.ingestion.ticket;

import io.opsrelay.contracts.ContractJson;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Tickets in PostgreSQL. Runs inside a transaction of the client: row-level security confines every statement to the
 * client's own rows, which is why none of them says it again. Each change is one round trip.
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

    private static final String ADVANCE = """
            with advanced as (
                update ticket set
                    version = :version,
                    status = :status,
                    run_id = coalesce(:run, run_id),
                    action_id = :action,
                    category = coalesce(:category, category),
                    confidence = coalesce(:confidence, confidence),
                    language = coalesce(:language, language),
                    sentiment = coalesce(:sentiment, sentiment),
                    priority = case when priority_given then priority else coalesce(:priority, priority) end,
                    updated_at = greatest(updated_at, :at),
                    resolved_at = coalesce(:resolved, resolved_at)
                where ticket_id = :ticket
            ), replied as (
                insert into message (client_id, ticket_id, seq, message_id, direction, text, state, created_at)
                select :client, :ticket, :version, :message, 'outbound', :reply, :reply_state, :at
                where :reply::text is not null
            )
            insert into timeline_entry (client_id, ticket_id, seq, event, at, actor, summary, data)
            values (:client, :ticket, :version, :event, :at, :actor, :summary, :data::jsonb)
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

    /** Reads what decides about the ticket's next step and keeps others from changing it until the commit. */
    Optional<Current> lock(UUID ticketId) {
        return jdbc.sql(
                        "select version, status, run_id, action_id, channel from ticket where ticket_id = :ticket for update")
                .param("ticket", ticketId)
                .query((row, number) -> new Current(
                        row.getLong("version"),
                        stateOf(
                                TicketStatus.of(row.getString("status")),
                                row.getObject("run_id", UUID.class),
                                row.getObject("action_id", UUID.class)),
                        row.getString("channel")))
                .optional();
    }

    /** Moves the locked ticket one version on. */
    void advance(
            String clientId,
            UUID ticketId,
            Current current,
            TicketState next,
            @Nullable TicketChange change,
            TimelineEntry entry,
            UUID messageId,
            Instant at) {
        Facts facts = Facts.of(change);
        jdbc.sql(ADVANCE)
                .param("client", clientId)
                .param("ticket", ticketId)
                .param("version", current.version() + 1)
                .param("status", next.status().wireName())
                .param("run", facts.runId(), Types.OTHER)
                .param("action", actionOf(next), Types.OTHER)
                .param("category", facts.category(), Types.VARCHAR)
                .param("confidence", facts.confidence(), Types.DOUBLE)
                .param("language", facts.language(), Types.VARCHAR)
                .param("sentiment", facts.sentiment(), Types.VARCHAR)
                .param("priority", facts.priority(), Types.VARCHAR)
                .param(
                        "resolved",
                        becomesResolved(current.state(), next) ? utc(at) : null,
                        Types.TIMESTAMP_WITH_TIMEZONE)
                .param("reply", facts.reply(), Types.VARCHAR)
                // Who posted over the API reads the reply there; elsewhere it waits for the channel's sender.
                .param("reply_state", current.channel().equals("api") ? "sent" : "pending")
                .param("message", messageId)
                .param("event", entry.event())
                .param("actor", entry.actor())
                .param("summary", entry.summary())
                .param("data", json(entry.data()))
                .param("at", utc(at))
                .update();
    }

    private static boolean becomesResolved(TicketState before, TicketState next) {
        return next instanceof TicketState.Resolved && !(before instanceof TicketState.Resolved);
    }

    private static TicketState stateOf(TicketStatus status, @Nullable UUID runId, @Nullable UUID actionId) {
        return switch (status) {
            case RECEIVED -> new TicketState.Received();
            case ANALYZING -> new TicketState.Analyzing(stored(runId));
            case AWAITING_APPROVAL -> new TicketState.AwaitingApproval(stored(runId), stored(actionId));
            case ACTING -> new TicketState.Acting(stored(runId), stored(actionId));
            case RESOLVED -> new TicketState.Resolved();
            case ESCALATED -> new TicketState.Escalated();
            case FAILED -> new TicketState.Failed();
            case CLOSED -> new TicketState.Closed();
        };
    }

    private static UUID stored(@Nullable UUID id) {
        if (id == null) {
            throw new IllegalStateException("a check constraint of table ticket does not hold");
        }
        return id;
    }

    private static @Nullable UUID actionOf(TicketState state) {
        return switch (state) {
            case TicketState.AwaitingApproval waiting -> waiting.actionId();
            case TicketState.Acting acting -> acting.actionId();
            case TicketState.Received _, TicketState.Analyzing _, TicketState.Ended _ -> null;
        };
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static String json(Map<String, ?> values) {
        return ContractJson.mapper().writeValueAsString(values);
    }

    /** @param version of the ticket before the change */
    record Current(long version, TicketState state, String channel) {}

    /** The columns that a change sets; those that are null stay as they are. */
    private record Facts(
            @Nullable UUID runId,
            @Nullable String category,
            @Nullable Double confidence,
            @Nullable String language,
            @Nullable String sentiment,
            @Nullable String priority,
            @Nullable String reply) {

        private static final Facts NONE = ofRun(null, null);

        static Facts of(@Nullable TicketChange change) {
            return switch (change) {
                case null -> NONE;
                case TicketChange.Begun begun -> ofRun(begun.runId(), null);
                case TicketChange.Completed(var completion) ->
                    ofRun(completion.runId(), isBlank(completion.reply()) ? null : completion.reply());
                case TicketChange.Triaged(var it) ->
                    new Facts(null, it.category(), it.confidence(), it.language(), it.sentiment(), it.priority(), null);
                case TicketChange.PersonAsked _, TicketChange.ActionCleared _, TicketChange.AgentResumed _ -> NONE;
            };
        }

        private static boolean isBlank(@Nullable String text) {
            return text == null || text.isBlank();
        }

        private static Facts ofRun(@Nullable UUID runId, @Nullable String reply) {
            return new Facts(runId, null, null, null, null, null, reply);
        }
    }
}
