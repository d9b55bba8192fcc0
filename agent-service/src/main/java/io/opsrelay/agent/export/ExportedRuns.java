package io.opsrelay.agent.export;

import io.opsrelay.agent.privacy.Mapping;
import io.opsrelay.agent.vault.Vault;
import io.opsrelay.contracts.ContractJson;
import io.opsrelay.contracts.ExportEvent.ExportRequested;
import io.opsrelay.messaging.Outbox;
import io.opsrelay.security.seal.SealedParts;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * All that is held of a ticket: its runs with what they were told, thought, wrote and had done; what was taken out of its
 * text, put back in its places; who was shown that; what people corrected or taught by it.
 */
@Component
public class ExportedRuns {

    private static final String SERVICE = "agent-service";

    private static final String HELD = """
            select jsonb_build_object(
                'runs', coalesce((select jsonb_agg((to_jsonb(r) - 'client_id') || jsonb_build_object(
                        'proposals', coalesce((select jsonb_agg(to_jsonb(a) - 'client_id' - 'run_id' order by a.action_id)
                            from run_action a where a.run_id = r.run_id), '[]')) order by r.created_at, r.run_id)
                    from run r where r.ticket_id = :ticket), '[]'),
                'shown_to', coalesce((select jsonb_agg(to_jsonb(s) - 'client_id' order by s.revealed_at)
                    from redaction_reveal s where s.ticket_id = :ticket), '[]'),
                'judgements', coalesce((select jsonb_agg(to_jsonb(j) - 'client_id')
                    from judgement j where j.ticket_id = :ticket), '[]'),
                'taught', coalesce((select jsonb_agg(to_jsonb(e) - 'client_id')
                    from label_example e where e.ticket_id = :ticket and e.source = 'correction'), '[]'))::text
            """;

    private final JsonMapper json = ContractJson.mapper();
    private final JdbcClient jdbc;
    private final Vault vault;
    private final Outbox outbox;

    ExportedRuns(JdbcClient jdbc, Vault vault, Outbox outbox) {
        this.jdbc = jdbc;
        this.vault = vault;
        this.outbox = outbox;
    }

    /** Answers, in the running transaction of the client, which must have written all that it has changed. */
    public void answer(String clientId, ExportRequested requested) {
        Mapping mapping = vault.mapping(clientId, requested.ticketId());
        String held = jdbc.sql(HELD)
                .param("ticket", requested.ticketId())
                .query(String.class)
                .single();
        requested
                .answeredBy(SERVICE, restored(held, mapping), SealedParts::seal)
                .forEach(part -> outbox.publish(clientId, part));
    }

    /** Tokens stand within JSON strings, so each value is put in as it is written in one. */
    private String restored(String held, Mapping mapping) {
        Map<String, String> escaped = new LinkedHashMap<>();
        mapping.values().forEach((token, value) -> {
            String quoted = json.writeValueAsString(value);
            escaped.put(token, quoted.substring(1, quoted.length() - 1));
        });
        return new Mapping(escaped).restore(held);
    }
}
