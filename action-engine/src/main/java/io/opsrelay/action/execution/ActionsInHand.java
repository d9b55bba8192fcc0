package io.opsrelay.action.execution;

import io.opsrelay.action.erasure.ErasedActions;
import io.opsrelay.action.execution.Action.Preparation;
import io.opsrelay.action.execution.ActionStore.StepOf;
import io.opsrelay.contracts.ContractJson;
import io.opsrelay.security.tenant.PerTransaction;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * The actions that the running transaction has locked. What it changes of them is written as batches before it commits: an
 * action changes a dozen times in its life, many change in one transaction, and each trip to the database costs.
 */
@Component
final class ActionsInHand {

    private static final JsonMapper JSON = ContractJson.mapper();

    private static final String UPDATE = """
            update action
            set status = :status, version = :version, canonical = :canonical, arguments_hash = :hash,
                effect = :effect::jsonb, editor = :editor, target = :target, environment = :environment, edit = :edit::jsonb, approval_id = :approval,
                decided_by = :decidedBy, approved_until = coalesce(:until, approved_until), attempt = greatest(attempt, :attempt), provider = :provider,
                result = :result::jsonb, failure_code = :code, failure_reason = :reason,
                revision = :revision, updated_at = :updated
            where action_id = :action and revision = :revision - 1
            """;

    private static final String ADD_STEP = """
            insert into action_step (client_id, action_id, step, at, detail)
            values (:client, :action, :step, :at, :detail)
            """;

    private final NamedParameterJdbcTemplate jdbc;
    private final ErasedActions erased;
    private final PerTransaction<Hand> hands = new PerTransaction<>(Hand::new, this::write);

    ActionsInHand(NamedParameterJdbcTemplate jdbc, ErasedActions erased) {
        this.jdbc = jdbc;
        this.erased = erased;
    }

    /** See {@link ActionStore#lock(UUID)}. */
    Optional<Action> lock(UUID id) {
        Hand hand = hands.get();
        if (!hand.actions.containsKey(id)) {
            read(hand, List.of(id));
        }
        return Optional.ofNullable(hand.actions.get(id));
    }

    /** See {@link ActionStore#lock(Collection)}. */
    void lock(Collection<UUID> ids) {
        Hand hand = hands.get();
        List<UUID> missing = ids.stream()
                .filter(id -> !hand.actions.containsKey(id))
                .distinct()
                .toList();
        if (!missing.isEmpty()) {
            read(hand, missing);
        }
    }

    private void read(Hand hand, List<UUID> ids) {
        jdbc.query(
                        "select * from action where action_id = any(:ids) order by action_id for update",
                        Map.of("ids", ids.toArray(UUID[]::new)),
                        ActionRows::action)
                .forEach(action -> hand.actions.put(action.actionId(), action));
    }

    /** One that the running transaction has inserted, and that nobody else can see. */
    void add(Action action) {
        hands.get().actions.put(action.actionId(), action);
    }

    /** See {@link ActionStore#update}. */
    void update(Action action) {
        Hand hand = hands.get();
        Action before = hand.actions.get(action.actionId());
        if (before == null || before.revision() != action.revision() - 1) {
            throw changedWithoutLock(action.actionId());
        }
        hand.actions.put(action.actionId(), action);
        hand.updates.add(columnsOf(action));
    }

    /** See {@link ActionStore#addStep}. */
    void addStep(String clientId, StepOf step) {
        hands.get()
                .steps
                .add(new MapSqlParameterSource()
                        .addValue("client", clientId)
                        .addValue("action", step.actionId())
                        .addValue("step", step.step().step())
                        .addValue("at", timestamp(step.step().at()))
                        .addValue("detail", step.step().detail()));
    }

    /** Writes what has changed so far, for who reads it in the same transaction. */
    void flush() {
        if (PerTransaction.possible()) {
            write(hands.get());
        }
    }

    private void write(Hand hand) {
        Set<UUID> over = hand.over();
        if (!hand.updates.isEmpty()) {
            int[] rows = jdbc.batchUpdate(UPDATE, hand.updates.toArray(SqlParameterSource[]::new));
            for (int i = 0; i < rows.length; i++) {
                if (rows[i] != 1) {
                    throw changedWithoutLock(hand.updates.get(i).getValue("action"));
                }
            }
            hand.updates.clear();
        }
        if (!hand.steps.isEmpty()) {
            jdbc.batchUpdate(ADD_STEP, hand.steps.toArray(SqlParameterSource[]::new));
            hand.steps.clear();
        }
        if (!over.isEmpty()) {
            erased.written(over);
        }
    }

    private static IllegalStateException changedWithoutLock(@Nullable Object actionId) {
        return new IllegalStateException("action " + actionId + " was changed without its lock");
    }

    private static MapSqlParameterSource columnsOf(Action action) {
        Columns columns = Columns.of(action.state());
        Preparation preparation = action.preparation();
        return new MapSqlParameterSource()
                .addValue("status", action.state().status().wireName())
                .addValue("version", preparation == null ? 0 : preparation.version())
                .addValue(
                        "canonical",
                        preparation == null ? null : preparation.arguments().json())
                .addValue("hash", preparation == null ? null : preparation.hash())
                .addValue("effect", preparation == null ? null : JSON.writeValueAsString(preparation.effect()))
                .addValue("editor", preparation == null ? null : preparation.editor())
                .addValue("target", preparation == null ? null : preparation.target())
                .addValue("environment", preparation == null ? null : preparation.environment())
                .addValue("edit", json(columns.edit()))
                .addValue("approval", action.approvalId())
                .addValue("decidedBy", action.decidedBy())
                .addValue(
                        "until",
                        action.state() instanceof ActionState.Approved approved ? timestamp(approved.until()) : null)
                .addValue("attempt", columns.attempt())
                .addValue("provider", action.provider())
                .addValue("result", json(columns.result()))
                .addValue("code", columns.code())
                .addValue("reason", columns.reason())
                .addValue("revision", action.revision())
                .addValue("updated", timestamp(action.updatedAt()))
                .addValue("action", action.actionId());
    }

    /** What one transaction holds. */
    private static final class Hand {
        private final Map<UUID, Action> actions = new HashMap<>();
        private final List<MapSqlParameterSource> updates = new ArrayList<>();
        private final List<MapSqlParameterSource> steps = new ArrayList<>();

        /** Those that something is to be written to, and that nothing more happens to. */
        Set<UUID> over() {
            return Stream.of(updates, steps)
                    .flatMap(List::stream)
                    .map(row -> (UUID) Objects.requireNonNull(row.getValue("action")))
                    .filter(id -> {
                        Action action = actions.get(id);
                        return action == null || isOver(action.state());
                    })
                    .collect(Collectors.toSet());
        }

        private static boolean isOver(ActionState state) {
            return switch (state.status()) {
                case SUCCEEDED, FAILED, CANCELLED, REJECTED, EXPIRED -> true;
                case REQUESTED, PREPARED, AWAITING_APPROVAL, APPROVED, EXECUTING, UNKNOWN, SETTLING -> false;
            };
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
                case ActionState.Settling settling ->
                    new Columns(null, settling.attempt(), settling.result(), null, null);
                case ActionState.Succeeded succeeded -> new Columns(null, 0, succeeded.result(), null, null);
                case ActionState.Failed failed -> new Columns(null, 0, null, failed.code(), failed.reason());
                case ActionState.Rejected rejected -> new Columns(null, 0, null, "rejected", rejected.reason());
                case ActionState.Cancelled cancelled -> new Columns(null, 0, null, "cancelled", cancelled.reason());
                case ActionState.Expired expired ->
                    new Columns(null, 0, null, "approval_expired", "nobody decided in time");
            };
        }

        private static Columns nothing() {
            return new Columns(null, 0, null, null, null);
        }
    }

    private static @Nullable String json(@Nullable Object value) {
        return value == null ? null : JSON.writeValueAsString(value);
    }

    private static OffsetDateTime timestamp(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
