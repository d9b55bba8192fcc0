package io.opsrelay.ingestion.email;

import io.opsrelay.ingestion.mailout.MailThreads;
import io.opsrelay.security.tenant.ClientTransactions;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The Message-IDs (RFC 5322) of what was written on tickets, by us or to us. */
@Component
public class Threads implements MailThreads {

    private static final int LONGEST = 998;

    private final ClientTransactions transactions;
    private final JdbcClient jdbc;
    private final Clock clock;

    Threads(ClientTransactions transactions, JdbcClient jdbc, Clock clock) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /**
     * Notes that a mail belongs to a ticket; joins a running transaction of the client. A Message-ID that is known
     * already stays where it is.
     *
     * @param messageId of the message on the ticket
     * @param rfc822MessageId with or without angle brackets
     */
    @Override
    public void remember(String clientId, UUID ticketId, UUID messageId, String rfc822MessageId) {
        transactions.run(clientId, () -> jdbc.sql("""
                        insert into mail_thread (client_id, rfc822_id, ticket_id, message_id, created_at)
                        values (:client, :id, :ticket, :message, :now) on conflict do nothing
                        """)
                .param("client", clientId)
                .param("id", bare(rfc822MessageId))
                .param("ticket", ticketId)
                .param("message", messageId)
                .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                .update());
    }

    @Override
    public List<String> newest(String clientId, UUID ticketId, int most) {
        return transactions
                .call(clientId, () -> jdbc.sql("""
                                select rfc822_id from mail_thread where ticket_id = :ticket
                                order by created_at desc, rfc822_id limit :most
                                """)
                        .param("ticket", ticketId)
                        .param("most", most)
                        .query(String.class)
                        .list())
                .reversed();
    }

    /**
     * The ticket that one of these mails belongs to.
     *
     * @param rfc822MessageIds the ones to believe first come first; with or without angle brackets
     */
    public Optional<UUID> ticketOf(String clientId, List<String> rfc822MessageIds) {
        if (rfc822MessageIds.isEmpty()) {
            return Optional.empty();
        }
        List<String> ids = rfc822MessageIds.stream().map(Threads::bare).toList();
        Map<String, UUID> known = transactions.call(clientId, () -> jdbc
                .sql("select rfc822_id, ticket_id from mail_thread where rfc822_id = any (:ids)")
                .param("ids", ids.toArray(String[]::new))
                .query((row, n) -> Map.entry(row.getString("rfc822_id"), row.getObject("ticket_id", UUID.class)))
                .list()
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
        return ids.stream().filter(known::containsKey).map(known::get).findFirst();
    }

    /** A Message-ID without brackets and spaces, at most 998 characters, as it is kept. */
    public static String bare(String rfc822MessageId) {
        String id = rfc822MessageId.strip();
        if (id.startsWith("<") && id.endsWith(">")) {
            id = id.substring(1, id.length() - 1).strip();
        }
        return id.length() > LONGEST ? id.substring(0, LONGEST) : id;
    }
}
