package io.opsrelay.action.guardrail;

import io.opsrelay.contracts.ContractJson;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.core.type.TypeReference;

/** The tables of guardrails but {@code guardrail_start}. Every call belongs into a transaction of the client, unless it says otherwise. */
@Repository
class GuardrailStore {

    private static final TypeReference<List<RuleBody>> RULES = new TypeReference<>() {};
    /** Held in common by intents until they commit, and alone by whoever turns a switch. */
    private static final long SWITCHES = 0x6f707372656c6179L;

    private final JdbcClient jdbc;

    GuardrailStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * What must be known of each action.
     *
     * @param version of the client's rules, 0 for the shipped ones
     * @param ownSwitch why the client's switch is on, absent while it is off
     * @param switchOfAll why the operators' switch is on, absent while it is off
     * @param openUntil until when the target's breaker is open, or was
     */
    record Standing(
            long version,
            @Nullable String ownSwitch,
            @Nullable String switchOfAll,
            @Nullable Instant openUntil) {}

    Standing standing(@Nullable String target) {
        return standings(Collections.singletonList(target)).getFirst();
    }

    /** As many as there are targets, in their order. */
    List<Standing> standings(List<@Nullable String> targets) {
        return jdbc.sql("""
                        select coalesce((select max(version) from guardrail_set), 0) as version,
                            (select reason from kill_switch where is_on) as own,
                            (select reason from kill_switch_of_all where is_on) as all_clients,
                            (select open_until from guardrail_breaker b where b.target = asked.target) as open_until
                        from unnest(:targets::text[]) with ordinality as asked (target, place) order by place
                        """)
                .param("targets", targets.toArray(String[]::new))
                .query((row, number) -> new Standing(
                        row.getLong("version"),
                        row.getString("own"),
                        row.getString("all_clients"),
                        instant(row, "open_until")))
                .list();
    }

    /** Keeps switches as they are until the transaction ends. */
    void holdSwitches() {
        jdbc.sql("select pg_advisory_xact_lock_shared(:key)::text")
                .param("key", SWITCHES)
                .query(String.class)
                .optional();
    }

    /** Waits until every intent that has not seen the change has committed. */
    void changeSwitches() {
        jdbc.sql("select pg_advisory_xact_lock(:key)::text")
                .param("key", SWITCHES)
                .query(String.class)
                .optional();
    }

    /** @return the breaker if this failure opened it */
    Optional<BreakerState> countFailure(String clientId, String target, Rule.Breaker rule, Instant now) {
        return jdbc.sql("""
                        insert into guardrail_breaker as b (client_id, target, failures, last_failure_at, open_until, rule)
                        values (:client, :target, 1, :now, case when :most <= 1 then :until end, :rule)
                        on conflict (client_id, target) do update set
                            failures = case when b.last_failure_at > :since then b.failures + 1 else 1 end,
                            last_failure_at = excluded.last_failure_at,
                            open_until = case when :most <= case when b.last_failure_at > :since then b.failures + 1 else 1 end
                                then :until end,
                            rule = excluded.rule
                        returning target, failures, last_failure_at, open_until, rule
                        """)
                .param("client", clientId)
                .param("target", target)
                .param("rule", rule.name())
                .param("most", rule.failures())
                .param("now", timestamp(now))
                .param("since", timestamp(now.minus(rule.within()).minus(rule.openFor())))
                .param("until", timestamp(now.plus(rule.openFor())))
                .query(GuardrailStore::breaker)
                .optional()
                .filter(breaker -> breaker.openUntil() != null);
    }

    /** Targets that actions failed on of late. */
    List<BreakerState> breakers() {
        return jdbc.sql("select * from guardrail_breaker order by last_failure_at desc limit 1000")
                .query(GuardrailStore::breaker)
                .list();
    }

    void resetBreakers(Collection<String> targets) {
        jdbc.sql("delete from guardrail_breaker where target = any(:targets)")
                .param("targets", targets.toArray(String[]::new))
                .update();
    }

    /** @return how it stood before; empty if there was none */
    Optional<BreakerState> resetBreaker(String target) {
        return jdbc.sql("""
                        delete from guardrail_breaker where target = :target
                        returning target, failures, last_failure_at, open_until, rule
                        """)
                .param("target", target)
                .query(GuardrailStore::breaker)
                .optional();
    }

    /**
     * A target on which actions failed.
     *
     * @param openUntil nothing begins on it before; absent where there were too few failures
     */
    record BreakerState(
            String target,
            int failures,
            Instant lastFailureAt,
            @Nullable Instant openUntil,
            String rule) {}

    private static BreakerState breaker(ResultSet row, int number) throws SQLException {
        return new BreakerState(
                row.getString("target"),
                row.getInt("failures"),
                Objects.requireNonNull(instant(row, "last_failure_at")),
                instant(row, "open_until"),
                row.getString("rule"));
    }

    /** Newest first. */
    List<Rulebook> rulebooks(int most) {
        return jdbc.sql("select * from guardrail_set order by version desc limit :most")
                .param("most", most)
                .query(GuardrailStore::rulebook)
                .list();
    }

    Optional<Rulebook> rulebook(long version) {
        return version == 0
                ? Optional.of(Rulebook.SHIPPED)
                : jdbc.sql("select * from guardrail_set where version = :version")
                        .param("version", version)
                        .query(GuardrailStore::rulebook)
                        .optional();
    }

    /** @return false if that version is another one's by now */
    boolean add(String clientId, Rulebook rulebook) {
        return jdbc.sql("""
                                insert into guardrail_set (client_id, version, rules, changed_by, changed_at, reason)
                                values (:client, :version, :rules::jsonb, :by, :at, :reason) on conflict do nothing
                                """)
                        .param("client", clientId)
                        .param("version", rulebook.version())
                        .param("rules", ContractJson.mapper().writeValueAsString(rulebook.rules()))
                        .param("by", rulebook.changedBy())
                        .param("at", timestamp(Objects.requireNonNull(rulebook.changedAt())))
                        .param("reason", rulebook.reason())
                        .update()
                == 1;
    }

    private static Rulebook rulebook(ResultSet row, int number) throws SQLException {
        return new Rulebook(
                row.getLong("version"),
                ContractJson.mapper().readValue(row.getString("rules"), RULES),
                row.getString("changed_by"),
                instant(row, "changed_at"),
                row.getString("reason"));
    }

    /** @return how often the client's switch has been turned by now */
    long turn(String clientId, KillSwitch.Turn turn) {
        return jdbc.sql("""
                        insert into kill_switch as k (client_id, is_on, changed_by, changed_at, reason, revision)
                        values (:client, :on, :by, :at, :reason, 1)
                        on conflict (client_id) do update set is_on = excluded.is_on, changed_by = excluded.changed_by,
                            changed_at = excluded.changed_at, reason = excluded.reason, revision = k.revision + 1
                        returning revision
                        """)
                .param("client", clientId)
                .param("on", turn.on())
                .param("by", turn.by())
                .param("at", timestamp(turn.at()))
                .param("reason", turn.reason())
                .query(Long.class)
                .single();
    }

    /** Needs a transaction, of whichever client or none. */
    void turnForAll(KillSwitch.Turn turn) {
        jdbc.sql("""
                        insert into kill_switch_of_all (is_on, changed_by, changed_at, reason)
                        values (:on, :by, :at, :reason)
                        on conflict (only_row) do update set is_on = excluded.is_on, changed_by = excluded.changed_by,
                            changed_at = excluded.changed_at, reason = excluded.reason
                        """)
                .param("on", turn.on())
                .param("by", turn.by())
                .param("at", timestamp(turn.at()))
                .param("reason", turn.reason())
                .update();
    }

    /** How the switches were turned last. Outside a client's transaction only that of all is seen. */
    KillSwitch switches() {
        return new KillSwitch(turnOf("kill_switch"), turnOf("kill_switch_of_all"));
    }

    private KillSwitch.@Nullable Turn turnOf(String table) {
        return jdbc.sql("select is_on, changed_by, changed_at, reason from " + table)
                .query((row, number) -> new KillSwitch.Turn(
                        row.getBoolean("is_on"),
                        row.getString("changed_by"),
                        Objects.requireNonNull(instant(row, "changed_at")),
                        row.getString("reason")))
                .optional()
                .orElse(null);
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    private static OffsetDateTime timestamp(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
