package io.opsrelay.ingestion.mailout;

import io.opsrelay.ingestion.privacy.ErasedCustomer;
import io.opsrelay.ingestion.privacy.PersonalData;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Erases where mails went and what servers said of it; what has not left yet never will. */
@Component
class MailOutPersonalData implements PersonalData {

    private final JdbcClient jdbc;

    MailOutPersonalData(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public void erase(String clientId, ErasedCustomer customer) {
        UUID[] tickets = customer.ticketIds().toArray(UUID[]::new);
        jdbc.sql("""
                        update message m set state = 'failed' from mail_out o
                        where o.ticket_id = any(?) and m.client_id = o.client_id and m.ticket_id = o.ticket_id
                          and m.message_id = o.message_id and m.state = 'pending'
                        """).param(tickets).update();
        jdbc.sql("update mail_out set recipient = null, error = null where ticket_id = any(?)")
                .param(tickets)
                .update();
        jdbc.sql("delete from mail_suppression where email = any(?)")
                .param(customer.addresses().toArray(String[]::new))
                .update();
    }
}
