package io.opsrelay.ingestion.mailout.mailbox;

import io.opsrelay.ingestion.mailout.provider.OutgoingMail;
import jakarta.mail.Address;
import jakarta.mail.FetchProfile;
import jakarta.mail.Folder;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.Session;
import jakarta.mail.Store;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Reads the local mailbox by IMAP, changing nothing in it. */
@Component
class LocalMailbox {

    private static final int TIMEOUT_MILLIS = 5_000;
    /** How far back it is looked: the mailbox holds the mails of all clients. */
    private static final int MOST_LOOKED_AT = 500;

    private static final int MOST_TEXT_BYTES = 64 * 1024;

    private final LocalMailboxProperties properties;

    LocalMailbox(LocalMailboxProperties properties) {
        this.properties = properties;
    }

    /**
     * A mail as it arrived.
     *
     * @param messageId of the message on the ticket
     * @param text its plain text, at most 64 KiB of it
     */
    record ArrivedMail(
            UUID messageId,
            @Nullable String rfc822MessageId,
            String from,
            String to,
            String replyTo,
            String subject,
            String text,
            @Nullable Instant sentAt) {}

    /**
     * The newest mails of one client, newest first.
     *
     * @param own which of these messages are the client's
     * @throws MessagingException if the mailbox cannot be read
     */
    List<ArrivedMail> newest(int limit, Function<Collection<UUID>, Set<UUID>> own)
            throws MessagingException, IOException {
        Session session = Session.getInstance(settings());
        try (Store store = session.getStore("imap")) {
            store.connect(properties.host(), properties.port(), properties.username(), properties.password());
            try (Folder inbox = store.getFolder("INBOX")) {
                inbox.open(Folder.READ_ONLY);
                Map<Message, UUID> marked = marked(inbox);
                Set<UUID> theirs = own.apply(List.copyOf(marked.values()));
                List<ArrivedMail> mails = new ArrayList<>();
                for (Map.Entry<Message, UUID> entry : marked.entrySet()) {
                    if (mails.size() < limit && theirs.contains(entry.getValue())) {
                        mails.add(read(entry.getKey(), entry.getValue()));
                    }
                }
                return mails;
            }
        }
    }

    /** Those that carry our mark, newest first. */
    private static Map<Message, UUID> marked(Folder inbox) throws MessagingException {
        int all = inbox.getMessageCount();
        Message[] newest = all == 0 ? new Message[0] : inbox.getMessages(Math.max(1, all - MOST_LOOKED_AT + 1), all);
        FetchProfile headers = new FetchProfile();
        headers.add(OutgoingMail.MARK);
        headers.add(FetchProfile.Item.ENVELOPE);
        inbox.fetch(newest, headers);
        Map<Message, UUID> marked = new LinkedHashMap<>();
        for (Message message : Arrays.asList(newest).reversed()) {
            UUID mark = markOf(message);
            if (mark != null) {
                marked.put(message, mark);
            }
        }
        return marked;
    }

    private static @Nullable UUID markOf(Message message) throws MessagingException {
        String[] values = message.getHeader(OutgoingMail.MARK);
        try {
            return values == null || values.length != 1 ? null : UUID.fromString(values[0].strip());
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static ArrivedMail read(Message message, UUID mark) throws MessagingException, IOException {
        Date sent = message.getSentDate();
        return new ArrivedMail(
                mark,
                message instanceof MimeMessage mime ? mime.getMessageID() : null,
                joined(message.getFrom()),
                joined(message.getRecipients(Message.RecipientType.TO)),
                joined(message.getReplyTo()),
                message.getSubject() == null ? "" : message.getSubject(),
                text(message),
                sent == null ? null : sent.toInstant());
    }

    private static String joined(Address @Nullable [] addresses) {
        if (addresses == null) {
            return "";
        }
        return String.join(
                ", ",
                Arrays.stream(addresses)
                        .map(address -> address instanceof InternetAddress internet
                                ? internet.toUnicodeString()
                                : address.toString())
                        .toList());
    }

    private static String text(Part part) throws MessagingException, IOException {
        if (part.isMimeType("text/plain")) {
            try (InputStream in = part.getInputStream()) {
                return new String(in.readNBytes(MOST_TEXT_BYTES), StandardCharsets.UTF_8);
            }
        }
        if (part.getContent() instanceof Multipart parts && parts.getCount() > 0) {
            return text(parts.getBodyPart(0));
        }
        return "";
    }

    private static Properties settings() {
        String millis = Integer.toString(TIMEOUT_MILLIS);
        Properties settings = new Properties();
        settings.put("mail.imap.connectiontimeout", millis);
        settings.put("mail.imap.timeout", millis);
        settings.put("mail.imap.writetimeout", millis);
        return settings;
    }
}
