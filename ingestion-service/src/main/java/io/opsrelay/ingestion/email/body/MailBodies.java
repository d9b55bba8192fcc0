package io.opsrelay.ingestion.email.body;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** How mails on tickets looked. Runs in a transaction of the client. */
@Repository
public class MailBodies {

    private final JdbcClient jdbc;

    MailBodies(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Keeps what the mail that became this message looked like. */
    public void keep(String clientId, UUID ticketId, UUID messageId, MailBody body) {
        List<String> ids = new ArrayList<>();
        List<UUID> files = new ArrayList<>();
        body.inline().forEach((id, file) -> {
            ids.add(id);
            files.add(file);
        });
        jdbc.sql("""
                        insert into mail_body (client_id, message_id, ticket_id, html, inline_ids, inline_file, original)
                        values (:client, :message, :ticket, :html, :ids, :files, :original) on conflict do nothing
                        """)
                .param("client", clientId)
                .param("message", messageId)
                .param("ticket", ticketId)
                .param("html", body.html(), Types.VARCHAR)
                .param("ids", ids.toArray(String[]::new))
                .param("files", files.toArray(UUID[]::new))
                .param("original", body.original(), Types.OTHER)
                .update();
    }

    /** A mail on a ticket, or on one that was merged into it. */
    Optional<Kept> find(UUID ticketId, UUID messageId) {
        return jdbc.sql("""
                        select ticket_id, html, inline_ids, inline_file, original from mail_body
                        where message_id = :message
                          and (ticket_id = :ticket
                            or ticket_id in (select ticket_id from ticket where merged_into = :ticket))
                        """)
                .param("message", messageId)
                .param("ticket", ticketId)
                .query(MailBodies::kept)
                .optional();
    }

    /** @param ticketId the ticket that it came in on, whose files its images are */
    record Kept(UUID ticketId, MailBody body) {}

    private static Kept kept(ResultSet row, int n) throws SQLException {
        String[] ids = (String[]) array(row, "inline_ids");
        UUID[] files = (UUID[]) array(row, "inline_file");
        Map<String, UUID> inline = new HashMap<>();
        for (int i = 0; i < ids.length; i++) {
            inline.put(ids[i], files[i]);
        }
        return new Kept(
                row.getObject("ticket_id", UUID.class),
                new MailBody(row.getString("html"), inline, row.getObject("original", UUID.class)));
    }

    private static Object array(ResultSet row, String name) throws SQLException {
        Array array = row.getArray(name);
        return array.getArray();
    }
}
