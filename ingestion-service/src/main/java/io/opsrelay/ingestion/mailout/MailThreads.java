package io.opsrelay.ingestion.mailout;

import java.util.List;
import java.util.UUID;

/** The Message-IDs of a ticket's conversation, kept by whoever takes mails in. */
public interface MailThreads {

    /**
     * Notes that a mail belongs to a ticket; joins the running transaction of the client.
     *
     * @param rfc822MessageId with or without angle brackets
     */
    void remember(String clientId, UUID ticketId, UUID messageId, String rfc822MessageId);

    /**
     * The newest Message-IDs of the ticket's conversation, oldest first; joins the running transaction of the client.
     *
     * @param most how many
     */
    List<String> newest(String clientId, UUID ticketId, int most);
}
