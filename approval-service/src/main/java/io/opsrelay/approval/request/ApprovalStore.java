package io.opsrelay.approval.request;

import io.opsrelay.approval.request.ApprovalState.Decided;
import io.opsrelay.approval.request.ApprovalState.Decision;
import io.opsrelay.contracts.ActionEvent.ActionPrepared;
import io.opsrelay.contracts.ContractJson;
import io.opsrelay.security.Role;
import io.opsrelay.security.tenant.PerTransaction;
import io.opsrelay.security.web.Cursor;
import io.opsrelay.security.web.PageRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.json.JsonMapper;

/** The tables {@code approval} and {@code approval_vote}. Every call belongs into a transaction of the client. */
@Repository
class ApprovalStore {

    static final String SELECT = """
        select a.*, (select json_agg(json_build_object('actor', v.voter, 'reason', v.reason, 'at', v.voted_at)
                         order by v.voted_at, v.voter)
                     from approval_vote v where v.approval_id = a.approval_id) as votes,
            (select p.ticket from proposal p where p.action_id = a.action_id) as ticket
        from approval a\
        """;

    private static final JsonMapper JSON = ContractJson.mapper();

    private static final String INSERT = """
            insert into approval (client_id, approval_id, action_id, ticket_id, version, action_type,
                arguments, arguments_hash, effect, facts, requester, editor, barred, policy_version, rule,
                rule_in_words, roles, needed, status, decision, decided_by, reason, edited_arguments,
                revision, created_at, expires_at, remind_every_ms, remind_at, reminders, escalate_at,
                escalate_to, escalated_at, decided_at, edit_refused, ticket_changed_at, editable)
            values (:client, :approval, :action, :ticket, :version, :type, :arguments::jsonb, :hash,
                :effect::jsonb, :facts::jsonb, :requester, :editor, :barred, :policyVersion, :rule,
                :inWords, :roles, :needed, :status, :decision, :decidedBy, :reason, :edited::jsonb,
                :revision, :createdAt, :expiresAt, :remindEvery, :remindAt, :reminders, :escalateAt,
                :escalateTo, :escalatedAt, :decidedAt, :editRefused, :ticketChangedAt, :editable::jsonb)
            """;

    private static final String UPDATE = """
            update approval
            set status = :status, decision = :decision, decided_by = :decidedBy, reason = :reason,
                edited_arguments = :edited::jsonb, decided_at = :decidedAt, roles = :roles,
                remind_at = :remindAt, reminders = :reminders, escalate_at = :escalateAt,
                escalated_at = :escalatedAt, claimed_by = :claimedBy, claimed_until = :claimedUntil,
                ticket_changed_at = :ticketChangedAt, revision = :revision
            where approval_id = :approval and revision = :revision - 1
            """;

    private static final String VOTE = """
            with vote as (
                insert into approval_vote (client_id, approval_id, voter, reason, voted_at)
                values (:client, :approval, :voter, :voteReason, :votedAt)
                on conflict do nothing)
            """;

    private final JdbcClient jdbc;
    private final NamedParameterJdbcTemplate batches;

    /** New requests of the running transaction, written together before it commits, and before anything is read. */
    private final PerTransaction<List<SqlParameterSource>> added = new PerTransaction<>(ArrayList::new, this::write);

    private final PerTransaction<Hand> hands = new PerTransaction<>(Hand::new);

    ApprovalStore(JdbcClient jdbc, NamedParameterJdbcTemplate batches) {
        this.jdbc = jdbc;
        this.batches = batches;
    }

    /** What the running transaction has read of actions that its events are about, by action; empty where there is no request. */
    private static final class Hand {
        private final Map<UUID, Optional<Approval>> locked = new HashMap<>();
        private final Map<UUID, Optional<Approval>> seen = new HashMap<>();

        /** The request for the newest preparation is another one now, or stands elsewhere. */
        void changed(Approval approval) {
            for (Map<UUID, Optional<Approval>> known : List.of(locked, seen)) {
                known.computeIfPresent(
                        approval.actionId(),
                        (action, newest) -> newest.isPresent() && newest.get().version() > approval.version()
                                ? newest
                                : Optional.of(approval));
            }
        }
    }

    /**
     * Reads the newest requests for many actions at once.
     *
     * @param changing actions whose newest request may change: locked until the transaction ends
     * @param told actions that something is only told of
     */
    void foresee(Collection<UUID> changing, Collection<UUID> told) {
        flush();
        Hand hand = hands.get();
        boolean some = !told.isEmpty();
        if (!changing.isEmpty()) {
            some |= !jdbc.sql("select approval_id from approval where action_id = any(:actions)"
                            + " order by approval_id for update")
                    .param("actions", changing.toArray(UUID[]::new))
                    .query(UUID.class)
                    .list()
                    .isEmpty();
        }
        told.forEach(action -> hand.seen.put(action, Optional.empty()));
        changing.forEach(action -> hand.locked.put(action, Optional.empty()));
        if (some) {
            jdbc.sql(SELECT + " where a.action_id = any(:actions) order by a.version")
                    .param(
                            "actions",
                            Stream.of(changing, told)
                                    .flatMap(Collection::stream)
                                    .distinct()
                                    .toArray(UUID[]::new))
                    .query(ApprovalRow::read)
                    .list()
                    .forEach(hand::changed);
        }
    }

    /** Writes what was added in the running transaction, for who reads it there by other ways. */
    void flush() {
        if (PerTransaction.possible()) {
            write(added.get());
        }
    }

    /** Lets go of what was read, after {@link #flush}: what goes by the tables is about to change it. */
    void letGo() {
        flush();
        Hand hand = hands.get();
        hand.locked.clear();
        hand.seen.clear();
    }

    private void write(List<SqlParameterSource> rows) {
        if (!rows.isEmpty()) {
            batches.batchUpdate(INSERT, rows.toArray(SqlParameterSource[]::new));
            rows.clear();
        }
    }

    void insert(String clientId, Approval approval) {
        ActionPrepared action = approval.action();
        added.get()
                .add(changing(approval)
                        .addValue("client", clientId)
                        .addValue("action", action.actionId())
                        .addValue("ticket", action.ticketId())
                        .addValue("version", action.version())
                        .addValue("type", action.actionType())
                        .addValue("arguments", JSON.writeValueAsString(action.arguments()))
                        .addValue("hash", action.argumentsHash())
                        .addValue("effect", JSON.writeValueAsString(action.effect()))
                        .addValue("facts", json(action.facts()))
                        .addValue("requester", action.requester())
                        .addValue("editor", action.editor())
                        .addValue("editRefused", action.editRefused())
                        .addValue("editable", json(action.editable()))
                        .addValue("barred", approval.barred().toArray(String[]::new))
                        .addValue("policyVersion", approval.asked().policyVersion())
                        .addValue("rule", approval.asked().rule())
                        .addValue("inWords", approval.asked().inWords())
                        .addValue("needed", approval.asked().needed())
                        .addValue("createdAt", timestamp(approval.createdAt()))
                        .addValue("expiresAt", timestamp(approval.deadlines().expiresAt()))
                        .addValue("remindEvery", millis(approval.deadlines().remindEvery()))
                        .addValue("escalateTo", names(approval.deadlines().escalateTo())));
        hands.get().changed(approval);
    }

    private static @Nullable String json(@Nullable Object value) {
        return value == null ? null : JSON.writeValueAsString(value);
    }

    /** Writes what can change, with the newest vote. The row must have been locked at the revision before. */
    void update(String clientId, Approval approval) {
        flush();
        Claim claim = approval.claim();
        List<Decision> votes = approval.state().votes();
        MapSqlParameterSource columns = changing(approval)
                .addValue("claimedBy", claim == null ? null : claim.by())
                .addValue("claimedUntil", claim == null ? null : timestamp(claim.until()));
        if (!votes.isEmpty()) {
            Decision last = votes.getLast();
            columns.addValue("client", clientId)
                    .addValue("voter", last.actor())
                    .addValue("voteReason", last.reason())
                    .addValue("votedAt", timestamp(last.at()));
        }
        if (batches.update(votes.isEmpty() ? UPDATE : VOTE + UPDATE, columns) != 1) {
            throw new IllegalStateException("approval " + approval.approvalId() + " was changed without its lock");
        }
        hands.get().changed(approval);
    }

    /** What was said so far counts no more. */
    void dropVotes(UUID approvalId) {
        jdbc.sql("delete from approval_vote where approval_id = :approval")
                .param("approval", approvalId)
                .update();
    }

    /** Notes which request took the place of a settled one. No change of its state, so no new revision. */
    void setSuccessor(UUID approvalId, UUID successor) {
        jdbc.sql("update approval set superseded_by = :successor where approval_id = :approval")
                .param("successor", successor)
                .param("approval", approvalId)
                .update();
    }

    private static MapSqlParameterSource changing(Approval approval) {
        ApprovalState state = approval.state();
        Deadlines deadlines = approval.deadlines();
        Decision decision = state instanceof Decided decided ? decided.by() : null;
        String reason = state instanceof ApprovalState.Withdrawn withdrawn ? withdrawn.reason() : null;
        return new MapSqlParameterSource()
                .addValue("approval", approval.approvalId())
                .addValue("status", ApprovalFilter.nameOf(state.status()))
                .addValue("decision", decisionName(state))
                .addValue("decidedBy", decision == null ? null : decision.actor())
                .addValue("reason", decision == null ? reason : decision.reason())
                .addValue("edited", state instanceof ApprovalState.Edited edited ? json(edited.arguments()) : null)
                .addValue("decidedAt", state instanceof ApprovalState.Settled settled ? timestamp(settled.at()) : null)
                .addValue("roles", names(approval.asked().roles()))
                .addValue("remindAt", timestamp(deadlines.remindAt()))
                .addValue("reminders", deadlines.reminders())
                .addValue("escalateAt", timestamp(deadlines.escalateAt()))
                .addValue("escalatedAt", timestamp(deadlines.escalatedAt()))
                .addValue("ticketChangedAt", timestamp(approval.ticketChangedAt()))
                .addValue("revision", approval.revision());
    }

    Optional<Approval> find(UUID id) {
        flush();
        return jdbc.sql(SELECT + " where a.approval_id = :id")
                .param("id", id)
                .query(ApprovalRow::read)
                .optional();
    }

    /** Reads it and holds off everybody else until the transaction ends. */
    Optional<Approval> lock(UUID id) {
        flush();
        // Locked first and read then: a statement that waits for a lock would not see votes that came meanwhile.
        return jdbc.sql("select approval_id from approval where approval_id = :id for update")
                .param("id", id)
                .query(UUID.class)
                .optional()
                .flatMap(this::find);
    }

    /** Those of a ticket that wait for people, locked. */
    List<Approval> lockPending(UUID ticketId) {
        flush();
        return jdbc.sql("""
            select approval_id from approval where ticket_id = :ticket and status = 'pending'
            order by approval_id for update\
            """).param("ticket", ticketId).query(UUID.class).list().stream()
                .flatMap(id -> find(id).stream())
                .toList();
    }

    /** The request for the newest preparation of an action, locked. */
    Optional<Approval> lockNewest(UUID actionId) {
        Optional<Approval> known = hands.get().locked.get(actionId);
        if (known != null) {
            return known;
        }
        flush();
        return jdbc.sql("""
            select approval_id from approval where action_id = :action
            order by version desc limit 1 for update\
            """)
                .param("action", actionId)
                .query(UUID.class)
                .optional()
                .flatMap(this::find);
    }

    /** The request for the newest preparation of an action, as it stands. */
    Optional<Approval> newest(UUID actionId) {
        Hand hand = hands.get();
        Optional<Approval> known = hand.locked.get(actionId);
        if (known == null) {
            known = hand.seen.get(actionId);
        }
        if (known != null) {
            return known;
        }
        flush();
        return jdbc.sql(SELECT + " where a.action_id = :action order by a.version desc limit 1")
                .param("action", actionId)
                .query(ApprovalRow::read)
                .optional();
    }

    /** All requests for an action, the first preparation's first. */
    List<Approval> versions(UUID actionId) {
        return jdbc.sql(SELECT + " where a.action_id = :action order by a.version")
                .param("action", actionId)
                .query(ApprovalRow::read)
                .list();
    }

    /** Newest first, one more than the page holds. */
    List<Approval> list(ApprovalFilter filter, PageRequest page) {
        ApprovalFilter.Sql wanted = filter.sql();
        Cursor after = page.after();
        return jdbc.sql(SELECT + " where true" + wanted.conditions()
                        + (after == null ? "" : " and (a.created_at, a.approval_id) < (:afterTime, :afterId)")
                        + " order by a.created_at desc, a.approval_id desc limit :limit")
                .params(wanted.values())
                .param("afterTime", after == null ? null : timestamp(after.createdAt()))
                .param("afterId", after == null ? null : after.id())
                .param("limit", page.limit() + 1)
                .query(ApprovalRow::read)
                .list();
    }

    /** What waits for a person, the longest waiting first. */
    List<Approval> longestWaiting(int limit) {
        return jdbc.sql(SELECT + " where a.status = 'pending' order by a.created_at, a.approval_id limit :limit")
                .param("limit", limit)
                .query(ApprovalRow::read)
                .list();
    }

    private static @Nullable String decisionName(ApprovalState state) {
        return switch (state) {
            case ApprovalState.Approved approved -> "approve";
            case ApprovalState.Rejected rejected -> "reject";
            case ApprovalState.Responded responded -> "respond";
            case ApprovalState.Edited edited -> "edit";
            case ApprovalState.Pending pending -> null;
            case ApprovalState.Expired expired -> null;
            case ApprovalState.Withdrawn withdrawn -> null;
        };
    }

    private static String[] names(Set<Role> roles) {
        return roles.stream().map(Role::wireName).toArray(String[]::new);
    }

    private static @Nullable Long millis(@Nullable Duration time) {
        return time == null ? null : time.toMillis();
    }

    private static @Nullable OffsetDateTime timestamp(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }
}
