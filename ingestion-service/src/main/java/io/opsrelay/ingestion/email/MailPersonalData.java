package io.opsrelay.ingestion.email;

import io.opsrelay.ingestion.privacy.ErasedCustomer;
import io.opsrelay.ingestion.privacy.PersonalData;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Erases what is kept of a customer's mails beside the tickets: filed ones, Message-IDs, and who took part. */
@Component
class MailPersonalData implements PersonalData {

    /** By the customer's addresses. */
    private static final List<String> BY_ADDRESS = List.of(
            "delete from filed_mail where sender = any(?)",
            "delete from mail_participant where email = any(?)",
            "delete from mail_rate where correspondent = any(?)");

    /** By the customer's tickets. */
    private static final List<String> BY_TICKET = List.of(
            "delete from filed_mail where ticket_id = any(?)",
            "delete from mail_participant where ticket_id = any(?)",
            "delete from mail_body where ticket_id = any(?)",
            "delete from mail_thread where ticket_id = any(?)",
            "delete from inbound_mail where ticket_id = any(?)");

    private final JdbcClient jdbc;

    MailPersonalData(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public void erase(String clientId, ErasedCustomer customer) {
        String[] addresses = customer.addresses().toArray(String[]::new);
        UUID[] tickets = customer.ticketIds().toArray(UUID[]::new);
        BY_ADDRESS.forEach(sql -> jdbc.sql(sql).param(addresses).update());
        BY_TICKET.forEach(sql -> jdbc.sql(sql).param(tickets).update());
    }
}
