package io.opsrelay.approval.erasure;

import io.opsrelay.contracts.TicketEvent.CustomerErased;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Of the approvals on an erased customer's ticket it stays who decided what and when; words of people and whatever holds
 * an address go. One that is pending must be withdrawn with it: what it asked for can no longer be read, nor done. The audit
 * log is not touched: nobody can change it.
 */
@Component
public class ErasedApprovals {

    private static final List<String> STATEMENTS = List.of("""
            update approval set
                arguments = coalesce((select jsonb_object_agg(key, value) from jsonb_each(arguments)
                    where value::text not like '%@%'), '{}'),
                edited_arguments = case when edited_arguments is not null then
                    coalesce((select jsonb_object_agg(key, value) from jsonb_each(edited_arguments)
                        where value::text not like '%@%'), '{}') end,
                effect = case when effect::text like '%@%'
                    then effect || '{"summary": "[erased]", "details": {}}' else effect end,
                reason = case when reason is not null then '[erased]' end,
                revision = revision + 1
            where ticket_id = :ticket
            """, """
            update approval_vote set reason = case when reason is not null then '[erased]' end
            where approval_id in (select approval_id from approval where ticket_id = :ticket)
            """, """
            update proposal set ticket = null where ticket_id = :ticket and ticket is not null
            """);

    private final JdbcClient jdbc;

    ErasedApprovals(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Erases, in the running transaction of the client. */
    public void erase(CustomerErased erased) {
        STATEMENTS.forEach(statement ->
                jdbc.sql(statement).param("ticket", erased.ticketId()).update());
    }
}
