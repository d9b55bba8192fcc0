package io.opsrelay.ingestion.ticket;

import io.opsrelay.ingestion.ticket.TicketView.Entry;
import io.opsrelay.ingestion.ticket.TicketView.Message;
import io.opsrelay.security.web.Page;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Reads what happened to a ticket, in causal order: by its versions; and what was said on it, by time. Runs inside a
 * transaction of the client.
 */
@Component
class TicketHistory {

    private final JdbcClient jdbc;

    TicketHistory(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * The ticket's own messages up to that version, and what was said on tickets that were merged into it, in the order of
     * time.
     */
    Page<Message> messages(UUID ticketId, HistoryCursor after, long version, int limit) {
        List<Message> rows = jdbc.sql("""
                        select ticket_id, message_id, direction, text, state, author, verified, created_at,
                            exists (select from mail_body b
                                where b.message_id = message.message_id and b.html is not null) as has_html,
                            array(select file_id from sent_file s where s.message_id = message.message_id
                                order by s.position) as sent
                        from message
                        where %s and (ticket_id <> :ticket or seq <= :version) and (created_at, message_id) > (:time, :id)
                        order by created_at, message_id limit :rows
                        """.formatted(MessageStore.OF_TICKET_AND_MERGED))
                .param("ticket", ticketId)
                .param("time", after.time().atOffset(ZoneOffset.UTC))
                .param("id", after.id())
                .param("version", version)
                .param("rows", limit + 1)
                .query((row, number) -> message(ticketId, row))
                .list();
        return page(rows, limit, message -> HistoryCursor.behind(message.createdAt(), message.messageId()));
    }

    /** Each entry names what was said with it; of several messages of one version, the first. */
    Page<Entry> timeline(UUID ticketId, HistoryCursor after, long version, int limit) {
        List<Entry> rows = jdbc.sql("""
                        select seq, event, at, actor, summary, data,
                            (select message_id from message m where m.ticket_id = e.ticket_id and m.seq = e.seq
                             order by message_id limit 1) as message_id
                        from timeline_entry e
                        where ticket_id = :ticket and seq > :seq and seq <= :version order by seq limit :rows
                        """)
                .param("ticket", ticketId)
                .param("seq", after.seq())
                .param("version", version)
                .param("rows", limit + 1)
                .query((row, number) -> entry(row))
                .list();
        return page(rows, limit, entry -> HistoryCursor.behind(entry.seq()));
    }

    /** The newest message to the customer. */
    @Nullable
    String newestReply(UUID ticketId, long version) {
        return jdbc.sql("""
                        select text from message
                        where ticket_id = :ticket and seq <= :version and direction = 'outbound'
                        order by seq desc, message_id desc limit 1
                        """)
                .param("ticket", ticketId)
                .param("version", version)
                .query(String.class)
                .optional()
                .orElse(null);
    }

    private static <T> Page<T> page(List<T> rows, int limit, Function<T, HistoryCursor> cursorOf) {
        boolean more = rows.size() > limit;
        List<T> shown = more ? rows.subList(0, limit) : rows;
        return new Page<>(shown, more ? cursorOf.apply(shown.getLast()).encoded() : null);
    }

    private static Message message(UUID shown, ResultSet row) throws SQLException {
        UUID of = row.getObject("ticket_id", UUID.class);
        return new Message(
                row.getObject("message_id", UUID.class),
                row.getString("direction"),
                row.getString("text"),
                row.getString("state"),
                TicketReader.instant(row, "created_at"),
                row.getString("author"),
                row.getObject("verified", Boolean.class),
                shown.equals(of) ? null : of,
                row.getBoolean("has_html"),
                List.of((UUID[]) row.getArray("sent").getArray()));
    }

    private static Entry entry(ResultSet row) throws SQLException {
        return new Entry(
                row.getLong("seq"),
                row.getString("event"),
                TicketReader.instant(row, "at"),
                row.getString("actor"),
                row.getString("summary"),
                row.getObject("message_id", UUID.class),
                row.getString("data"));
    }
}
