package io.opsrelay.action.guardrail;

import io.opsrelay.contracts.Money;
import io.opsrelay.security.tenant.DeferredRows;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The table {@code guardrail_start}: what began, and what rules count of it. Every call belongs into a transaction of the
 * client.
 */
@Repository
class StartStore {

    private static final String ADD = """
            insert into guardrail_start (client_id, action_id, action_type, target, amount, currency, started_at)
            values (?, ?, ?, ?, ?, ?, ?)""";

    private final JdbcClient jdbc;
    private final DeferredRows<Start> added;

    StartStore(JdbcClient jdbc, JdbcTemplate template) {
        this.jdbc = jdbc;
        this.added = new DeferredRows<>(template, ADD, Start::parameters);
    }

    /** Keeps others from counting for that rule until the transaction ends. */
    void lockCounter(String clientId, String rule) {
        jdbc.sql("""
                        insert into guardrail_counter (client_id, rule) values (:client, :rule)
                        on conflict (client_id, rule) do update set passages = guardrail_counter.passages + 1
                        """).param("client", clientId).param("rule", rule).update();
    }

    @Nullable
    Instant lastStart(String target, Set<String> actionTypes) {
        added.flush();
        return jdbc.sql("select max(started_at) as last from guardrail_start where target = :target" + of(actionTypes))
                .param("target", target)
                .param("types", actionTypes.toArray(String[]::new))
                .query((row, number) -> Optional.ofNullable(row.getObject("last", OffsetDateTime.class)))
                .single()
                .map(OffsetDateTime::toInstant)
                .orElse(null);
    }

    /** @param target null for all targets that the scope names */
    int starts(Rule.Scope scope, @Nullable String target, Instant since, int most) {
        added.flush();
        return jdbc.sql("select count(*) from (select 1 from guardrail_start where started_at > :since"
                        + (target == null ? of(scope) : " and target = :target" + of(scope.actionTypes()))
                        + " limit :most) as began")
                .param("since", timestamp(since))
                .param("target", target)
                .param("types", scope.actionTypes().toArray(String[]::new))
                .param("patterns", patterns(scope))
                .param("most", most)
                .query(Integer.class)
                .single();
    }

    /** Actions since then that did not fail. */
    int done(Rule.Scope scope, Instant since) {
        added.flush();
        return jdbc.sql("select count(*) from guardrail_start where started_at >= :since"
                        + " and succeeded is not false" + of(scope))
                .param("since", timestamp(since))
                .param("types", scope.actionTypes().toArray(String[]::new))
                .param("patterns", patterns(scope))
                .query(Integer.class)
                .single();
    }

    /** What actions since then moved that did not fail. */
    BigDecimal moved(Rule.Scope scope, Instant since, String currency) {
        added.flush();
        return jdbc.sql("select coalesce(sum(amount), 0) from guardrail_start where started_at >= :since"
                        + " and succeeded is not false and currency = :currency" + of(scope))
                .param("since", timestamp(since))
                .param("currency", currency)
                .param("types", scope.actionTypes().toArray(String[]::new))
                .param("patterns", patterns(scope))
                .query(BigDecimal.class)
                .single();
    }

    private static String of(Rule.Scope scope) {
        return of(scope.actionTypes()) + (scope.targets().isEmpty() ? "" : " and target like any (:patterns)");
    }

    private static String of(Set<String> actionTypes) {
        return actionTypes.isEmpty() ? "" : " and action_type = any (:types)";
    }

    /** Targets as patterns of LIKE. */
    private static String[] patterns(Rule.Scope scope) {
        return scope.targets().stream()
                .map(target -> target.replace("\\", "\\\\").replace("_", "\\_").replace("%", "\\%"))
                .map(target -> target.endsWith("*") ? target.substring(0, target.length() - 1) + "%" : target)
                .toArray(String[]::new);
    }

    /** Is written before the transaction commits, or before the next count in it. */
    void addStart(String clientId, Attempt attempt, Instant now) {
        added.add(new Start(clientId, attempt, now));
    }

    /** Notes how actions ended that had begun. */
    void ended(Collection<UUID> actionIds, boolean success) {
        added.flush();
        jdbc.sql("update guardrail_start set succeeded = :success where action_id = any(:actions)")
                .param("actions", actionIds.toArray(UUID[]::new))
                .param("success", success)
                .update();
    }

    private record Start(String clientId, Attempt attempt, Instant at) {

        @Nullable
        Object[] parameters() {
            Money money = attempt.money();
            return new @Nullable Object[] {
                clientId,
                attempt.actionId(),
                attempt.actionType(),
                attempt.target(),
                money == null ? null : money.amount(),
                money == null ? null : money.currency(),
                timestamp(at)
            };
        }
    }

    private static OffsetDateTime timestamp(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
