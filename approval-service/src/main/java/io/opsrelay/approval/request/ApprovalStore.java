package io.opsrelay.approval.request;

import io.opsrelay.approval.request.ApprovalState.Decided;
import io.opsrelay.approval.request.ApprovalState.Decision;
import io.opsrelay.approval.request.ApprovalState.Status;
import io.opsrelay.contracts.ContractJson;
import io.opsrelay.contracts.Effect;
import io.opsrelay.security.Role;
import io.opsrelay.security.web.Cursor;
import io.opsrelay.security.web.PageRequest;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The table {@code approval}. Every call belongs into a transaction of the client. */
@Repository
class ApprovalStore {

    private static final JsonMapper JSON = ContractJson.mapper();
    private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {};

    private final JdbcClient jdbc;

    ApprovalStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    void insert(String clientId, Approval approval) {
        bind("""
                        insert into approval (client_id, approval_id, action_id, ticket_id, version, action_type,
                            arguments, arguments_hash, effect, requester, editor, barred, rule, roles, status, decision,
                            decided_by, reason, edited_arguments, revision, created_at, expires_at,
                            decided_at)
                        values (:client, :approval, :action, :ticket, :version, :type, :arguments::jsonb, :hash,
                            :effect::jsonb, :requester, :editor, :barred, :rule, :roles, :status, :decision, :decidedBy,
                            :reason, :edited::jsonb, :revision, :createdAt, :expiresAt, :decidedAt)
                        """, approval)
                .param("client", clientId)
                .param("action", approval.actionId())
                .param("ticket", approval.ticketId())
                .param("version", approval.version())
                .param("type", approval.actionType())
                .param("arguments", JSON.writeValueAsString(approval.arguments()))
                .param("hash", approval.argumentsHash())
                .param("effect", JSON.writeValueAsString(approval.effect()))
                .param("requester", approval.requester())
                .param("editor", approval.editor())
                .param("barred", approval.barred().toArray(String[]::new))
                .param("rule", approval.rule())
                .param("roles", approval.roles().stream().map(Role::wireName).toArray(String[]::new))
                .param("createdAt", timestamp(approval.createdAt()))
                .param("expiresAt", timestamp(approval.expiresAt()))
                .update();
    }

    /** Writes what can change. The row must have been locked at the revision before. */
    void update(Approval approval) {
        int rows = bind("""
                        update approval
                        set status = :status, decision = :decision, decided_by = :decidedBy, reason = :reason,
                            edited_arguments = :edited::jsonb, decided_at = :decidedAt,
                            revision = :revision
                        where approval_id = :approval and revision = :revision - 1
                        """, approval).update();
        if (rows != 1) {
            throw new IllegalStateException("approval " + approval.approvalId() + " was changed without its lock");
        }
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
        Decision decision = state instanceof Decided decided ? decided.by() : null;
        String reason = state instanceof ApprovalState.Withdrawn withdrawn ? withdrawn.reason() : null;
        return jdbc.sql(sql)
                .param("approval", approval.approvalId())
                .param("status", name(state.status()))
                .param("decision", decisionName(state))
                .param("decidedBy", decision == null ? null : decision.actor())
                .param("reason", decision == null ? reason : decision.reason())
                .param(
                        "edited",
                        state instanceof ApprovalState.Edited edited
                                ? JSON.writeValueAsString(edited.arguments())
                                : null)
                .param("decidedAt", state instanceof ApprovalState.Settled settled ? timestamp(settled.at()) : null)
                .param("revision", approval.revision());
    }

    Optional<Approval> find(UUID id) {
        return jdbc.sql("select * from approval where approval_id = :id")
                .param("id", id)
                .query(ApprovalStore::approval)
                .optional();
    }

    /** Reads it and holds off everybody else until the transaction ends. */
    Optional<Approval> lock(UUID id) {
        return jdbc.sql("select * from approval where approval_id = :id for update")
                .param("id", id)
                .query(ApprovalStore::approval)
                .optional();
    }

    /** The request for the newest preparation of an action, locked. */
    Optional<Approval> lockNewest(UUID actionId) {
        return jdbc.sql("select * from approval where action_id = :action order by version desc limit 1 for update")
                .param("action", actionId)
                .query(ApprovalStore::approval)
                .optional();
    }

    /** Newest first, one more than the page holds. */
    List<Approval> list(@Nullable Status status, @Nullable UUID actionId, @Nullable UUID ticketId, PageRequest page) {
        Cursor after = page.after();
        return jdbc.sql("select * from approval where true"
                        + (status == null ? "" : " and status = :status")
                        + (actionId == null ? "" : " and action_id = :action")
                        + (ticketId == null ? "" : " and ticket_id = :ticket")
                        + (after == null ? "" : " and (created_at, approval_id) < (:afterTime, :afterId)")
                        + " order by created_at desc, approval_id desc limit :limit")
                .param("status", status == null ? null : name(status))
                .param("action", actionId)
                .param("ticket", ticketId)
                .param("afterTime", after == null ? null : timestamp(after.createdAt()))
                .param("afterId", after == null ? null : after.id())
                .param("limit", page.limit() + 1)
                .query(ApprovalStore::approval)
                .list();
    }

    private static Approval approval(ResultSet row, int number) throws SQLException {
        return new Approval(
                uuid(row, "approval_id"),
                uuid(row, "action_id"),
                row.getObject("ticket_id", UUID.class),
                row.getInt("version"),
                row.getString("action_type"),
                JSON.readValue(row.getString("arguments"), MAP),
                row.getString("arguments_hash"),
                JSON.readValue(row.getString("effect"), Effect.class),
                row.getString("requester"),
                row.getString("editor"),
                texts(row, "barred"),
                row.getString("rule"),
                texts(row, "roles").stream()
                        .map(role -> Role.named(role).orElseThrow())
                        .collect(Collectors.toSet()),
                state(row),
                row.getObject("superseded_by", UUID.class),
                row.getLong("revision"),
                instant(row, "created_at"),
                instant(row, "expires_at"));
    }

    private static ApprovalState state(ResultSet row) throws SQLException {
        Status status = Status.valueOf(row.getString("status").toUpperCase(Locale.ROOT));
        if (status == Status.PENDING) {
            return new ApprovalState.Pending(instant(row, "expires_at"));
        }
        Instant at = instant(row, "decided_at");
        String reason = row.getString("reason");
        if (status == Status.EXPIRED) {
            return new ApprovalState.Expired(at);
        }
        if (status == Status.CANCELLED && row.getString("decision") == null) {
            return new ApprovalState.Withdrawn(reason, at);
        }
        Decision by = new Decision(row.getString("decided_by"), reason, at);
        return switch (status) {
            case APPROVED -> new ApprovalState.Approved(by);
            case REJECTED -> new ApprovalState.Rejected(by);
            case RESPONDED -> new ApprovalState.Responded(by);
            case CANCELLED -> new ApprovalState.Edited(by, JSON.readValue(row.getString("edited_arguments"), MAP));
            case PENDING, EXPIRED -> throw new IllegalStateException("read above");
        };
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

    private static String name(Status status) {
        return status.name().toLowerCase(Locale.ROOT);
    }

    private static UUID uuid(ResultSet row, String column) throws SQLException {
        return Objects.requireNonNull(row.getObject(column, UUID.class));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return Objects.requireNonNull(row.getObject(column, OffsetDateTime.class))
                .toInstant();
    }

    private static OffsetDateTime timestamp(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static Set<String> texts(ResultSet row, String column) throws SQLException {
        Array array = row.getArray(column);
        return Arrays.stream((String[]) array.getArray()).collect(Collectors.toUnmodifiableSet());
    }
}
