package io.opsrelay.action.erasure;

import io.opsrelay.contracts.TicketEvent.CustomerErased;
import java.util.Collection;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Of the actions on an erased customer's ticket it stays what was done, when, for how much and with which outcome; the
 * customer's address and every argument that holds one go. An action whose outcome is still open keeps what settles it and
 * is marked: it is erased in the commit that ends it. The audit log is not touched: nobody can change it.
 */
@Component
public class ErasedActions {

    private static final String OVER = "status in ('succeeded', 'failed', 'cancelled', 'rejected', 'expired')";

    private static final String ERASE =
            "update action set " + without("proposed") + ", " + without("edit") + ", " + without("result") + ", " + """
            canonical = case when canonical is not null and canonical like '%@%' then '{}' else canonical end,
            customer = case when customer is not null
                then jsonb_set(customer, '{email}', '"erased@erased.invalid"') end,
            effect = case when effect::text like '%@%'
                then effect || '{"summary": "[erased]", "details": {}}' else effect end,
            failure_reason = case when failure_reason like '%@%' then '[erased]' else failure_reason end""";

    private final JdbcClient jdbc;

    ErasedActions(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Erases those of the ticket that are over, and marks them all. In the running transaction of the client. */
    public void erase(CustomerErased erased) {
        UUID ticketId = erased.ticketId();
        jdbc.sql("update action set erased = true where ticket_id = ?")
                .param(ticketId)
                .update();
        jdbc.sql(ERASE + ", revision = revision + 1 where ticket_id = ? and " + OVER)
                .param(ticketId)
                .update();
        jdbc.sql("update action_step set detail = '[erased]' where detail like '%@%'"
                        + " and action_id in (select action_id from action where ticket_id = ? and " + OVER + ")")
                .param(ticketId)
                .update();
    }

    /**
     * Something was written to actions: of those that are marked and over, that is erased too. In the transaction that has
     * written it, whose readers get the rows as they are then, under the revision that they have.
     */
    public void written(Collection<UUID> actionIds) {
        UUID[] ids = actionIds.toArray(UUID[]::new);
        int marked = jdbc.sql(ERASE + " where action_id = any(?) and erased and " + OVER)
                .param(ids)
                .update();
        if (marked > 0) {
            jdbc.sql("update action_step set detail = '[erased]' where detail like '%@%' and action_id in"
                            + " (select action_id from action where action_id = any(?) and erased and " + OVER + ")")
                    .param(ids)
                    .update();
        }
    }

    /** Sets a column of JSON to itself without the entries that hold an address. */
    private static String without(String column) {
        return column + " = case when jsonb_typeof(" + column + ") = 'object' then coalesce((select"
                + " jsonb_object_agg(key, value) from jsonb_each(" + column
                + ") where value::text not like '%@%'), '{}')"
                + " else " + column + " end";
    }
}
