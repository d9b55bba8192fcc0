package io.opsrelay.ingestion.attachment;

import io.opsrelay.security.web.ProblemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Files of a ticket that go out with a message to its customer. Runs in a transaction of the client. */
@Component
public class SentFiles {

    private static final String FIELD = "attachments";

    private final JdbcClient jdbc;
    private final AttachmentStore store;
    private final AttachmentProperties properties;

    SentFiles(JdbcClient jdbc, AttachmentStore store, AttachmentProperties properties) {
        this.jdbc = jdbc;
        this.store = store;
        this.properties = properties;
    }

    /**
     * Has these files go out with the message.
     *
     * @throws ProblemException if one of them is no file of the ticket, or they are too many or too large for a mail
     */
    public void send(String clientId, UUID ticketId, UUID messageId, List<UUID> fileIds) {
        if (fileIds.isEmpty()) {
            return;
        }
        if (fileIds.size() > properties.maxFiles()) {
            throw ProblemException.unprocessable(FIELD, "must be at most " + properties.maxFiles() + " files");
        }
        Map<UUID, TicketFile> known =
                store.ofTicket(ticketId).stream().collect(Collectors.toMap(TicketFile::fileId, Function.identity()));
        long size = 0;
        List<UUID> given = new ArrayList<>();
        for (UUID fileId : fileIds) {
            TicketFile file = known.get(fileId);
            if (file == null) {
                throw ProblemException.unprocessable(
                        FIELD, fileId + " is no file of this ticket: upload it there first");
            }
            if (given.contains(fileId)) {
                throw ProblemException.unprocessable(FIELD, fileId + " is named twice");
            }
            given.add(fileId);
            size += file.size();
        }
        if (size > properties.maxSent().toBytes()) {
            throw ProblemException.tooLarge(
                    FIELD,
                    "must have at most " + properties.maxSent().toMegabytes()
                            + " MiB together, which is what a mail may carry");
        }
        for (int position = 0; position < given.size(); position++) {
            jdbc.sql("""
                            insert into sent_file (client_id, message_id, position, ticket_id, file_id)
                            values (?, ?, ?, ?, ?)
                            """)
                    .params(clientId, messageId, position, ticketId, given.get(position))
                    .update();
        }
    }

    /** What goes out with the message, in order. */
    public List<TicketFile> of(UUID messageId) {
        return jdbc.sql("""
                        select f.file_id, f.message_id, f.file_name, f.media_type, f.size, f.sha256, f.stored_at
                        from sent_file s join stored_file f using (client_id, file_id)
                        where s.message_id = ? order by s.position
                        """).param(messageId).query(AttachmentStore::ticketFile).list();
    }
}
