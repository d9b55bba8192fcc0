package io.opsrelay.agent.run;

import io.opsrelay.agent.model.Usage;
import io.opsrelay.contracts.ContractJson;
import io.opsrelay.contracts.RunEvent.Outcome;
import io.opsrelay.contracts.TicketEvent.TicketReceived;
import io.opsrelay.security.tenant.DeferredRows;
import io.opsrelay.security.tenant.PerTransaction;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Runs in the database. Within a transaction of the client. */
@Component
class RunStore {

    private static final String ADD = """
            insert into run (run_id, client_id, ticket_id, status, engine, ticket, earlier, created_at, updated_at)
            values (?, ?, ?, ?, ?, ?::jsonb, ?::jsonb, ?, ?)""";

    private static final String UPDATE = """
            update run set status = ?, action_id = coalesce(?, action_id), outcome = ?, facts = ?::jsonb, steps = ?::jsonb,
                news = ?::jsonb, engine = ?, dialogue = ?::jsonb, updated_at = ?
            where run_id = ?""";

    private final JdbcClient jdbc;
    private final JsonMapper json = ContractJson.mapper();
    private final DeferredRows<Run> added;
    private final DeferredRows<Run> changed;
    private final PerTransaction<SortedMap<Spent, Used>> spent = new PerTransaction<>(TreeMap::new, this::write);

    RunStore(JdbcTemplate template) {
        this.jdbc = JdbcClient.create(template);
        this.added = new DeferredRows<>(template, ADD, this::added);
        this.changed = new DeferredRows<>(template, UPDATE, this::changed);
    }

    void add(Run run) {
        added.add(run);
    }

    /** Writes what may have changed. */
    void update(Run run) {
        changed.add(run);
    }

    /** Writes what a run has heard since it began. */
    void hear(Run run) {
        update(run);
        reading("update run set ticket = :ticket::jsonb, earlier = :earlier::jsonb where run_id = :run")
                .param("ticket", json.writeValueAsString(run.ticket()))
                .param("earlier", json.writeValueAsString(run.earlier()))
                .param("run", run.runId())
                .update();
    }

    /** None of the ticket's runs has the rights of a proven customer any more. */
    void doubtCustomer(UUID ticketId) {
        reading("""
                        update run set ticket = jsonb_set(ticket, '{customer,verified}', 'false')
                        where ticket_id = :ticket and status in ('queued', 'working', 'parked')""").param("ticket", ticketId).update();
    }

    private @Nullable Object[] added(Run run) {
        return new @Nullable Object[] {
            run.runId(),
            run.clientId(),
            run.ticketId(),
            run.state().status(),
            run.engine(),
            json.writeValueAsString(run.ticket()),
            run.earlier() == null ? null : json.writeValueAsString(run.earlier()),
            time(run.createdAt()),
            time(run.createdAt())
        };
    }

    private @Nullable Object[] changed(Run run) {
        return new @Nullable Object[] {
            run.state().status(),
            run.state() instanceof RunState.Parked parked ? parked.actionId() : null,
            run.state() instanceof RunState.Finished finished
                    ? finished.outcome().name().toLowerCase(Locale.ROOT)
                    : null,
            json.writeValueAsString(run.facts()),
            json.writeValueAsString(run.steps()),
            run.news() == null ? null : json.writerFor(News.class).writeValueAsString(run.news()),
            run.engine(),
            run.dialogue() == null ? null : json.writeValueAsString(run.dialogue()),
            time(run.updatedAt()),
            run.runId()
        };
    }

    /** Writes what was left for the commit. */
    void flush() {
        added.flush();
        changed.flush();
    }

    /** What was left for the commit is written before anything is read. */
    private JdbcClient.StatementSpec reading(String sql) {
        flush();
        return jdbc.sql(sql);
    }

    /** The runs, locked until the transaction ends. */
    List<Run> locked(Collection<UUID> runIds) {
        return reading("select * from run where run_id = any(:runs) order by run_id for update")
                .param("runs", runIds.toArray(UUID[]::new))
                .query((row, n) -> read(row))
                .list();
    }

    /**
     * Locks the runs of these tickets and those that proposed these actions, in the order of their ids. One transaction
     * applies many events, in their order, which is another one; a batch of triage has some of the same runs locked, in the
     * order of ids.
     */
    void lock(Collection<UUID> ticketIds, Collection<UUID> actionIds) {
        if (ticketIds.isEmpty() && actionIds.isEmpty()) {
            return;
        }
        reading("""
                        select run_id from run where run_id in (
                            select run_id from run where ticket_id = any(:tickets)
                            union select run_id from run where action_id = any(:actions)
                            union select run_id from run_action where action_id = any(:actions))
                        order by run_id for update""")
                .param("tickets", ticketIds.toArray(UUID[]::new))
                .param("actions", actionIds.toArray(UUID[]::new))
                .query(UUID.class)
                .list();
    }

    /** The runs as they are, in no order; those that are not there are left out. */
    List<Run> all(Collection<UUID> runIds) {
        return reading("select * from run where run_id = any(:runs)")
                .param("runs", runIds.toArray(UUID[]::new))
                .query((row, n) -> read(row))
                .list();
    }

    /** The run, locked until the transaction ends. */
    Optional<Run> locked(UUID runId) {
        return reading("select * from run where run_id = :run for update")
                .param("run", runId)
                .query((row, n) -> read(row))
                .optional();
    }

    Optional<Run> find(UUID runId) {
        return reading("select * from run where run_id = :run")
                .param("run", runId)
                .query((row, n) -> read(row))
                .optional();
    }

    /** The ticket's runs that wait for a worker or have one, locked until the transaction ends. */
    List<Run> lockedAtWork(UUID ticketId) {
        return reading("""
                        select * from run where ticket_id = :ticket and status in ('queued', 'working')
                        order by run_id for update""")
                .param("ticket", ticketId)
                .query((row, n) -> read(row))
                .list();
    }

    /** Orders that other runs of the ticket had something done about, or have it under way; in lower case. */
    Set<String> ordersOfOtherRuns(Run run) {
        return Set.copyOf(reading("""
                        select lower(facts ->> 'order_id') from run
                        where ticket_id = :ticket and run_id <> :run and facts ->> 'order_id' is not null
                            and dialogue is null and (status = 'parked' or news ->> 'kind' = 'done')
                        union
                        select lower(a.order_id) from run_action a join run r using (run_id)
                        where r.ticket_id = :ticket and r.run_id <> :run and a.order_id is not null
                            and (a.news is null or a.news ->> 'kind' = 'done')""")
                .param("ticket", run.ticketId())
                .param("run", run.runId())
                .query(String.class)
                .list());
    }

    /** The run that proposed this action, locked until the transaction ends. */
    Optional<Run> lockedByAction(UUID actionId) {
        return reading("select * from run where action_id = :action for update")
                .param("action", actionId)
                .query((row, n) -> read(row))
                .optional();
    }

    /** The run with a dialogue that proposed this action, locked until the transaction ends. */
    Optional<Run> lockedByProposal(UUID actionId) {
        return reading("""
                        select * from run where run_id = (select run_id from run_action where action_id = :action)
                        for update""")
                .param("action", actionId)
                .query((row, n) -> read(row))
                .optional();
    }

    void addProposal(String clientId, UUID runId, Proposal proposal) {
        jdbc.sql("""
                        insert into run_action (action_id, client_id, run_id, call_id, tool, order_id)
                        values (:action, :client, :run, :call, :tool, :orderId)""")
                .param("action", proposal.actionId())
                .param("client", clientId)
                .param("run", runId)
                .param("call", proposal.callId())
                .param("tool", proposal.tool())
                .param("orderId", proposal.orderId())
                .update();
    }

    /**
     * Keeps what became of a proposal.
     *
     * @return false if that is known already
     */
    boolean hear(UUID actionId, News news) {
        return jdbc.sql("update run_action set news = :news::jsonb where action_id = :action and news is null")
                        .param("news", json.writerFor(News.class).writeValueAsString(news))
                        .param("action", actionId)
                        .update()
                == 1;
    }

    boolean hasProposals(UUID runId) {
        return jdbc.sql("select exists (select from run_action where run_id = :run)")
                .param("run", runId)
                .query(Boolean.class)
                .single();
    }

    /** What a run proposed, in the order it did. */
    List<Proposal> proposals(UUID runId) {
        return jdbc.sql("select * from run_action where run_id = :run order by action_id")
                .param("run", runId)
                .query((row, n) -> {
                    String news = row.getString("news");
                    return new Proposal(
                            row.getObject("action_id", UUID.class),
                            row.getString("call_id"),
                            row.getString("tool"),
                            row.getString("order_id"),
                            news == null ? null : json.readValue(news, News.class));
                })
                .list();
    }

    /**
     * Adds to what the client's runs used today, just before the commit: all runs of a client write the same rows.
     *
     * @param first whether the model was not asked in this run before
     */
    void spend(String clientId, LocalDate day, String model, Usage usage, boolean first) {
        spent.get().merge(new Spent(clientId, day, model), new Used(first ? 1 : 0, 1, usage), Used::plus);
    }

    private void write(Map<Spent, Used> all) {
        all.forEach((what, used) -> jdbc.sql("""
                        insert into model_spend as spent
                            (client_id, day, model, runs, answers, input_tokens, output_tokens, cost_micros)
                        values (:client, :day, :model, :runs, :answers, :input, :output, :cost)
                        on conflict (client_id, day, model) do update set runs = spent.runs + excluded.runs,
                            answers = spent.answers + excluded.answers,
                            input_tokens = spent.input_tokens + excluded.input_tokens,
                            output_tokens = spent.output_tokens + excluded.output_tokens,
                            cost_micros = spent.cost_micros + excluded.cost_micros""")
                .param("client", what.clientId())
                .param("day", what.day())
                .param("model", what.model())
                .param("runs", used.runs())
                .param("answers", used.answers())
                .param("input", used.usage().inputTokens())
                .param("output", used.usage().outputTokens())
                .param("cost", used.usage().costMicros())
                .update());
    }

    /** In the order in which they are written, so that two transactions never wait for each other. */
    private record Spent(String clientId, LocalDate day, String model) implements Comparable<Spent> {

        private static final Comparator<Spent> ORDER =
                Comparator.comparing(Spent::clientId).thenComparing(Spent::day).thenComparing(Spent::model);

        @Override
        public int compareTo(Spent other) {
            return ORDER.compare(this, other);
        }
    }

    private record Used(long runs, long answers, Usage usage) {
        Used plus(Used other) {
            return new Used(runs + other.runs, answers + other.answers, usage.plus(other.usage));
        }
    }

    /** What the client's runs used of each model on each of these days, both included, by day and name. */
    List<Spend> spentBetween(LocalDate from, LocalDate to) {
        return jdbc.sql("select * from model_spend where day between :from and :to order by day, model")
                .param("from", from)
                .param("to", to)
                .query((row, n) -> new Spend(
                        row.getObject("day", LocalDate.class),
                        row.getString("model"),
                        row.getLong("runs"),
                        row.getLong("answers"),
                        row.getLong("input_tokens"),
                        row.getLong("output_tokens"),
                        BigDecimal.valueOf(row.getLong("cost_micros"), 6)))
                .list();
    }

    /** Millionths of a US dollar that the client's runs cost on that day. */
    long spentMicros(LocalDate day) {
        return jdbc.sql("select coalesce(sum(cost_micros), 0) from model_spend where day = :day")
                .param("day", day)
                .query(Long.class)
                .single();
    }

    List<Run> ofTicket(UUID ticketId) {
        return reading("select * from run where ticket_id = :ticket order by created_at desc limit 50")
                .param("ticket", ticketId)
                .query((row, n) -> read(row))
                .list();
    }

    private Run read(ResultSet row) throws SQLException {
        String news = row.getString("news");
        String dialogue = row.getString("dialogue");
        String earlier = row.getString("earlier");
        return new Run(
                row.getObject("run_id", UUID.class),
                row.getString("client_id"),
                state(row.getString("status"), row.getObject("action_id", UUID.class), row.getString("outcome")),
                row.getString("engine"),
                json.readValue(row.getString("ticket"), TicketReceived.class),
                json.readValue(row.getString("facts"), Run.Facts.class),
                Arrays.asList(json.readValue(row.getString("steps"), Run.StepTaken[].class)),
                news == null ? null : json.readValue(news, News.class),
                dialogue == null ? null : json.readValue(dialogue, Dialogue.class),
                earlier == null ? null : json.readValue(earlier, Earlier.class),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getObject("updated_at", OffsetDateTime.class).toInstant());
    }

    private static RunState state(String status, @Nullable UUID actionId, @Nullable String outcome) {
        return switch (status) {
            case "queued" -> new RunState.Queued();
            case "working" -> new RunState.Working();
            case "parked" -> new RunState.Parked(Objects.requireNonNull(actionId, "action_id of a parked run"));
            case "finished" ->
                new RunState.Finished(Outcome.valueOf(Objects.requireNonNull(outcome, "outcome of a finished run")
                        .toUpperCase(Locale.ROOT)));
            default -> throw new IllegalStateException("a run cannot be " + status);
        };
    }

    private static OffsetDateTime time(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
