package io.opsrelay.ingestion.ticket;

import io.opsrelay.contracts.ContractJson;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;

/** What the desk changes about tickets, in PostgreSQL. Inside a transaction of the client, as {@link TicketStore}. */
@Component
class DeskStore {

    static final TicketView.Handling UNHANDLED =
            new TicketView.Handling(null, List.of(), null, null, List.of(), List.of());

    private static final TypeReference<Map<String, String>> TEXTS = new TypeReference<>() {};

    /**
     * From a ticket to where its conversation is: to the one that it was merged into, and from a closed one to the newest
     * that a reply to it has begun. It ends, for each was closed before the next one: nothing is merged into a closed one.
     */
    private static final String WAY = """
            with recursive way (ticket_id, step) as (
                select unnest(:tickets::uuid[]), 0
                union all
                select coalesce(t.merged_into, n.ticket_id), w.step + 1
                from way w join ticket t using (ticket_id) left join lateral (
                    select ticket_id from ticket where reopened_from = t.ticket_id and t.status = 'closed'
                    order by created_at desc, ticket_id desc limit 1
                ) n on true
                where coalesce(t.merged_into, n.ticket_id) is not null
            )
            """;

    private final JdbcClient jdbc;

    DeskStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Reads the ticket and keeps others from changing it until the commit. */
    Optional<DeskTicket> lock(UUID ticketId) {
        return jdbc.sql("""
                        select t.*, c.email from ticket t join customer c using (client_id, customer_id)
                        where t.ticket_id = :ticket for update of t
                        """)
                .param("ticket", ticketId)
                .query((row, number) -> ticket(row))
                .optional();
    }

    /**
     * Reads and locks two tickets, and locks what was merged into the first, in one order. A client's merges come one
     * after the other: what was merged into the first is known only for certain while no other merge is under way, and a
     * merge that met a newcomer there later would have to lock it out of order.
     */
    Map<UUID, DeskTicket> lockForMerge(String clientId, UUID merged, UUID target) {
        jdbc.sql("select pg_advisory_xact_lock(hashtextextended('merges of ' || ?::text, 0))")
                .param(clientId)
                .query((row, number) -> number)
                .list();
        Map<UUID, DeskTicket> locked = new HashMap<>();
        jdbc.sql("""
                        select t.*, c.email from ticket t join customer c using (client_id, customer_id)
                        where t.ticket_id in (:merged, :target) or t.merged_into = :merged
                        order by t.ticket_id for update of t
                        """)
                .param("merged", merged)
                .param("target", target)
                .query((row, number) -> ticket(row))
                .list()
                .forEach(ticket -> locked.put(ticket.ticketId(), ticket));
        return locked;
    }

    /**
     * Reads and locks the ticket that messages to this one go to: itself, or the one that it was merged into. Nobody
     * merges meanwhile, so it is one lock: whoever followed a merge that came between would hold one ticket and wait for
     * the next, as that merge may do the other way round.
     */
    Optional<DeskTicket> lockTarget(String clientId, UUID ticketId) {
        keepFromMerging(clientId);
        return jdbc.sql("select coalesce(merged_into, ticket_id) from ticket where ticket_id = :ticket")
                .param("ticket", ticketId)
                .query(UUID.class)
                .optional()
                .flatMap(this::lock);
    }

    /**
     * Locks tickets, and those where their conversations have gone since, for whoever goes on to lock them one by one, in
     * whatever order: all in one order here, so that two who do this wait for each other once and not in a ring.
     */
    void lockAhead(String clientId, Collection<UUID> ticketIds) {
        keepFromMerging(clientId);
        jdbc.sql(WAY + """
                        select ticket_id from ticket where ticket_id in (select ticket_id from way)
                        order by ticket_id for update
                        """)
                .param("tickets", ticketIds.toArray(UUID[]::new))
                .query(UUID.class)
                .list();
    }

    /** Where the conversation of a ticket is now: the ticket itself if it has not gone elsewhere. */
    StatusChanges.Place whereNow(UUID ticketId) {
        return jdbc.sql(WAY + """
                        select ticket_id, created_at from way join ticket using (ticket_id) order by step desc limit 1
                        """)
                .param("tickets", new UUID[] {ticketId})
                .query((row, number) -> new StatusChanges.Place(
                        row.getObject("ticket_id", UUID.class),
                        row.getObject("created_at", OffsetDateTime.class).toInstant()))
                .single();
    }

    private void keepFromMerging(String clientId) {
        jdbc.sql("select pg_advisory_xact_lock_shared(hashtextextended('merges of ' || ?::text, 0))")
                .param(clientId)
                .query((row, number) -> number)
                .list();
    }

    /**
     * A person sets the status. Who resolves or closes a ticket has read it.
     *
     * @param status one in which no action is under way
     */
    void setStatus(DeskTicket ticket, TicketStatus status, Instant at) {
        jdbc.sql("""
                        update ticket set status = :status, action_id = null,
                            resolved_at = case when :status = 'resolved' then :at else resolved_at end,
                            heard_seq = case when :status = 'escalated' then heard_seq else :seq end
                        where ticket_id = :ticket
                        """)
                .param("status", status.wireName())
                .param("at", utc(at))
                .param("seq", ticket.version() + 1)
                .param("ticket", ticket.ticketId())
                .update();
    }

    /** Back to the beginning, for that run and no other. */
    void awaitRun(DeskTicket ticket, UUID runId) {
        jdbc.sql("""
                        update ticket set status = 'received', run_id = :run, action_id = null, resolved_at = null,
                            answered_seq = case when status = 'resolved' then greatest(heard_seq, answered_seq)
                                else answered_seq end,
                            heard_seq = :seq
                        where ticket_id = :ticket
                        """)
                .param("run", runId)
                .param("seq", ticket.version() + 1)
                .param("ticket", ticket.ticketId())
                .update();
    }

    /**
     * What is known of a ticket before a person judges it.
     *
     * @param value as it stands
     * @param given whether a person, or the sender, said so
     * @param classified what the agent found last
     * @param modelVersion of the model that found it
     */
    record Known(
            @Nullable String value,
            boolean given,
            @Nullable String classified,
            @Nullable String modelVersion) {}

    Known known(UUID ticketId, Judged judged) {
        // The names of the enum are the names of the columns.
        return jdbc.sql("""
                        select t.%1$s as value, t.%1$s_given as given, c.data ->> '%1$s' as classified,
                            c.data ->> 'model_version' as model_version
                        from ticket t left join lateral (
                            select data from timeline_entry e
                            where e.ticket_id = t.ticket_id and e.event = 'ticket_classified' order by seq desc limit 1
                        ) c on true
                        where t.ticket_id = :ticket
                        """.formatted(judged.wireName()))
                .param("ticket", ticketId)
                .query((row, number) -> new Known(
                        row.getString("value"),
                        row.getBoolean("given"),
                        row.getString("classified"),
                        row.getString("model_version")))
                .single();
    }

    /** A person's word: what the agent finds out later does not change it. How sure the agent was says nothing of it. */
    void correct(UUID ticketId, Judged judged, String said) {
        jdbc.sql("update ticket set %1$s = :said, %1$s_given = true%2$s where ticket_id = :ticket"
                        .formatted(
                                judged.wireName(),
                                judged == Judged.CATEGORY
                                        ? ", confidence = case when category = :said then confidence end"
                                        : ""))
                .param("said", said)
                .param("ticket", ticketId)
                .update();
    }

    void setAssignee(UUID ticketId, @Nullable String user) {
        jdbc.sql("update ticket set assignee = :user where ticket_id = :ticket")
                .param("user", user, Types.VARCHAR)
                .param("ticket", ticketId)
                .update();
    }

    /** What was said is not proven to be the customer's, or no longer all of it. */
    void doubtSender(UUID ticketId) {
        jdbc.sql("update ticket set sender_verified = false where ticket_id = :ticket")
                .param("ticket", ticketId)
                .update();
    }

    /** A person answered all that was said so far. */
    void answered(DeskTicket ticket) {
        jdbc.sql("update ticket set answered_seq = :seq where ticket_id = :ticket")
                .param("seq", ticket.version() + 1)
                .param("ticket", ticket.ticketId())
                .update();
    }

    /** The closed ticket points to its target, and so does what was merged into it before. */
    void merge(UUID ticketId, UUID target) {
        jdbc.sql("update ticket set merged_into = :target where ticket_id = :ticket or merged_into = :ticket")
                .param("target", target)
                .param("ticket", ticketId)
                .update();
    }

    void reopenedFrom(UUID ticketId, UUID closed) {
        jdbc.sql("update ticket set reopened_from = :closed where ticket_id = :ticket")
                .param("closed", closed)
                .param("ticket", ticketId)
                .update();
    }

    List<String> tags(UUID ticketId) {
        return jdbc.sql("select tag from ticket_tag where ticket_id = :ticket order by tag")
                .param("ticket", ticketId)
                .query(String.class)
                .list();
    }

    void setTags(String clientId, UUID ticketId, List<String> tags) {
        jdbc.sql("delete from ticket_tag where ticket_id = :ticket and tag <> all (:tags)")
                .param("ticket", ticketId)
                .param("tags", tags.toArray(String[]::new))
                .update();
        jdbc.sql("""
                        insert into ticket_tag (client_id, ticket_id, tag)
                        select :client, :ticket, tag from unnest(:tags) as t (tag) on conflict do nothing
                        """)
                .param("client", clientId)
                .param("ticket", ticketId)
                .param("tags", tags.toArray(String[]::new))
                .update();
    }

    /** What the desk made of a ticket, for its page. */
    TicketView.Handling handlingOf(UUID ticketId) {
        return jdbc.sql("""
                        select assignee, merged_into, reopened_from,
                            array(select tag from ticket_tag g where g.ticket_id = t.ticket_id order by tag) as tags,
                            array(select ticket_id from ticket m where m.merged_into = t.ticket_id
                                order by created_at limit 100) as merged,
                            array(select ticket_id from ticket r where r.reopened_from = t.ticket_id
                                order by created_at limit 100) as continued_in
                        from ticket t where ticket_id = :ticket
                        """)
                .param("ticket", ticketId)
                .query((row, number) -> new TicketView.Handling(
                        row.getString("assignee"),
                        List.of((String[]) row.getArray("tags").getArray()),
                        row.getObject("merged_into", UUID.class),
                        row.getObject("reopened_from", UUID.class),
                        List.of((UUID[]) row.getArray("merged").getArray()),
                        List.of((UUID[]) row.getArray("continued_in").getArray())))
                .single();
    }

    private static DeskTicket ticket(ResultSet row) throws SQLException {
        return new DeskTicket(
                row.getObject("ticket_id", UUID.class),
                row.getLong("version"),
                TicketStatus.of(row.getString("status")),
                row.getObject("run_id", UUID.class),
                row.getString("channel"),
                row.getString("subject"),
                row.getString("body"),
                ContractJson.mapper().readValue(row.getString("metadata"), TEXTS),
                row.getString("priority"),
                row.getBoolean("priority_given"),
                row.getString("external_id"),
                row.getObject("customer_id", UUID.class),
                row.getString("email"),
                row.getBoolean("sender_verified"),
                row.getString("assignee"),
                row.getObject("merged_into", UUID.class),
                row.getLong("heard_seq"),
                row.getLong("answered_seq"));
    }

    static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
