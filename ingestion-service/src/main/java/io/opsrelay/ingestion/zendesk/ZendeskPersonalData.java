package io.opsrelay.ingestion.zendesk;

import io.opsrelay.ingestion.privacy.ErasedCustomer;
import io.opsrelay.ingestion.privacy.PersonalData;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Erases what was quoted of replies and answers; a comment that has not left yet never will. */
@Component
class ZendeskPersonalData implements PersonalData {

    private final JdbcClient jdbc;

    ZendeskPersonalData(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public void erase(String clientId, ErasedCustomer customer) {
        UUID[] tickets = customer.ticketIds().toArray(UUID[]::new);
        jdbc.sql("""
                        update message m set state = 'failed' from zendesk_write w
                        where w.ticket_id = any(?) and w.state = 'pending' and m.client_id = w.client_id
                          and m.ticket_id = w.ticket_id and m.message_id = w.write_id and m.state = 'pending'
                        """).param(tickets).update();
        jdbc.sql("update zendesk_run_ticket set preview = null, reason = null where ticket_id = any(?)")
                .param(tickets)
                .update();
        jdbc.sql("update zendesk_write set error = null where ticket_id = any(?)")
                .param(tickets)
                .update();
    }
}
