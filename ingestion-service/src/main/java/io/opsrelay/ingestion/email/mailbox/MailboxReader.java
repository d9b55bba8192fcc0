package io.opsrelay.ingestion.email.mailbox;

import io.opsrelay.ingestion.channel.Channel;
import io.opsrelay.ingestion.channel.Channels;
import io.opsrelay.ingestion.email.EmailProperties;
import io.opsrelay.ingestion.email.InboundMail;
import io.opsrelay.ingestion.email.MailHeaders;
import io.opsrelay.ingestion.email.MailIntake;
import io.opsrelay.ingestion.email.Spool;
import io.opsrelay.ingestion.email.sender.SenderCheck;
import io.opsrelay.security.tenant.ClientTransactions;
import jakarta.mail.FetchProfile;
import jakarta.mail.Flags;
import jakarta.mail.Folder;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Store;
import jakarta.mail.UIDFolder;
import jakarta.mail.search.ComparisonTerm;
import jakarta.mail.search.ReceivedDateTerm;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.angus.mail.imap.IMAPFolder;
import org.eclipse.angus.mail.imap.IMAPMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Reads what is new in a mailbox: each mail in a transaction of its own, together with how far that is. */
@Component
class MailboxReader {

    private static final int BLOCK = 500;

    private static final Logger LOG = LoggerFactory.getLogger(MailboxReader.class);

    /** A little more than a mail may have: what is cut there is filed as too large. */
    private static final int MOST_BYTES = 41 * 1024 * 1024;

    /** Servers' clocks differ. */
    private static final Duration LEEWAY = Duration.ofMinutes(5);

    private final Channels channels;
    private final MailIntake intake;
    private final MailboxStore store;
    private final ClientTransactions transactions;
    private final EmailProperties properties;

    MailboxReader(
            Channels channels,
            MailIntake intake,
            MailboxStore store,
            ClientTransactions transactions,
            EmailProperties properties) {
        this.channels = channels;
        this.intake = intake;
        this.store = store;
        this.transactions = transactions;
        this.properties = properties;
    }

    /**
     * Reads all that is new.
     *
     * @throws MessagingException if the server is away, refuses us, or speaks nonsense
     * @throws IOException if a mail cannot be read to its end, or its files not be stored
     */
    void read(Channel channel, Mailbox mailbox) throws MessagingException, IOException {
        String password = channels.secret(channel, "password")
                .orElseThrow(() -> new MessagingException("the channel has no password"));
        try (Store server =
                ImapServer.connect(channel, password, properties.mailboxTimeout(), properties.allowPrivate())) {
            IMAPFolder folder = (IMAPFolder) server.getFolder(channel.setting("folder", "INBOX"));
            folder.open(Folder.READ_WRITE);
            try {
                readFrom(folder, channel, mailbox);
            } finally {
                closeQuietly(folder);
            }
        }
    }

    private void readFrom(IMAPFolder folder, Channel channel, Mailbox mailbox) throws MessagingException, IOException {
        long validity = folder.getUIDValidity();
        Optional<Long> known = Optional.ofNullable(mailbox.nextUid())
                .filter(next -> Long.valueOf(validity).equals(mailbox.uidValidity()));
        if (known.isPresent()) {
            // The range up to the last one always holds the last one, even if that was read.
            takeAll(folder, folder.getMessagesByUID(known.get(), UIDFolder.LASTUID), known.get(), channel, mailbox);
            return;
        }
        // A folder that is new, or counts anew, is looked through: what was here before is known by its Message-ID.
        long next = folder.getUIDNext();
        transactions.run(channel.clientId(), () -> store.restart(mailbox.pollId(), validity, 1));
        Message[] messages = mailbox.since().equals(Instant.EPOCH)
                ? folder.getMessages()
                : folder.search(new ReceivedDateTerm(
                        ComparisonTerm.GE, Date.from(mailbox.since().minus(Duration.ofDays(1)))));
        takeAll(folder, messages, 1, channel, mailbox);
        transactions.run(channel.clientId(), () -> store.advance(mailbox.pollId(), validity, next));
    }

    private void takeAll(IMAPFolder folder, Message[] messages, long from, Channel channel, Mailbox mailbox)
            throws MessagingException, IOException {
        FetchProfile profile = new FetchProfile();
        profile.add(UIDFolder.FetchProfileItem.UID);
        profile.add(FetchProfile.Item.ENVELOPE);
        // What is known of a mail is a few KB, and a mailbox may hold hundreds of thousands.
        for (int i = 0; i < messages.length; i += BLOCK) {
            Message[] block = Arrays.copyOfRange(messages, i, Math.min(messages.length, i + BLOCK));
            folder.fetch(block, profile);
            for (Message message : block) {
                if (!message.isExpunged()) {
                    long uid = folder.getUID(message);
                    if (uid < 0) {
                        // The library says so where the server refuses to tell: what follows would hide the mail.
                        throw new MessagingException("the server does not tell the UID of a mail; it is asked again");
                    }
                    if (uid >= from) {
                        take(folder, channel, mailbox, (IMAPMessage) message, uid);
                    }
                }
                ((IMAPMessage) message).invalidateHeaders();
            }
        }
    }

    private void take(IMAPFolder folder, Channel channel, Mailbox mailbox, IMAPMessage message, long uid)
            throws MessagingException, IOException {
        long validity = folder.getUIDValidity();
        Instant received = message.getReceivedDate() == null
                ? Instant.MAX
                : message.getReceivedDate().toInstant();
        if (received.isBefore(mailbox.since().minus(LEEWAY))) {
            transactions.run(channel.clientId(), () -> store.advance(mailbox.pollId(), validity, uid + 1));
            return;
        }
        try (Spool raw = spooled(folder, uid)) {
            if (raw.size() == 0) {
                LOG.info("A mail of channel {} was removed before it could be read: UID {}", channel.channelId(), uid);
                transactions.run(channel.clientId(), () -> store.advance(mailbox.pollId(), validity, uid + 1));
                return;
            }
            MailHeaders headers;
            try (InputStream in = raw.open()) {
                headers = MailHeaders.read(in);
            }
            intake.take(
                    new InboundMail(
                            channel,
                            raw,
                            recipients(headers),
                            SenderCheck.byResults(headers, channel.setting("authserv_id")),
                            null),
                    () -> store.advance(mailbox.pollId(), validity, uid + 1));
        }
        try {
            message.setFlag(Flags.Flag.SEEN, true);
        } catch (MessagingException e) {
            // For people who look into the mailbox; we go by the uid.
            LOG.debug("A mail could not be marked as read", e);
        }
    }

    /** Nothing of a mail that is not there any more. */
    private static Spool spooled(IMAPFolder folder, long uid) throws MessagingException, IOException {
        Spool spool = new Spool();
        try {
            int got;
            do {
                got = MailPieces.append(folder, uid, spool);
            } while (got == MailPieces.BYTES && spool.size() < MOST_BYTES);
            return spool;
        } catch (MessagingException | IOException | RuntimeException e) {
            spool.close();
            throw e;
        }
    }

    private static List<String> recipients(MailHeaders headers) {
        return Stream.of("delivered-to", "x-original-to", "envelope-to")
                .flatMap(name -> headers.values(name).stream())
                .map(value -> value.replaceAll("[<>\\s]", ""))
                .distinct()
                .toList();
    }

    private static void closeQuietly(Folder folder) {
        try {
            folder.close(false);
        } catch (MessagingException | IllegalStateException e) {
            LOG.debug("A mailbox was closed by its server before", e);
        }
    }
}
