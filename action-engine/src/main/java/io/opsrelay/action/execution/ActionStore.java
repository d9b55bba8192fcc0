package io.opsrelay.action.execution;

import io.opsrelay.action.catalogue.CanonicalArguments;
import io.opsrelay.action.execution.Action.Preparation;
import io.opsrelay.action.execution.ActionState.Status;
import io.opsrelay.contracts.ContractJson;
import io.opsrelay.contracts.Effect;
import io.opsrelay.contracts.TicketEvent.Customer;
import io.opsrelay.security.web.Cursor;
import io.opsrelay.security.web.PageRequest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The tables {@code action} and {@code action_step}. Every call belongs into a transaction of the client. */
@Repository
class ActionStore {

    private static final JsonMapper JSON = ContractJson.mapper();
    private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {};

    private final JdbcClient jdbc;

    ActionStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** @return false if there is an action of that id already */
    boolean insert(String clientId, Action action) {
        return jdbc.sql("""
                                insert into action (client_id, action_id, ticket_id, action_type, requester, customer,
                                    status, proposed, revision, created_at, updated_at)
                                values (:client, :action, :ticket, :type, :requester, :customer::jsonb,
                                    :status, :proposed::jsonb, :revision, :created, :updated)
                                on conflict do nothing
                                """)
                        .param("client", clientId)
                        .param("action", action.actionId())
                        .param("ticket", action.ticketId())
                        .param("type", action.actionType())
                        .param("requester", action.requester())
                        .param("customer", json(action.customer()))
                        .param("status", action.state().status().wireName())
                        .param("proposed", JSON.writeValueAsString(action.proposed()))
                        .param("revision", action.revision())
                        .param("created", timestamp(action.createdAt()))
                        .param("updated", timestamp(action.updatedAt()))
                        .update()
                == 1;
    }

    /**
     * Binds a caller's key to an action, once.
     *
     * @return the action that the key was bound to before, with what was asked then; empty if it is bound now
     */
    Optional<KeyedAction> bindKey(String clientId, String key, KeyedAction action, Instant now) {
        int bound = jdbc.sql("""
                        insert into action_request_key (client_id, key, action_id, request_hash, created_at)
                        values (:client, :key, :action, :hash, :now) on conflict do nothing
                        """)
                .param("client", clientId)
                .param("key", key)
                .param("action", action.actionId())
                .param("hash", action.requestHash())
                .param("now", timestamp(now))
                .update();
        return bound == 1
                ? Optional.empty()
                : jdbc.sql("select action_id, request_hash from action_request_key where key = :key")
                        .param("key", key)
                        .query((row, number) ->
                                new KeyedAction(uuid(row, "action_id"), String.valueOf(row.getString("request_hash"))))
                        .optional();
    }

    /** @param requestHash of what was asked, in hex */
    record KeyedAction(UUID actionId, String requestHash) {}

    /** Writes what can change. The row must have been locked at the revision before. */
    void update(Action action) {
        Columns columns = Columns.of(action.state());
        Preparation preparation = action.preparation();
        int rows = jdbc.sql("""
                        update action
                        set status = :status, version = :version, canonical = :canonical, arguments_hash = :hash,
                            effect = :effect::jsonb, editor = :editor, edit = :edit::jsonb, approval_id = :approval,
                            decided_by = :decidedBy, attempt = greatest(attempt, :attempt), provider = :provider,
                            result = :result::jsonb, failure_code = :code, failure_reason = :reason,
                            revision = :revision, updated_at = :updated
                        where action_id = :action and revision = :revision - 1
                        """)
                .param("status", action.state().status().wireName())
                .param("version", preparation == null ? 0 : preparation.version())
                .param(
                        "canonical",
                        preparation == null ? null : preparation.arguments().json())
                .param("hash", preparation == null ? null : preparation.hash())
                .param("effect", preparation == null ? null : JSON.writeValueAsString(preparation.effect()))
                .param("editor", preparation == null ? null : preparation.editor())
                .param("edit", json(columns.edit()))
                .param("approval", action.approvalId())
                .param("decidedBy", action.decidedBy())
                .param("attempt", columns.attempt())
                .param("provider", action.provider())
                .param("result", json(columns.result()))
                .param("code", columns.code())
                .param("reason", columns.reason())
                .param("revision", action.revision())
                .param("updated", timestamp(action.updatedAt()))
                .param("action", action.actionId())
                .update();
        if (rows != 1) {
            throw new IllegalStateException("action " + action.actionId() + " was changed without its lock");
        }
    }

    /** What of a state stands in columns beside the status. */
    private record Columns(
            ActionState.@Nullable Edit edit,
            int attempt,
            @Nullable Map<String, Object> result,
            @Nullable String code,
            @Nullable String reason) {

        static Columns of(ActionState state) {
            return switch (state) {
                case ActionState.Requested requested -> new Columns(requested.edit(), 0, null, null, null);
                case ActionState.Prepared prepared -> nothing();
                case ActionState.AwaitingApproval awaiting -> nothing();
                case ActionState.Approved approved -> nothing();
                case ActionState.Executing executing -> new Columns(null, executing.attempt(), null, null, null);
                case ActionState.Unknown unknown ->
                    new Columns(null, unknown.attempt(), null, "outcome_unknown", unknown.reason());
                case ActionState.Succeeded succeeded -> new Columns(null, 0, succeeded.result(), null, null);
                case ActionState.Failed failed -> new Columns(null, 0, null, failed.code(), failed.reason());
                case ActionState.Rejected rejected -> new Columns(null, 0, null, "rejected", rejected.reason());
                case ActionState.Expired expired ->
                    new Columns(null, 0, null, "approval_expired", "nobody decided in time");
            };
        }

        private static Columns nothing() {
            return new Columns(null, 0, null, null, null);
        }
    }

    Optional<Action> find(UUID id) {
        return jdbc.sql("select * from action where action_id = :id")
                .param("id", id)
                .query(ActionStore::action)
                .optional();
    }

    /** Reads it and holds off everybody else until the transaction ends. */
    Optional<Action> lock(UUID id) {
        return jdbc.sql("select * from action where action_id = :id for update")
                .param("id", id)
                .query(ActionStore::action)
                .optional();
    }

    /** Newest first, one more than the page holds. */
    List<Action> list(@Nullable UUID ticketId, @Nullable Status status, @Nullable String actionType, PageRequest page) {
        Cursor after = page.after();
        return jdbc.sql("select * from action where true"
                        + (ticketId == null ? "" : " and ticket_id = :ticket")
                        + (status == null ? "" : " and status = :status")
                        + (actionType == null ? "" : " and action_type = :type")
                        + (after == null ? "" : " and (created_at, action_id) < (:afterTime, :afterId)")
                        + " order by created_at desc, action_id desc limit :limit")
                .param("ticket", ticketId)
                .param("status", status == null ? null : status.wireName())
                .param("type", actionType)
                .param("afterTime", after == null ? null : timestamp(after.createdAt()))
                .param("afterId", after == null ? null : after.id())
                .param("limit", page.limit() + 1)
                .query(ActionStore::action)
                .list();
    }

    void addStep(String clientId, UUID actionId, Step step) {
        jdbc.sql("""
                        insert into action_step (client_id, action_id, step, at, detail)
                        values (:client, :action, :step, :at, :detail)
                        """)
                .param("client", clientId)
                .param("action", actionId)
                .param("step", step.step())
                .param("at", timestamp(step.at()))
                .param("detail", step.detail())
                .update();
    }

    /** How often a step was taken. */
    int countSteps(UUID actionId, String step) {
        return jdbc.sql("select count(*) from action_step where action_id = :action and step = :step")
                .param("action", actionId)
                .param("step", step)
                .query(Integer.class)
                .single();
    }

    /** The steps of these actions, in order. */
    List<StepOf> steps(Collection<UUID> actionIds) {
        return jdbc.sql("select * from action_step where action_id = any(:actions) order by action_id, position")
                .param("actions", actionIds.toArray(UUID[]::new))
                .query((row, number) -> new StepOf(
                        uuid(row, "action_id"),
                        new Step(row.getString("step"), instant(row, "at"), row.getString("detail"))))
                .list();
    }

    /** Something that happened to an action, for people. */
    record Step(String step, Instant at, @Nullable String detail) {}

    /** A step and its action. */
    record StepOf(UUID actionId, Step step) {}

    private static Action action(ResultSet row, int number) throws SQLException {
        int version = row.getInt("version");
        return new Action(
                uuid(row, "action_id"),
                row.getObject("ticket_id", UUID.class),
                row.getString("action_type"),
                row.getString("requester"),
                customer(row.getString("customer")),
                JSON.readValue(row.getString("proposed"), MAP),
                version == 0
                        ? null
                        : new Preparation(
                                version,
                                new CanonicalArguments(row.getString("canonical")),
                                row.getString("arguments_hash"),
                                JSON.readValue(row.getString("effect"), Effect.class),
                                row.getString("editor")),
                state(row),
                row.getObject("approval_id", UUID.class),
                row.getString("decided_by"),
                row.getString("provider"),
                row.getLong("revision"),
                instant(row, "created_at"),
                instant(row, "updated_at"));
    }

    private static @Nullable Customer customer(@Nullable String written) {
        return written == null ? null : JSON.readValue(written, Customer.class);
    }

    private static ActionState state(ResultSet row) throws SQLException {
        String reason = row.getString("failure_reason");
        return switch (Status.named(row.getString("status"))) {
            case REQUESTED -> {
                String edit = row.getString("edit");
                yield new ActionState.Requested(edit == null ? null : JSON.readValue(edit, ActionState.Edit.class));
            }
            case PREPARED -> new ActionState.Prepared();
            case AWAITING_APPROVAL -> new ActionState.AwaitingApproval(uuid(row, "approval_id"));
            case APPROVED -> new ActionState.Approved(uuid(row, "approval_id"), row.getString("decided_by"));
            case EXECUTING -> new ActionState.Executing(row.getInt("attempt"));
            case UNKNOWN -> new ActionState.Unknown(row.getInt("attempt"), reason);
            case SUCCEEDED -> new ActionState.Succeeded(JSON.readValue(row.getString("result"), MAP));
            case FAILED -> new ActionState.Failed(row.getString("failure_code"), reason);
            case REJECTED -> new ActionState.Rejected(row.getString("decided_by"), reason);
            case EXPIRED -> new ActionState.Expired();
            case CANCELLED -> throw new IllegalStateException("nothing cancels actions yet");
        };
    }

    private static @Nullable String json(@Nullable Object value) {
        return value == null ? null : JSON.writeValueAsString(value);
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
}
