package io.opsrelay.agent.run;

import io.opsrelay.contracts.ContractJson;
import io.opsrelay.contracts.RunEvent.Outcome;
import io.opsrelay.contracts.TicketEvent.TicketReceived;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Runs in the database. Within a transaction of the client. */
@Component
class RunStore {

    private final JdbcClient jdbc;
    private final JsonMapper json = ContractJson.mapper();

    RunStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    void add(Run run) {
        jdbc.sql("""
                        insert into run (run_id, client_id, ticket_id, status, engine, ticket, created_at, updated_at)
                        values (:run, :client, :ticketId, :status, :engine, :ticket::jsonb, :at, :at)""")
                .param("run", run.runId())
                .param("client", run.clientId())
                .param("ticketId", run.ticketId())
                .param("status", run.state().status())
                .param("engine", run.engine())
                .param("ticket", json.writeValueAsString(run.ticket()))
                .param("at", time(run.createdAt()))
                .update();
    }

    /** Writes what may have changed. */
    void update(Run run) {
        jdbc.sql("""
                        update run set status = :status, action_id = coalesce(:action, action_id), outcome = :outcome,
                            facts = :facts::jsonb, steps = :steps::jsonb, news = :news::jsonb, updated_at = :at
                        where run_id = :run""")
                .param("status", run.state().status())
                .param("action", run.state() instanceof RunState.Parked parked ? parked.actionId() : null)
                .param(
                        "outcome",
                        run.state() instanceof RunState.Finished finished
                                ? finished.outcome().name().toLowerCase(Locale.ROOT)
                                : null)
                .param("facts", json.writeValueAsString(run.facts()))
                .param("steps", json.writeValueAsString(run.steps()))
                .param(
                        "news",
                        run.news() == null ? null : json.writerFor(News.class).writeValueAsString(run.news()))
                .param("at", time(run.updatedAt()))
                .param("run", run.runId())
                .update();
    }

    /** The run, locked until the transaction ends. */
    Optional<Run> locked(UUID runId) {
        return jdbc.sql("select * from run where run_id = :run for update")
                .param("run", runId)
                .query((row, n) -> read(row))
                .optional();
    }

    Optional<Run> find(UUID runId) {
        return jdbc.sql("select * from run where run_id = :run")
                .param("run", runId)
                .query((row, n) -> read(row))
                .optional();
    }

    /** The run that proposed this action, locked until the transaction ends. */
    Optional<Run> lockedByAction(UUID actionId) {
        return jdbc.sql("select * from run where action_id = :action for update")
                .param("action", actionId)
                .query((row, n) -> read(row))
                .optional();
    }

    List<Run> ofTicket(UUID ticketId) {
        return jdbc.sql("select * from run where ticket_id = :ticket order by created_at desc limit 50")
                .param("ticket", ticketId)
                .query((row, n) -> read(row))
                .list();
    }

    private Run read(ResultSet row) throws SQLException {
        String news = row.getString("news");
        return new Run(
                row.getObject("run_id", UUID.class),
                row.getString("client_id"),
                state(row.getString("status"), row.getObject("action_id", UUID.class), row.getString("outcome")),
                row.getString("engine"),
                json.readValue(row.getString("ticket"), TicketReceived.class),
                json.readValue(row.getString("facts"), Run.Facts.class),
                Arrays.asList(json.readValue(row.getString("steps"), Run.StepTaken[].class)),
                news == null ? null : json.readValue(news, News.class),
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
