package io.opsrelay.ingestion.ticket;

import io.opsrelay.contracts.ContractJson;
import io.opsrelay.messaging.Outbox;
import io.opsrelay.security.tenant.PerTransaction;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Tickets that the running transaction has locked, and what it does to them. Any number is locked by one statement, and
 * all changes are written by one before the commit: events come by the hundred under load, and a trip to the database
 * for each would make their consumer the slowest part of the system.
 */
@Component
class TicketsInHand {

    private static final String LOCK = """
            select ticket_id, version, status, run_id, action_id, channel from ticket
            where ticket_id = any(:tickets)
            -- The same order in every transaction: no two wait for each other.
            order by ticket_id for update
            """;

    private static final String WRITE = """
            with changed as (
                select * from json_to_recordset(:changes::json) as c (
                    ticket_id uuid, version bigint, status text, run_id uuid, action_id uuid, category text,
                    confidence double precision, language text, sentiment text, priority text, heard_seq bigint,
                    at timestamptz, resolved_at timestamptz)
            ), told as (
                select * from json_to_recordset(:entries::json) as e (
                    ticket_id uuid, seq bigint, event text, at timestamptz, actor text, summary text, data jsonb,
                    status text, message_id uuid, reply text, reply_state text)
            ), advanced as (
                update ticket t set
                    version = c.version,
                    status = coalesce(c.status, t.status),
                    run_id = coalesce(c.run_id, t.run_id),
                    -- Without a status nothing but the version moves.
                    action_id = case when c.status is null then t.action_id else c.action_id end,
                    -- What a person said stands.
                    category = case when t.category_given then t.category else coalesce(c.category, t.category) end,
                    confidence = case when t.category_given then t.confidence
                        else coalesce(c.confidence, t.confidence) end,
                    language = case when t.language_given then t.language else coalesce(c.language, t.language) end,
                    sentiment = case when t.sentiment_given then t.sentiment else coalesce(c.sentiment, t.sentiment) end,
                    priority = case when t.priority_given then t.priority else coalesce(c.priority, t.priority) end,
                    heard_seq = greatest(t.heard_seq, c.heard_seq),
                    updated_at = greatest(t.updated_at, c.at),
                    resolved_at = coalesce(c.resolved_at, t.resolved_at)
                from changed c where t.client_id = :client and t.ticket_id = c.ticket_id
            ), replied as (
                insert into message (client_id, ticket_id, seq, message_id, direction, text, state, created_at)
                select :client, ticket_id, seq, message_id, 'outbound', reply, reply_state, at
                from told where reply is not null
            )
            insert into timeline_entry (client_id, ticket_id, seq, event, at, actor, summary, data, status)
            select :client, ticket_id, seq, event, at, actor, summary, data, status from told
            """;

    private final JdbcClient jdbc;
    private final Outbox outbox;
    private final PerTransaction<Hand> hands = new PerTransaction<>(Hand::new, this::write);

    TicketsInHand(JdbcClient jdbc, Outbox outbox) {
        this.jdbc = jdbc;
        this.outbox = outbox;
    }

    /** Locks those of the tickets that there are and that are not locked yet. */
    void lock(Collection<UUID> ticketIds) {
        Map<UUID, Current> locked = hands.get().tickets;
        UUID[] missing = ticketIds.stream()
                .distinct()
                .filter(id -> !locked.containsKey(id))
                .toArray(UUID[]::new);
        if (missing.length > 0) {
            jdbc.sql(LOCK)
                    .param("tickets", missing)
                    .query((row, number) -> Map.entry(row.getObject("ticket_id", UUID.class), current(row)))
                    .list()
                    .forEach(entry -> locked.put(entry.getKey(), entry.getValue()));
        }
    }

    /** What decides about the ticket's next step, with all that this transaction has done. Others wait for the commit. */
    Optional<Current> find(UUID ticketId) {
        lock(List.of(ticketId));
        return Optional.ofNullable(hands.get().tickets.get(ticketId));
    }

    /** Moves a ticket that was found one version on, and tells dashboards. */
    void advance(
            String clientId,
            UUID ticketId,
            Current current,
            TicketState next,
            @Nullable TicketChange change,
            TimelineEntry entry,
            Reply reply,
            Instant at) {
        Hand hand = hands.get();
        long version = current.version() + 1;
        hand.clientId = clientId;
        hand.tickets.put(ticketId, new Current(version, next, current.channel()));
        outbox.feed(clientId, entry.feedRecord(ticketId, version, next.status()));
        Facts facts = Facts.of(change);
        Map<String, Object> row = hand.changes.computeIfAbsent(ticketId, id -> new HashMap<>());
        Instant latest = row.get("at") instanceof Instant other && other.isAfter(at) ? other : at;
        // What a later change does not say stands as the earlier one has said it.
        row.putAll(TimelineEntry.pairs(
                "ticket_id", ticketId,
                "version", version,
                "status", next.status().wireName(),
                "run_id", facts.runId(),
                "category", facts.category(),
                "confidence", facts.confidence(),
                "language", facts.language(),
                "sentiment", facts.sentiment(),
                "priority", facts.priority(),
                "heard_seq", facts.heardSeq(),
                "at", latest,
                "resolved_at", becomesResolved(current.state(), next) ? at : null));
        row.put("action_id", actionOf(next));
        hand.entries.add(TimelineEntry.pairs(
                "ticket_id",
                ticketId,
                "seq",
                version,
                "event",
                entry.event(),
                "at",
                at,
                "actor",
                entry.actor(),
                "summary",
                entry.summary(),
                "data",
                entry.data(),
                "status",
                next.status().wireName(),
                "message_id",
                reply.messageId(),
                "reply",
                facts.reply(),
                "reply_state",
                reply.state().wireName()));
    }

    /**
     * Moves a ticket to that version and tells dashboards, for whoever has locked its row and written there what else
     * changes. {@link #letGo} has to follow before somebody reads.
     *
     * @param status as it is now
     */
    void tell(String clientId, UUID ticketId, long version, TicketStatus status, TimelineEntry entry, Instant at) {
        Hand hand = hands.get();
        hand.clientId = clientId;
        hand.changes
                .computeIfAbsent(ticketId, id -> new HashMap<>())
                .putAll(TimelineEntry.pairs("ticket_id", ticketId, "version", version, "at", at));
        hand.entries.add(TimelineEntry.pairs(
                "ticket_id", ticketId,
                "seq", version,
                "event", entry.event(),
                "at", at,
                "actor", entry.actor(),
                "summary", entry.summary(),
                "data", entry.data()));
        outbox.feed(clientId, entry.feedRecord(ticketId, version, status));
    }

    /** Writes what is in hand and forgets what was read: from here on the rows tell. They stay locked. */
    void letGo() {
        Hand hand = hands.get();
        write(hand);
        hand.forget();
    }

    private void write(Hand hand) {
        if (hand.clientId != null && !hand.entries.isEmpty()) {
            jdbc.sql(WRITE)
                    .param("client", hand.clientId)
                    .param("changes", json(hand.changes.values()))
                    .param("entries", json(hand.entries))
                    .update();
        }
    }

    private static String json(Object rows) {
        return ContractJson.mapper().writeValueAsString(rows);
    }

    private static boolean becomesResolved(TicketState before, TicketState next) {
        return next instanceof TicketState.Resolved && !(before instanceof TicketState.Resolved);
    }

    private static Current current(ResultSet row) throws SQLException {
        UUID runId = row.getObject("run_id", UUID.class);
        UUID actionId = row.getObject("action_id", UUID.class);
        TicketState state =
                switch (TicketStatus.of(row.getString("status"))) {
                    case RECEIVED -> new TicketState.Received(runId);
                    case ANALYZING -> new TicketState.Analyzing(stored(runId));
                    case AWAITING_APPROVAL -> new TicketState.AwaitingApproval(stored(runId), stored(actionId));
                    case ACTING -> new TicketState.Acting(stored(runId), stored(actionId));
                    case RESOLVED -> new TicketState.Resolved();
                    case ESCALATED -> new TicketState.Escalated();
                    case FAILED -> new TicketState.Failed();
                    case CLOSED -> new TicketState.Closed();
                };
        return new Current(row.getLong("version"), state, row.getString("channel"));
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

    /** @param version of the ticket before the next change */
    record Current(long version, TicketState state, String channel) {}

    /**
     * What a change that says something to the customer is stored as.
     *
     * @param state as {@link Couriers} says
     */
    record Reply(UUID messageId, MessageState state) {}

    /** What one transaction holds. */
    private static final class Hand {
        private final Map<UUID, Current> tickets = new HashMap<>();
        private final Map<UUID, Map<String, Object>> changes = new LinkedHashMap<>();
        private final List<Map<String, Object>> entries = new ArrayList<>();
        private @Nullable String clientId;

        void forget() {
            tickets.clear();
            changes.clear();
            entries.clear();
        }
    }

    /** The columns that a change sets; those that are null stay as they are. */
    private record Facts(
            @Nullable UUID runId,
            @Nullable String category,
            @Nullable Double confidence,
            @Nullable String language,
            @Nullable String sentiment,
            @Nullable String priority,
            @Nullable Long heardSeq,
            @Nullable String reply) {

        private static final Facts NONE = ofRun(null, null);

        static Facts of(@Nullable TicketChange change) {
            return switch (change) {
                case null -> NONE;
                case TicketChange.Begun begun -> ofRun(begun.runId(), null);
                case TicketChange.Completed(var completion) ->
                    ofRun(completion.runId(), change.speaks() ? completion.reply() : null);
                case TicketChange.Triaged(var it) ->
                    new Facts(
                            null,
                            it.category(),
                            it.confidence(),
                            it.language(),
                            it.sentiment(),
                            it.priority(),
                            null,
                            null);
                case TicketChange.Heard(long seq) -> new Facts(null, null, null, null, null, null, seq, null);
                case TicketChange.PersonAsked _, TicketChange.ActionCleared _, TicketChange.AgentResumed _ -> NONE;
            };
        }

        private static Facts ofRun(@Nullable UUID runId, @Nullable String reply) {
            return new Facts(runId, null, null, null, null, null, null, reply);
        }
    }
}
