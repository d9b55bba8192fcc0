package io.opsrelay.action.export;

import io.opsrelay.contracts.ExportEvent.ExportRequested;
import io.opsrelay.messaging.Outbox;
import io.opsrelay.security.seal.SealedParts;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** All that is held of a ticket: the actions that were asked for, with every step and what came of them. */
@Component
public class ExportedActions {

    private static final String SERVICE = "action-engine";

    private static final String HELD = """
            select jsonb_build_object(
                'actions', coalesce((select jsonb_agg((to_jsonb(a) - 'client_id') || jsonb_build_object(
                        'steps', coalesce((select jsonb_agg(to_jsonb(s) - 'client_id' - 'action_id' order by s.position)
                            from action_step s where s.action_id = a.action_id), '[]'))
                        order by a.created_at, a.action_id)
                    from action a where a.ticket_id = :ticket), '[]'))::text
            """;

    private final JdbcClient jdbc;
    private final Outbox outbox;

    ExportedActions(JdbcClient jdbc, Outbox outbox) {
        this.jdbc = jdbc;
        this.outbox = outbox;
    }

    /** Answers, in the running transaction of the client, which must have written all that it has changed. */
    public void answer(String clientId, ExportRequested requested) {
        String held = jdbc.sql(HELD)
                .param("ticket", requested.ticketId())
                .query(String.class)
                .single();
        requested.answeredBy(SERVICE, held, SealedParts::seal).forEach(part -> outbox.publish(clientId, part));
    }
}
