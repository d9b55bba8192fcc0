package io.opsrelay.approval.request;

import io.opsrelay.contracts.ActionEvent.ActionProposed;
import io.opsrelay.contracts.ContractJson;
import io.opsrelay.contracts.TicketBrief;
import io.opsrelay.security.tenant.DeferredRows;
import io.opsrelay.security.tenant.PerTransaction;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.json.JsonMapper;

/** The table {@code proposal}: which run of the agent wants what. Every call belongs into a transaction of the client. */
@Repository
class Proposals {

    private static final JsonMapper JSON = ContractJson.mapper();

    private static final String ADD = """
            insert into proposal (client_id, action_id, ticket_id, run_id, ticket)
            values (?, ?, ?, ?, ?::jsonb) on conflict do nothing\
            """;

    private final JdbcClient jdbc;
    private final DeferredRows<Added> added;
    private final PerTransaction<Map<UUID, Proposal>> known = new PerTransaction<>(HashMap::new);

    Proposals(JdbcClient jdbc, JdbcTemplate rows) {
        this.jdbc = jdbc;
        this.added = new DeferredRows<>(rows, ADD, Added::parameters);
    }

    private record Added(String clientId, ActionProposed proposed) {

        @Nullable
        Object[] parameters() {
            TicketBrief ticket = proposed.ticket();
            return new @Nullable Object[] {
                clientId,
                proposed.actionId(),
                proposed.ticketId(),
                proposed.runId(),
                ticket == null ? null : JSON.writeValueAsString(ticket)
            };
        }
    }

    void add(String clientId, ActionProposed proposed) {
        added.add(new Added(clientId, proposed));
        known.get()
                .computeIfPresent(
                        proposed.actionId(),
                        (action, before) ->
                                before.equals(Proposal.NONE) ? new Proposal(null, false, proposed.ticket()) : before);
    }

    /** Writes what was added in the running transaction, for who reads it there by other ways. */
    void flush() {
        added.flush();
    }

    /** Lets go of what was read, after {@link #flush}: what goes by the table is about to change it. */
    void letGo() {
        flush();
        known.get().clear();
    }

    /** Reads what is known of many at once. */
    void foresee(Collection<UUID> actions) {
        if (actions.isEmpty()) {
            return;
        }
        flush();
        Map<UUID, Proposal> all = known.get();
        actions.forEach(action -> all.put(action, Proposal.NONE));
        jdbc.sql("select action_id, overtaken, doubted, ticket from proposal where action_id = any(:actions)")
                .param("actions", actions.toArray(UUID[]::new))
                .query((row, number) -> Map.entry(row.getObject("action_id", UUID.class), proposal(row)))
                .list()
                .forEach(found -> all.put(found.getKey(), found.getValue()));
    }

    private static Proposal proposal(ResultSet row) throws SQLException {
        return new Proposal(row.getString("overtaken"), row.getBoolean("doubted"), ticket(row.getString("ticket")));
    }

    /**
     * What is known of a proposal.
     *
     * @param overtaken why the ticket has gone on without it, if it has
     * @param doubted whether somebody who is not proven to be the customer wrote to the ticket after it was proposed
     * @param ticket the ticket in short, if that is known
     */
    record Proposal(
            @Nullable String overtaken,
            boolean doubted,
            @Nullable TicketBrief ticket) {

        /** Of an action that no run proposed. */
        static final Proposal NONE = new Proposal(null, false, null);
    }

    /** What is known of the proposal of that action. */
    Proposal of(UUID actionId) {
        Proposal proposal = known.get().get(actionId);
        if (proposal == null) {
            foresee(List.of(actionId));
            proposal = known.get().getOrDefault(actionId, Proposal.NONE);
        }
        return proposal;
    }

    /** The ticket as it is stored. */
    static @Nullable TicketBrief ticket(@Nullable String json) {
        return json == null ? null : JSON.readValue(json, TicketBrief.class);
    }

    /** Another run has the ticket now: what earlier ones proposed is over. Returns the actions. */
    List<UUID> overtakenBy(UUID runId, UUID ticketId, String reason) {
        return overtake("run_id <> :run", runId, ticketId, reason);
    }

    /** The run is over, and so is what it proposed. Returns the actions. */
    List<UUID> leftBy(UUID runId, UUID ticketId, String reason) {
        return overtake("run_id = :run", runId, ticketId, reason);
    }

    /** Whatever was proposed for the ticket is over. */
    void givenUp(UUID ticketId, String reason) {
        flush();
        int changed = jdbc.sql(
                        "update proposal set overtaken = :reason where ticket_id = :ticket and overtaken is null")
                .param("reason", reason)
                .param("ticket", ticketId)
                .update();
        changed(changed > 0);
    }

    /** Somebody who is not proven to be the customer wrote to the ticket. */
    void doubt(UUID ticketId) {
        flush();
        int changed = jdbc.sql("update proposal set doubted = true where ticket_id = :ticket and not doubted")
                .param("ticket", ticketId)
                .update();
        changed(changed > 0);
    }

    /** What was read before may be otherwise now. */
    private void changed(boolean some) {
        if (some) {
            known.get().clear();
        }
    }

    private List<UUID> overtake(String which, UUID runId, UUID ticketId, String reason) {
        flush();
        List<UUID> actions = jdbc.sql("update proposal set overtaken = :reason where ticket_id = :ticket"
                        + " and overtaken is null and " + which + " returning action_id")
                .param("reason", reason)
                .param("ticket", ticketId)
                .param("run", runId)
                .query(UUID.class)
                .list();
        changed(!actions.isEmpty());
        return actions;
    }
}
