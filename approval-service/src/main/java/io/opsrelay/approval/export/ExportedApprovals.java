package io.opsrelay.approval.export;

import io.opsrelay.contracts.ExportEvent.ExportRequested;
import io.opsrelay.messaging.Outbox;
import io.opsrelay.security.seal.SealedParts;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** All that is held of a ticket: what was asked for, who decided what about it and why, and what the agent proposed. */
@Component
public class ExportedApprovals {

    private static final String SERVICE = "approval-service";

    private static final String HELD = """
            select jsonb_build_object(
                'approvals', coalesce((select jsonb_agg((to_jsonb(a) - 'client_id') || jsonb_build_object(
                        'votes', coalesce((select jsonb_agg(to_jsonb(v) - 'client_id' - 'approval_id'
                                order by v.voted_at, v.voter)
                            from approval_vote v where v.approval_id = a.approval_id), '[]'))
                        order by a.created_at, a.approval_id)
                    from approval a where a.ticket_id = :ticket), '[]'),
                'proposals', coalesce((select jsonb_agg(to_jsonb(p) - 'client_id' order by p.action_id)
                    from proposal p where p.ticket_id = :ticket), '[]'))::text
            """;

    private final JdbcClient jdbc;
    private final Outbox outbox;

    ExportedApprovals(JdbcClient jdbc, Outbox outbox) {
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
