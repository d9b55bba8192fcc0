package io.opsrelay.approval.request;

import io.opsrelay.approval.request.ApprovalState.Decided;
import io.opsrelay.approval.request.ApprovalState.Decision;
import io.opsrelay.contracts.ActionEvent.ActionPrepared;
import io.opsrelay.contracts.ContractJson;
import io.opsrelay.security.Role;
import io.opsrelay.security.web.Cursor;
import io.opsrelay.security.web.PageRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.json.JsonMapper;

/** The tables {@code approval} and {@code approval_vote}. Every call belongs into a transaction of the client. */
@Repository
class ApprovalStore {

    static final String SELECT = """
        select a.*, (select json_agg(json_build_object('actor', v.voter, 'reason', v.reason, 'at', v.voted_at)
                         order by v.voted_at, v.voter)
                     from approval_vote v where v.approval_id = a.approval_id) as votes
        from approval a\
        """;

    private static final JsonMapper JSON = ContractJson.mapper();

    private final JdbcClient jdbc;

    ApprovalStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    void insert(String clientId, Approval approval) {
        ActionPrepared action = approval.action();
        bind("""
            insert into approval (client_id, approval_id, action_id, ticket_id, version, action_type,
                arguments, arguments_hash, effect, facts, requester, editor, barred, policy_version, rule,
                rule_in_words, roles, needed, status, decision, decided_by, reason, edited_arguments,
                revision, created_at, expires_at, remind_every_ms, remind_at, reminders, escalate_at,
                escalate_to, escalated_at, decided_at, edit_refused, ticket_changed_at)
            values (:client, :approval, :action, :ticket, :version, :type, :arguments::jsonb, :hash,
                :effect::jsonb, :facts::jsonb, :requester, :editor, :barred, :policyVersion, :rule,
                :inWords, :roles, :needed, :status, :decision, :decidedBy, :reason, :edited::jsonb,
                :revision, :createdAt, :expiresAt, :remindEvery, :remindAt, :reminders, :escalateAt,
                :escalateTo, :escalatedAt, :decidedAt, :editRefused, :ticketChangedAt)
            """, approval)
                .param("client", clientId)
                .param("action", action.actionId())
                .param("ticket", action.ticketId())
                .param("version", action.version())
                .param("type", action.actionType())
                .param("arguments", JSON.writeValueAsString(action.arguments()))
                .param("hash", action.argumentsHash())
                .param("effect", JSON.writeValueAsString(action.effect()))
                .param("facts", action.facts() == null ? null : JSON.writeValueAsString(action.facts()))
                .param("requester", action.requester())
                .param("editor", action.editor())
                .param("editRefused", action.editRefused())
                .param("barred", approval.barred().toArray(String[]::new))
                .param("policyVersion", approval.asked().policyVersion())
                .param("rule", approval.asked().rule())
                .param("inWords", approval.asked().inWords())
                .param("needed", approval.asked().needed())
                .param("createdAt", timestamp(approval.createdAt()))
                .param("expiresAt", timestamp(approval.deadlines().expiresAt()))
                .param("remindEvery", millis(approval.deadlines().remindEvery()))
                .param("escalateTo", names(approval.deadlines().escalateTo()))
                .update();
    }

    /** Writes what can change. The row must have been locked at the revision before. */
    void update(String clientId, Approval approval) {
        Claim claim = approval.claim();
        int rows = bind("""
            update approval
            set status = :status, decision = :decision, decided_by = :decidedBy, reason = :reason,
                edited_arguments = :edited::jsonb, decided_at = :decidedAt, roles = :roles,
                remind_at = :remindAt, reminders = :reminders, escalate_at = :escalateAt,
                escalated_at = :escalatedAt, claimed_by = :claimedBy, claimed_until = :claimedUntil,
                ticket_changed_at = :ticketChangedAt, revision = :revision
            where approval_id = :approval and revision = :revision - 1
            """, approval)
                .param("claimedBy", claim == null ? null : claim.by())
                .param("claimedUntil", claim == null ? null : timestamp(claim.until()))
                .update();
        if (rows != 1) {
            throw new IllegalStateException("approval " + approval.approvalId() + " was changed without its lock");
        }
        addVotes(clientId, approval);
    }

    /** What was said so far counts no more. */
    void dropVotes(UUID approvalId) {
        jdbc.sql("delete from approval_vote where approval_id = :approval")
                .param("approval", approvalId)
                .update();
    }

    private void addVotes(String clientId, Approval approval) {
        List<Decision> votes = approval.state().votes();
        if (votes.isEmpty()) {
            return;
        }
        Decision last = votes.getLast();
        jdbc.sql("""
            insert into approval_vote (client_id, approval_id, voter, reason, voted_at)
            values (:client, :approval, :voter, :reason, :at)
            on conflict do nothing\
            """)
                .param("client", clientId)
                .param("approval", approval.approvalId())
                .param("voter", last.actor())
                .param("reason", last.reason())
                .param("at", timestamp(last.at()))
                .update();
    }

    /** Notes which request took the place of a settled one. No change of its state, so no new revision. */
    void setSuccessor(UUID approvalId, UUID successor) {
        jdbc.sql("update approval set superseded_by = :successor where approval_id = :approval")
                .param("successor", successor)
                .param("approval", approvalId)
                .update();
    }

    private JdbcClient.StatementSpec bind(String sql, Approval approval) {
        ApprovalState state = approval.state();
        Deadlines deadlines = approval.deadlines();
        Decision decision = state instanceof Decided decided ? decided.by() : null;
        String reason = state instanceof ApprovalState.Withdrawn withdrawn ? withdrawn.reason() : null;
        return jdbc.sql(sql)
                .param("approval", approval.approvalId())
                .param("status", ApprovalFilter.nameOf(state.status()))
                .param("decision", decisionName(state))
                .param("decidedBy", decision == null ? null : decision.actor())
                .param("reason", decision == null ? reason : decision.reason())
                .param(
                        "edited",
                        state instanceof ApprovalState.Edited edited
                                ? JSON.writeValueAsString(edited.arguments())
                                : null)
                .param("decidedAt", state instanceof ApprovalState.Settled settled ? timestamp(settled.at()) : null)
                .param("roles", names(approval.asked().roles()))
                .param("remindAt", timestamp(deadlines.remindAt()))
                .param("reminders", deadlines.reminders())
                .param("escalateAt", timestamp(deadlines.escalateAt()))
                .param("escalatedAt", timestamp(deadlines.escalatedAt()))
                .param("ticketChangedAt", timestamp(approval.ticketChangedAt()))
                .param("revision", approval.revision());
    }

    Optional<Approval> find(UUID id) {
        return jdbc.sql(SELECT + " where a.approval_id = :id")
                .param("id", id)
                .query(ApprovalRow::read)
                .optional();
    }

    /** Reads it and holds off everybody else until the transaction ends. */
    Optional<Approval> lock(UUID id) {
        // Locked first and read then: a statement that waits for a lock would not see votes that came meanwhile.
        return jdbc.sql("select approval_id from approval where approval_id = :id for update")
                .param("id", id)
                .query(UUID.class)
                .optional()
                .flatMap(this::find);
    }

    /** Those of a ticket that wait for people, locked. */
    List<Approval> lockPending(UUID ticketId) {
        return jdbc.sql("""
            select approval_id from approval where ticket_id = :ticket and status = 'pending'
            order by approval_id for update\
            """).param("ticket", ticketId).query(UUID.class).list().stream()
                .flatMap(id -> find(id).stream())
                .toList();
    }

    /** The request for the newest preparation of an action, locked. */
    Optional<Approval> lockNewest(UUID actionId) {
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
