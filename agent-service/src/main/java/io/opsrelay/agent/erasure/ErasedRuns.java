package io.opsrelay.agent.erasure;

import io.opsrelay.contracts.TicketEvent.CustomerErased;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Of the runs on an erased customer's ticket their times and outcomes stay; texts, transcripts, sealed values and what
 * people taught the classifier by that text go. Who was shown sealed values stays on record, without the values.
 */
@Component
public class ErasedRuns {

    private static final List<String> STATEMENTS = List.of("""
            update run set facts = '{}', steps = '[]', news = null, dialogue = null, earlier = null,
                ticket = (jsonb_set(ticket, '{customer,email}', '"erased@erased.invalid"')
                    || '{"subject": "[erased]", "body": "[erased]", "metadata": {}}'::jsonb) - 'external_id'
            where ticket_id = :ticket
            """, """
            update run_action set news = null where run_id in (select run_id from run where ticket_id = :ticket)
            """, """
            delete from ticket_redaction where ticket_id = :ticket
            """, """
            delete from label_example where ticket_id = :ticket and source = 'correction'
            """);

    private final JdbcClient jdbc;

    ErasedRuns(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Erases, in the running transaction of the client. */
    public void erase(CustomerErased erased) {
        STATEMENTS.forEach(statement ->
                jdbc.sql(statement).param("ticket", erased.ticketId()).update());
    }
}
