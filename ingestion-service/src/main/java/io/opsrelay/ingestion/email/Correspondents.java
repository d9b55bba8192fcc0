package io.opsrelay.ingestion.email;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Who takes part in a ticket by mail, and how much each of them has set off. Runs in a transaction of the client. */
@Repository
class Correspondents {

    private static final int MOST_OF_A_TICKET = 50;
    private static final Duration RATES_KEPT = Duration.ofHours(2);

    private final JdbcClient jdbc;

    Correspondents(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Whether the ticket is that person's, by any of the person's addresses, or was written about with that person before. */
    boolean takesPart(UUID ticketId, String email) {
        return !jdbc.sql("""
                        select 1 from ticket t join customer c using (client_id, customer_id)
                        join customer a on a.client_id = c.client_id and a.root = c.root
                        where t.ticket_id = :ticket and a.email = :email
                        union all
                        select 1 from mail_participant where ticket_id = :ticket and email = :email
                        limit 1
                        """)
                .param("ticket", ticketId)
                .param("email", email)
                .query(Integer.class)
                .list()
                .isEmpty();
    }

    void join(String clientId, UUID ticketId, List<String> emails) {
        for (String email : emails.stream().distinct().limit(MOST_OF_A_TICKET).toList()) {
            jdbc.sql("""
                            insert into mail_participant (client_id, ticket_id, email)
                            select :client, :ticket, :email
                            where (select count(*) from mail_participant where ticket_id = :ticket) < :most
                            on conflict do nothing
                            """)
                    .param("client", clientId)
                    .param("ticket", ticketId)
                    .param("email", email)
                    .param("most", MOST_OF_A_TICKET)
                    .update();
        }
    }

    /** Whether that person's last mail on the ticket said just this, and was written no longer ago than that. */
    boolean saidJustNow(UUID ticketId, String email, String text, Duration within, Instant now) {
        return !jdbc.sql("""
                        select 1 from mail_participant
                        where ticket_id = :ticket and email = :email and text_hash = :hash and said_at > :since
                        """)
                .param("ticket", ticketId)
                .param("email", email)
                .param("hash", hash(text))
                .param("since", now.minus(within).atOffset(ZoneOffset.UTC))
                .query(Integer.class)
                .list()
                .isEmpty();
    }

    void said(UUID ticketId, String email, String text, Instant now) {
        jdbc.sql("""
                        update mail_participant set text_hash = :hash, said_at = :now
                        where ticket_id = :ticket and email = :email
                        """)
                .param("ticket", ticketId)
                .param("email", email)
                .param("hash", hash(text))
                .param("now", now.atOffset(ZoneOffset.UTC))
                .update();
    }

    /** Counts one more ticket of this hour, and says how many there are by now. */
    int countTicket(String clientId, String email, Instant now) {
        return count(clientId, email, now, 1, 0, "tickets");
    }

    /** Counts one more reply of this hour, and says how many there are by now. */
    int countReply(String clientId, String email, Instant now) {
        return count(clientId, email, now, 0, 1, "replies");
    }

    private int count(String clientId, String email, Instant now, int tickets, int replies, String which) {
        return jdbc.sql("""
                        insert into mail_rate as r (client_id, correspondent, hour, tickets, replies)
                        values (:client, :email, :hour, :tickets, :replies)
                        on conflict (client_id, correspondent, hour) do update
                        set tickets = r.tickets + excluded.tickets, replies = r.replies + excluded.replies
                        returning\s""" + which)
                .param("client", clientId)
                .param("email", email)
                .param("hour", now.truncatedTo(ChronoUnit.HOURS).atOffset(ZoneOffset.UTC))
                .param("tickets", tickets)
                .param("replies", replies)
                .query(Integer.class)
                .single();
    }

    /** Counts of hours that are over. */
    void prune(Instant now) {
        jdbc.sql("delete from mail_rate where hour < ?")
                .param(now.minus(RATES_KEPT).atOffset(ZoneOffset.UTC))
                .update();
    }

    private static byte[] hash(String text) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(text.strip().replaceAll("\\s+", " ").getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
