package io.opsrelay.action.execution;

import io.opsrelay.contracts.ContractJson;
import io.opsrelay.security.web.Cursor;
import io.opsrelay.security.web.PageRequest;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.json.JsonMapper;

/** The tables {@code action} and {@code action_step}. Every call belongs into a transaction of the client. */
@Repository
class ActionStore {

    private static final JsonMapper JSON = ContractJson.mapper();

    private final JdbcClient jdbc;
    private final ActionsInHand inHand;

    ActionStore(JdbcClient jdbc, ActionsInHand inHand) {
        this.jdbc = jdbc;
        this.inHand = inHand;
    }

    /** @return false if there is an action of that id already */
    boolean insert(String clientId, Action action) {
        boolean isNew = jdbc.sql("""
                                insert into action (client_id, action_id, ticket_id, action_type, requester, customer,
                                    status, proposed, confidence, break_glass, retry_of, undoes, revision, created_at,
                                    updated_at)
                                values (:client, :action, :ticket, :type, :requester, :customer::jsonb,
                                    :status, :proposed::jsonb, :confidence, :breakGlass, :retryOf, :undoes, :revision,
                                    :created, :updated)
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
                        .param("confidence", action.origin().confidence())
                        .param("breakGlass", action.origin().breakGlass())
                        .param("retryOf", action.origin().retryOf())
                        .param("undoes", action.origin().undoes())
                        .param("revision", action.revision())
                        .param("created", timestamp(action.createdAt()))
                        .param("updated", timestamp(action.updatedAt()))
                        .update()
                == 1;
        if (isNew) {
            inHand.add(action);
        }
        return isNew;
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
                        .query((row, number) -> new KeyedAction(
                                ActionRows.uuid(row, "action_id"), String.valueOf(row.getString("request_hash"))))
                        .optional();
    }

    /** @param requestHash of what was asked, in hex */
    record KeyedAction(UUID actionId, String requestHash) {}

    /**
     * Writes what can change, before the transaction commits.
     *
     * @throws IllegalStateException if the transaction has not locked the action at the revision before
     */
    void update(Action action) {
        inHand.update(action);
    }

    /** Writes what the running transaction has changed so far. */
    void flush() {
        inHand.flush();
    }

    Optional<Action> find(UUID id) {
        inHand.flush();
        return jdbc.sql("select * from action where action_id = :id")
                .param("id", id)
                .query(ActionRows::action)
                .optional();
    }

    /** Those of them that there are, in no order. */
    List<Action> find(Collection<UUID> ids) {
        inHand.flush();
        return jdbc.sql("select * from action where action_id = any(:ids)")
                .param("ids", ids.toArray(UUID[]::new))
                .query(ActionRows::action)
                .list();
    }

    /** Reads it and holds off everybody else until the transaction ends. */
    Optional<Action> lock(UUID id) {
        return inHand.lock(id);
    }

    /** Locks those of them that there are, in one order for all transactions; {@link #lock} then has them at hand. */
    void lock(Collection<UUID> ids) {
        inHand.lock(ids);
    }

    /** Newest first, one more than the page holds. */
    List<Action> list(ActionFilter filter, PageRequest page) {
        Cursor after = page.after();
        return jdbc.sql("select * from action where true"
                        + filter.sql()
                        + (after == null ? "" : " and (created_at, action_id) < (:afterTime, :afterId)")
                        + " order by created_at desc, action_id desc limit :limit")
                .params(filter.params())
                .param("afterTime", after == null ? null : timestamp(after.createdAt()))
                .param("afterId", after == null ? null : after.id())
                .param("limit", page.limit() + 1)
                .query(ActionRows::action)
                .list();
    }

    /** The action that tries that one again, if one does. */
    Optional<Action> retryOf(UUID actionId) {
        inHand.flush();
        return jdbc.sql("select * from action where retry_of = :action"
                        + " and status not in ('cancelled', 'rejected', 'expired')")
                .param("action", actionId)
                .query(ActionRows::action)
                .optional();
    }

    /** The action that undoes that one or will, if one does. */
    Optional<UUID> undoOf(UUID actionId) {
        inHand.flush();
        return jdbc.sql("""
                        select action_id from action where undoes = :action
                            and status not in ('failed', 'cancelled', 'rejected', 'expired')
                        """).param("action", actionId).query(UUID.class).optional();
    }

    /** Is written before the transaction commits. */
    void addStep(String clientId, UUID actionId, Step step) {
        inHand.addStep(clientId, new StepOf(actionId, step));
    }

    /** How often a step was taken. */
    int countSteps(UUID actionId, String step) {
        inHand.flush();
        return jdbc.sql("select count(*) from action_step where action_id = :action and step = :step")
                .param("action", actionId)
                .param("step", step)
                .query(Integer.class)
                .single();
    }

    /** Whether a step was taken with that detail. */
    boolean hasStep(UUID actionId, String step, String detail) {
        inHand.flush();
        return jdbc.sql("select exists (select from action_step"
                        + " where action_id = :action and step = :step and detail = :detail)")
                .param("action", actionId)
                .param("step", step)
                .param("detail", detail)
                .query(Boolean.class)
                .single();
    }

    /** The steps of these actions, in order. */
    List<StepOf> steps(Collection<UUID> actionIds) {
        inHand.flush();
        return jdbc.sql("select * from action_step where action_id = any(:actions) order by action_id, position")
                .param("actions", actionIds.toArray(UUID[]::new))
                .query((row, number) -> new StepOf(
                        ActionRows.uuid(row, "action_id"),
                        new Step(row.getString("step"), ActionRows.instant(row, "at"), row.getString("detail"))))
                .list();
    }

    /** Something that happened to an action, for people. */
    record Step(String step, Instant at, @Nullable String detail) {}

    /** A step and its action. */
    record StepOf(UUID actionId, Step step) {}

    private static @Nullable String json(@Nullable Object value) {
        return value == null ? null : JSON.writeValueAsString(value);
    }

    private static OffsetDateTime timestamp(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
