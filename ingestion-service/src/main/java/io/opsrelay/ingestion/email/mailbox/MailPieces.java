package io.opsrelay.ingestion.email.mailbox;

import io.opsrelay.ingestion.email.Spool;
import jakarta.mail.MessagingException;
import java.io.IOException;
import org.eclipse.angus.mail.iap.ByteArray;
import org.eclipse.angus.mail.iap.CommandFailedException;
import org.eclipse.angus.mail.iap.ProtocolException;
import org.eclipse.angus.mail.iap.Response;
import org.eclipse.angus.mail.imap.IMAPFolder;
import org.eclipse.angus.mail.imap.protocol.BODY;
import org.eclipse.angus.mail.imap.protocol.FetchResponse;
import org.eclipse.angus.mail.imap.protocol.IMAPProtocol;
import org.jspecify.annotations.Nullable;

/**
 * Fetches a mail piece by piece, without marking it as read. The library's own stream takes a refusal for the end of the
 * mail, and what was cut there would be stored as the whole.
 */
final class MailPieces {

    /** Of one piece; a shorter one is the last. */
    static final int BYTES = 256 * 1024;

    private MailPieces() {}

    /**
     * Fetches the piece behind what is there and adds it.
     *
     * @return its bytes; 0 behind the end, and of a mail that is not there any more
     * @throws MessagingException if the server refuses it (NO), does not understand, or is away
     * @throws IOException if the mail vanished after a part of it was read
     */
    static int append(IMAPFolder folder, long uid, Spool spool) throws MessagingException, IOException {
        long at = spool.size();
        ByteArray piece;
        try {
            piece = (ByteArray) folder.doCommand(protocol -> fetch(protocol, uid, at));
        } catch (MessagingException e) {
            if (e.getNextException() instanceof CommandFailedException) {
                throw new MessagingException(
                        "the server does not hand out the mail with UID " + uid + ": " + e.getMessage()
                                + "; it is asked again. If it goes on refusing, move that mail to another folder",
                        e);
            }
            throw e;
        }
        if (piece == null) {
            if (at > 0) {
                throw new IOException(
                        "the mail with UID " + uid + " vanished while it was read; it is looked for again");
            }
            return 0;
        }
        spool.write(piece.getBytes(), piece.getStart(), piece.getCount());
        return piece.getCount();
    }

    /** Null if there is no such mail. */
    private static @Nullable ByteArray fetch(IMAPProtocol protocol, long uid, long at) throws ProtocolException {
        Response[] answer = protocol.command("UID FETCH " + uid + " (BODY.PEEK[]<" + at + "." + BYTES + ">)", null);
        protocol.notifyResponseHandlers(answer);
        protocol.handleResult(answer[answer.length - 1]);
        for (Response line : answer) {
            BODY body = line instanceof FetchResponse fetched ? fetched.getItem(BODY.class) : null;
            if (body != null) {
                ByteArray content = body.getByteArray();
                return content == null ? new ByteArray(0) : content;
            }
        }
        return null;
    }
}
