package io.opsrelay.approval.request;

import io.opsrelay.contracts.ActionEvent.ActionProposed;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The table {@code proposal}: which run of the agent wants what. Every call belongs into a transaction of the client. */
@Repository
class Proposals {

    private final JdbcClient jdbc;

    Proposals(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    void add(String clientId, ActionProposed proposed) {
        jdbc.sql("""
            insert into proposal (client_id, action_id, ticket_id, run_id)
            values (:client, :action, :ticket, :run) on conflict do nothing\
            """)
                .param("client", clientId)
                .param("action", proposed.actionId())
                .param("ticket", proposed.ticketId())
                .param("run", proposed.runId())
                .update();
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
        jdbc.sql("update proposal set overtaken = :reason where ticket_id = :ticket and overtaken is null")
                .param("reason", reason)
                .param("ticket", ticketId)
                .update();
    }

    /** Somebody who is not proven to be the customer wrote to the ticket. */
    void doubt(UUID ticketId) {
        jdbc.sql("update proposal set doubted = true where ticket_id = :ticket and not doubted")
                .param("ticket", ticketId)
                .update();
    }

    /** Whether somebody who is not proven to be the customer wrote after that action was proposed. */
    boolean doubted(UUID actionId) {
        return jdbc.sql("select exists (select from proposal where action_id = :action and doubted)")
                .param("action", actionId)
                .query(Boolean.class)
                .single();
    }

    private List<UUID> overtake(String which, UUID runId, UUID ticketId, String reason) {
        return jdbc.sql("update proposal set overtaken = :reason where ticket_id = :ticket and overtaken is null and "
                        + which + " returning action_id")
                .param("reason", reason)
                .param("ticket", ticketId)
                .param("run", runId)
                .query(UUID.class)
                .list();
    }

    /** Why the ticket has gone on without that action, if it has. */
    Optional<String> overtaken(UUID actionId) {
        return jdbc.sql("select overtaken from proposal where action_id = :action and overtaken is not null")
                .param("action", actionId)
                .query(String.class)
                .optional();
    }
}
