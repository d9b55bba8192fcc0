package io.opsrelay.agent.persona;

import io.opsrelay.agent.draft.Tone;
import io.opsrelay.agent.persona.AiEmployee.Day;
import io.opsrelay.agent.persona.AiEmployee.Metric;
import io.opsrelay.agent.persona.AiEmployee.Seen;
import io.opsrelay.agent.persona.AiEmployee.Status;
import io.opsrelay.agent.persona.Personas.Assigned;
import io.opsrelay.contracts.AiActivity;
import io.opsrelay.security.tenant.DeferredRows;
import io.opsrelay.security.tenant.PerTransaction;
import io.opsrelay.security.web.PageRequest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** AI employees, their work and their activities in the database. Within a transaction of the client. */
@Component
class EmployeeStore {

    private static final String SEEN = """
            select e.*, coalesce(p.active, false) as active, t.*,
                   a.activity_id, a.type, a.description, a.ticket_id, a.customer, a.outcome, a.occurred_at
            from ai_employee e
            left join ai_presence p using (client_id, name)
            cross join lateral (
                select count(*) as runs,
                       count(*) filter (where w.outcome = 'resolved') as resolved,
                       count(*) filter (where w.outcome = 'escalated') as escalated,
                       count(*) filter (where w.outcome = 'failed') as failed,
                       count(*) filter (where w.outcome = 'resolved' and not w.waited) as alone,
                       avg(w.worked_ms) as average_ms
                from ai_work w
                where w.client_id = e.client_id and w.ai_employee = e.name and w.finished_at >= :today) t
            left join lateral (
                select * from ai_activity l
                where l.client_id = e.client_id and l.ai_employee = e.name
                order by l.occurred_at desc, l.activity_id desc limit 1) a on true
            where :name::text is null or e.name = :name
            order by e.created_at, e.name""";

    private static final String MILLIS_SINCE =
            "coalesce(greatest(extract(epoch from ?::timestamptz - since) * 1000, 0), 0)::bigint";

    private static final String BEGIN = """
            insert into ai_work (run_id, client_id, ai_employee, since, touched_at) values (?, ?, ?, ?, ?)
            on conflict (run_id) do update set since = excluded.since, touched_at = excluded.touched_at
            where ai_work.finished_at is null""";

    private static final String REST = """
            update ai_work set worked_ms = worked_ms + %s, since = null, waited = true, touched_at = ?
            where run_id = ?""".formatted(MILLIS_SINCE);

    private static final String FINISH = """
            update ai_work set worked_ms = worked_ms + %s, since = null, touched_at = ?, finished_at = ?, outcome = ?
            where run_id = ?""".formatted(MILLIS_SINCE);

    private static final String ADD_ACTIVITY = """
            insert into ai_activity (activity_id, client_id, ai_employee, type, description, ticket_id, customer, outcome,
                occurred_at)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?)""";

    private final JdbcClient jdbc;
    private final PerTransaction<Known> known = new PerTransaction<>(Known::new);
    // Written in this order. What a run does comes in this order, too, or the earlier is flushed first.
    private final DeferredRows<@Nullable Object[]> begun;
    private final DeferredRows<@Nullable Object[]> rested;
    private final DeferredRows<@Nullable Object[]> finished;
    private final DeferredRows<@Nullable Object[]> activities;

    EmployeeStore(JdbcTemplate template) {
        this.jdbc = JdbcClient.create(template);
        this.begun = new DeferredRows<>(template, BEGIN, row -> row);
        this.rested = new DeferredRows<>(template, REST, row -> row);
        this.finished = new DeferredRows<>(template, FINISH, row -> row);
        this.activities = new DeferredRows<>(template, ADD_ACTIVITY, row -> row);
    }

    /** In the order in which they were made. */
    List<Seen> seen(@Nullable String name, Instant now) {
        return jdbc.sql(SEEN)
                .param("name", name)
                .param("today", time(now.truncatedTo(ChronoUnit.DAYS)))
                .query((row, n) -> {
                    AiEmployee employee = employee(row);
                    return new Seen(
                            employee,
                            Status.of(employee.enabled(), row.getBoolean("active")),
                            day(row),
                            row.getString("activity_id") == null ? null : activity(row, employee.name()));
                })
                .list();
    }

    Optional<AiEmployee> find(String name) {
        return jdbc.sql("select * from ai_employee where name = :name")
                .param("name", name)
                .query((row, n) -> employee(row))
                .optional();
    }

    /** Like {@link #find}, locked until the transaction ends. */
    Optional<AiEmployee> locked(String name) {
        return jdbc.sql("select * from ai_employee where name = :name for update")
                .param("name", name)
                .query((row, n) -> employee(row))
                .optional();
    }

    Optional<AiEmployee> byId(UUID employeeId) {
        return jdbc.sql("select * from ai_employee where employee_id = :id")
                .param("id", employeeId)
                .query((row, n) -> employee(row))
                .optional();
    }

    /** Adds an employee, or changes the one of that name to the next revision. */
    void put(String clientId, AiEmployee employee) {
        jdbc.sql("""
                        insert into ai_employee (client_id, name, employee_id, display_name, role, avatar, tone,
                            metric_name, metric_unit, tools, intents, languages, enabled, revision, created_at, updated_at)
                        values (:client, :name, :id, :display, :role, :avatar, :tone, :metric, :unit, :tools::text[],
                            :intents::text[], :languages::text[], :enabled, 1, :created, :updated)
                        on conflict (client_id, name) do update set
                            display_name = excluded.display_name, role = excluded.role, avatar = excluded.avatar,
                            tone = excluded.tone, metric_name = excluded.metric_name,
                            metric_unit = excluded.metric_unit, tools = excluded.tools, intents = excluded.intents,
                            languages = excluded.languages, enabled = excluded.enabled,
                            updated_at = excluded.updated_at, revision = ai_employee.revision + 1""")
                .param("client", clientId)
                .param("name", employee.name())
                .param("id", employee.employeeId())
                .param("display", employee.displayName())
                .param("role", employee.role())
                .param("avatar", employee.avatar())
                .param("tone", employee.tone().code())
                .param("metric", employee.primaryMetric().name())
                .param("unit", employee.primaryMetric().unit())
                .param("tools", employee.tools().toArray(String[]::new))
                .param("intents", employee.intents().toArray(String[]::new))
                .param("languages", employee.languages().toArray(String[]::new))
                .param("enabled", employee.enabled())
                .param("created", time(employee.createdAt()))
                .param("updated", time(employee.updatedAt()))
                .update();
    }

    void delete(String name) {
        jdbc.sql("delete from ai_employee where name = :name")
                .param("name", name)
                .update();
    }

    /** Who handles the intent in the language; else the first for the language, else the first of all. */
    Optional<Assigned> routed(String intent, String language) {
        return known.get().routed.computeIfAbsent(List.of(intent, language), key -> jdbc.sql("""
                        select name, tone, tools from ai_employee, lateral (
                            select languages = '{}' or :language = any(languages) as speaks) l
                        where enabled
                        order by speaks and :intent = any(intents) desc, speaks desc, created_at, name limit 1""")
                .param("intent", intent)
                .param("language", language)
                .query((row, n) -> assigned(row))
                .optional());
    }

    /** Who has the run, in the tone and with the tools of the moment. */
    Optional<Assigned> assigned(UUID runId) {
        Map<UUID, Optional<Assigned>> assigned = known.get().assigned;
        if (!assigned.containsKey(runId)) {
            lookUp(List.of(runId));
        }
        return Objects.requireNonNull(assigned.get(runId));
    }

    /** Looks up who has these runs, all at once. */
    void lookUp(Collection<UUID> runIds) {
        Map<UUID, Optional<Assigned>> assigned = known.get().assigned;
        runIds.forEach(runId -> assigned.putIfAbsent(runId, Optional.empty()));
        jdbc.sql("""
                        select w.run_id, w.ai_employee as name, coalesce(e.tone, 'friendly') as tone,
                            coalesce(e.tools, '{}') as tools
                        from ai_work w left join ai_employee e on e.client_id = w.client_id and e.name = w.ai_employee
                        where w.run_id = any(:runs)""").param("runs", runIds.toArray(UUID[]::new)).query((ResultSet row) -> {
            assigned.put(row.getObject("run_id", UUID.class), Optional.of(assigned(row)));
        });
    }

    void begin(String clientId, UUID runId, Assigned employee, Instant since, Instant now) {
        known.get().assigned.put(runId, Optional.of(employee));
        if (known.get().rested.contains(runId)) {
            begun.flush();
            rested.flush();
        }
        begun.add(new Object[] {runId, clientId, employee.name(), time(since), time(now)});
    }

    void rest(UUID runId, Instant now) {
        known.get().rested.add(runId);
        rested.add(new Object[] {time(now), time(now), runId});
    }

    void finish(UUID runId, String outcome, Instant now) {
        finished.add(new Object[] {time(now), time(now), time(now), outcome, runId});
    }

    /** When it last worked: {@code now} if it has a run in hand. */
    Optional<Instant> lastWork(String name, Instant now) {
        return jdbc.sql("""
                        select max(case when since is null then touched_at else :now end) as last
                        from ai_work where ai_employee = :name and (since is not null or touched_at = (
                            select max(touched_at) from ai_work where ai_employee = :name))""")
                .param("name", name)
                .param("now", time(now))
                .query((row, n) -> Optional.ofNullable(row.getObject("last", OffsetDateTime.class))
                        .map(OffsetDateTime::toInstant))
                .single();
    }

    /** Keeps whoever is active so until the transaction ends; any number of runs may at once. */
    boolean holdActive(String name) {
        Set<String> held = known.get().held;
        if (!held.contains(name)
                && !jdbc.sql("select 1 from ai_presence where name = :name and active for share")
                        .param("name", name)
                        .query(Integer.class)
                        .list()
                        .isEmpty()) {
            held.add(name);
        }
        return held.contains(name);
    }

    /** The version of the change; empty if another was faster. */
    Optional<Long> becomeActive(String clientId, String name) {
        return jdbc.sql("""
                        insert into ai_presence (client_id, name, active, version) values (:client, :name, true, 1)
                        on conflict (client_id, name) do update set active = true, version = ai_presence.version + 1
                        where not ai_presence.active
                        returning version""")
                .param("client", clientId)
                .param("name", name)
                .query(Long.class)
                .optional();
    }

    /** Locks it: no run can begin or end with the employee until the transaction ends. */
    boolean lockedActive(String name) {
        return jdbc.sql("select active from ai_presence where name = :name for update")
                .param("name", name)
                .query(Boolean.class)
                .optional()
                .orElse(false);
    }

    /** @return the version of the change */
    long setActive(String clientId, String name, boolean active) {
        return jdbc.sql("""
                        insert into ai_presence (client_id, name, active, version) values (:client, :name, :active, 1)
                        on conflict (client_id, name) do update set
                            active = excluded.active, version = ai_presence.version + 1
                        returning version""")
                .param("client", clientId)
                .param("name", name)
                .param("active", active)
                .query(Long.class)
                .single();
    }

    void add(String clientId, AiActivity activity) {
        activities.add(new @Nullable Object[] {
            activity.activityId(),
            clientId,
            activity.aiEmployee(),
            activity.type().name().toLowerCase(Locale.ROOT),
            activity.description(),
            activity.ticketId(),
            activity.customer(),
            activity.outcome(),
            time(activity.timestamp())
        });
    }

    /** Newest first, one more than the page holds. */
    List<AiActivity> activities(@Nullable String name, PageRequest page) {
        return jdbc.sql("""
                        select * from ai_activity
                        where (:name::text is null or ai_employee = :name)
                          and (:at::timestamptz is null or (occurred_at, activity_id) < (:at, :id::uuid))
                        order by occurred_at desc, activity_id desc limit :rows""")
                .param("name", name)
                .param("at", page.after() == null ? null : time(page.after().createdAt()))
                .param("id", page.after() == null ? null : page.after().id())
                .param("rows", page.limit() + 1)
                .query((row, n) -> activity(row, row.getString("ai_employee")))
                .list();
    }

    /**
     * Removes some of the activities that are older than {@code before}, or than the newest {@code most}; the oldest first.
     *
     * @return how many; fewer than {@code batch} if there are no more
     */
    int removeActivities(Instant before, int most, int batch) {
        return jdbc.sql("""
                        delete from ai_activity where activity_id in (
                            select activity_id from ai_activity
                            where occurred_at < greatest(:before, (
                                select occurred_at from ai_activity
                                order by occurred_at desc, activity_id desc offset :most limit 1))
                            order by occurred_at, activity_id limit :batch)""")
                .param("before", time(before))
                .param("most", most - 1)
                .param("batch", batch)
                .update();
    }

    /** The same of what measured runs that ended before; who waits for a decision keeps its own. */
    int removeWork(Instant before, int batch) {
        return jdbc.sql("""
                        delete from ai_work where run_id in (
                            select run_id from ai_work where finished_at < :before limit :batch)""").param("before", time(before)).param("batch", batch).update();
    }

    private static AiEmployee employee(ResultSet row) throws SQLException {
        return new AiEmployee(
                row.getObject("employee_id", UUID.class),
                row.getString("name"),
                row.getString("display_name"),
                row.getString("role"),
                row.getString("avatar"),
                tone(row),
                new Metric(row.getString("metric_name"), row.getString("metric_unit")),
                texts(row, "tools"),
                texts(row, "intents"),
                texts(row, "languages"),
                row.getBoolean("enabled"),
                row.getLong("revision"),
                instant(row, "created_at"),
                instant(row, "updated_at"));
    }

    private static Day day(ResultSet row) throws SQLException {
        double millis = row.getDouble("average_ms");
        return new Day(
                row.getLong("runs"),
                row.getLong("resolved"),
                row.getLong("escalated"),
                row.getLong("failed"),
                row.getLong("alone"),
                row.getLong("runs") == 0 ? null : millis / 1000);
    }

    private static AiActivity activity(ResultSet row, String name) throws SQLException {
        return new AiActivity(
                row.getObject("activity_id", UUID.class),
                name,
                AiActivity.Type.valueOf(row.getString("type").toUpperCase(Locale.ROOT)),
                row.getString("description"),
                row.getObject("ticket_id", UUID.class),
                row.getString("customer"),
                row.getString("outcome"),
                instant(row, "occurred_at"));
    }

    private static Assigned assigned(ResultSet row) throws SQLException {
        return new Assigned(row.getString("name"), tone(row), Set.copyOf(texts(row, "tools")));
    }

    private static Tone tone(ResultSet row) throws SQLException {
        return Tone.valueOf(row.getString("tone").toUpperCase(Locale.ROOT));
    }

    private static List<String> texts(ResultSet row, String column) throws SQLException {
        return Arrays.asList((String[]) row.getArray(column).getArray());
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static OffsetDateTime time(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    /** What a transaction has found out already; it sees the same for as long as it lasts. */
    private static final class Known {
        private final Map<UUID, Optional<Assigned>> assigned = new HashMap<>();
        private final Map<List<String>, Optional<Assigned>> routed = new HashMap<>();
        private final Set<String> held = new HashSet<>();
        private final Set<UUID> rested = new HashSet<>();
    }
}
