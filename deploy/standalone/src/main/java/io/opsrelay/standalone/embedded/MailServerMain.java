package io.opsrelay.standalone.embedded;

import com.icegreen.greenmail.store.FolderException;
import com.icegreen.greenmail.store.MailFolder;
import com.icegreen.greenmail.store.StoredMessage;
import com.icegreen.greenmail.user.GreenMailUser;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.Flags;
import jakarta.mail.MessagingException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The mail server's own JVM. It delivers nothing to anywhere: all mails end in one of its two mailboxes. */
final class MailServerMain {

    /** The variable that the mailboxes' password comes in; on the command line everybody could read it. */
    static final String PASSWORD = "OPSRELAY_LOCAL_MAIL_PASSWORD";

    /** What OpsRelay sent to customers. */
    static final String CUSTOMERS = "customers";

    /** What others sent to OpsRelay. */
    static final String SUPPORT = "support";

    /** The header of OpsRelay's own mails. */
    private static final String MARK = "X-OpsRelay-Message";

    private static final int MOST_KEPT = 1_000;

    /** Of one mailbox; both stand in a heap of 96 MB, and a mail that arrives takes several times its size. */
    private static final long MOST_BYTES = 12L * 1024 * 1024;

    private static final Duration BETWEEN_PRUNINGS = Duration.ofSeconds(30);

    private MailServerMain() {}

    /** @param args the ports for SMTP and IMAP */
    public static void main(String[] args) throws Exception {
        String password = System.getenv(PASSWORD);
        if (password == null || password.isEmpty()) {
            throw new IllegalStateException(PASSWORD + " is not set");
        }
        GreenMail server = new GreenMail(new ServerSetup[] {
            new ServerSetup(Integer.parseInt(args[0]), "127.0.0.1", ServerSetup.PROTOCOL_SMTP),
            new ServerSetup(Integer.parseInt(args[1]), "127.0.0.1", ServerSetup.PROTOCOL_IMAP)
        });
        GreenMailUser customers = server.setUser("customers@localhost", CUSTOMERS, password);
        GreenMailUser support = server.setUser("support@localhost", SUPPORT, password);
        // Mail to anybody is taken; no mailbox is made up for it.
        server.getUserManager().setMessageDeliveryHandler((mail, address) -> {
            GreenMailUser user = mail.getMessage().getHeader(MARK) == null ? support : customers;
            // At once: many large mails may come between two looks.
            try {
                prune(inboxOf(server, user), mail.getMessage().getSize());
            } catch (FolderException e) {
                throw new MessagingException("no room could be made for the mail", e);
            }
            return user;
        });
        server.start();
        while (!Thread.currentThread().isInterrupted()) {
            Thread.sleep(BETWEEN_PRUNINGS);
            for (GreenMailUser user : List.of(customers, support)) {
                prune(inboxOf(server, user), 0);
            }
        }
    }

    private static MailFolder inboxOf(GreenMail server, GreenMailUser user) throws FolderException {
        return server.getManagers().getImapHostManager().getInbox(user);
    }

    /**
     * Mails are kept in memory, which must not grow for ever: the oldest go.
     *
     * @param coming bytes of a mail for which there must be room
     */
    private static synchronized void prune(MailFolder inbox, int coming) throws FolderException, MessagingException {
        List<StoredMessage> mails = inbox.getNonDeletedMessages();
        List<Long> sizes = new ArrayList<>();
        for (StoredMessage mail : mails) {
            sizes.add((long) mail.getMimeMessage().getSize());
        }
        int surplus = surplus(sizes, MOST_KEPT, MOST_BYTES - coming);
        if (surplus > 0) {
            mails.subList(0, surplus).forEach(mail -> mail.setFlag(Flags.Flag.DELETED, true));
            inbox.expunge();
        }
    }

    /**
     * How many of the oldest are too many.
     *
     * @param sizes in bytes, oldest first
     */
    static int surplus(List<Long> sizes, int most, long mostBytes) {
        long bytes = 0;
        int kept = 0;
        for (long size : sizes.reversed()) {
            bytes += size;
            if (kept == most || bytes > mostBytes) {
                break;
            }
            kept++;
        }
        return sizes.size() - kept;
    }
}
