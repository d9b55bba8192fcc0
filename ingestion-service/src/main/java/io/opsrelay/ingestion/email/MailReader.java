package io.opsrelay.ingestion.email;

import io.opsrelay.ingestion.attachment.Attachments;
import io.opsrelay.ingestion.attachment.FileRefusedException;
import io.opsrelay.ingestion.attachment.StoredFile;
import io.opsrelay.ingestion.email.body.MailBody;
import io.opsrelay.ingestion.mime.MailFormatException;
import io.opsrelay.ingestion.mime.MailParser;
import io.opsrelay.ingestion.mime.ParsedMail;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Reads a mail and stores its files on the way: no attachment is ever whole in memory. */
@Component
class MailReader {

    private static final Logger LOG = LoggerFactory.getLogger(MailReader.class);

    /** With the original fewer than a message may have. */
    private static final int MOST_FILES = 40;

    /** What may stand inside a page: images that are nothing else. */
    private static final Set<String> IMAGES = Set.of("image/png", "image/jpeg", "image/gif", "image/webp");

    private static final String DIGEST = "sha256:";

    private final MailParser parser = new MailParser();
    private final Attachments attachments;

    MailReader(Attachments attachments) {
        this.attachments = attachments;
    }

    /**
     * Whatever is wrong with the mail, there is an answer.
     *
     * @throws IOException if its bytes cannot be read
     * @throws RuntimeException if files cannot be stored now; none is kept then
     */
    ReadMail read(String clientId, Spool raw) throws IOException {
        List<StoredFile> files = new ArrayList<>();
        List<String> leftOut = new ArrayList<>();
        Map<String, UUID> inline = new HashMap<>();
        try {
            ParsedMail mail;
            try (InputStream in = raw.open()) {
                mail = parser.parse(in, (name, type, contentId, content) -> {
                    int before = files.size();
                    store(clientId, name, type, content, files, leftOut);
                    if (contentId != null && files.size() > before && isShown(files.getLast())) {
                        inline.putIfAbsent(contentId, files.getLast().fileId());
                    }
                });
            }
            String rfc822Id =
                    mail.messageId() == null ? digestOf(mail, files, leftOut) : Threads.bare(mail.messageId());
            files.add(kept(clientId, raw));
            return new ReadMail.Whole(
                    rfc822Id,
                    mail,
                    files,
                    leftOut,
                    new MailBody(mail.html(), inline, files.getLast().fileId()));
        } catch (MailFormatException e) {
            discard(clientId, files);
            return broken(raw, String.valueOf(e.getMessage()));
        } catch (StoringFailed e) {
            discard(clientId, files);
            throw e.cause();
        } catch (IOException e) {
            discard(clientId, files);
            throw e;
        } catch (RuntimeException e) {
            // The parser's mistake must not cost the mail: a person sees it, and the log says what it stumbled over.
            LOG.error("A mail of client {} could not be read", clientId, e);
            discard(clientId, files);
            return broken(raw, "it could not be read: " + e.getClass().getSimpleName());
        }
    }

    /** By its first bytes, whatever the mail calls it. */
    private static boolean isShown(StoredFile file) {
        return IMAGES.contains(file.mediaType());
    }

    /** The original of a mail as a file, also of one that is larger than attachments may be. */
    StoredFile original(String clientId, Spool raw) throws IOException {
        try (InputStream in = raw.open()) {
            return attachments.storeOriginal(clientId, "original.eml", "message/rfc822", in);
        }
    }

    private StoredFile kept(String clientId, Spool raw) throws IOException {
        try {
            return original(clientId, raw);
        } catch (RuntimeException e) {
            throw new StoringFailed(e);
        }
    }

    private void store(
            String clientId,
            String name,
            String type,
            InputStream content,
            List<StoredFile> files,
            List<String> leftOut)
            throws IOException {
        if (files.size() >= MOST_FILES) {
            leftOut.add(name + ": more than " + MOST_FILES + " files");
            return;
        }
        keep(clientId, name, type, content, files, leftOut);
    }

    private void keep(
            String clientId,
            String name,
            String type,
            InputStream content,
            List<StoredFile> files,
            List<String> leftOut)
            throws IOException {
        try {
            files.add(attachments.store(clientId, name, type, content));
        } catch (FileRefusedException e) {
            leftOut.add(name + ": " + e.getMessage());
        } catch (RuntimeException e) {
            throw new StoringFailed(e);
        }
    }

    private void discard(String clientId, List<StoredFile> files) {
        attachments.discard(clientId, files.stream().map(StoredFile::fileId).toList());
    }

    private static ReadMail.Broken broken(Spool raw, String why) throws IOException {
        return new ReadMail.Broken(
                digestOf(raw), why, Texts.storable(raw.text(StandardCharsets.UTF_8, FiledMail.PREVIEW)));
    }

    /**
     * Stands for the Message-ID of a mail that has none. Of what the mail says and not of its bytes: a provider that
     * posts it anew puts it together with another boundary.
     */
    private static String digestOf(ParsedMail mail, List<StoredFile> files, List<String> leftOut) {
        MessageDigest digest = sha256();
        add(digest, mail.from() == null ? "" : mail.from().address().toLowerCase(Locale.ROOT));
        mail.to().forEach(to -> add(digest, to.address().toLowerCase(Locale.ROOT)));
        add(digest, String.valueOf(mail.sentAt()));
        add(digest, mail.subject());
        add(digest, mail.text());
        files.forEach(file -> add(digest, file.sha256()));
        leftOut.forEach(name -> add(digest, name));
        return DIGEST + HexFormat.of().formatHex(digest.digest());
    }

    /** With its length before it, so that nothing moves from one part to the next. */
    private static void add(MessageDigest digest, String part) {
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
        digest.update(bytes);
    }

    /** Of what is no mail there are only its bytes. */
    private static String digestOf(Spool raw) throws IOException {
        MessageDigest digest = sha256();
        try (InputStream in = new DigestInputStream(raw.open(), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return DIGEST + HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Storing a file failed: our fault, unlike whatever else may be thrown while a mail is read. */
    private static final class StoringFailed extends RuntimeException {
        private final RuntimeException failure;

        StoringFailed(RuntimeException failure) {
            super(failure);
            this.failure = failure;
        }

        RuntimeException cause() {
            return failure;
        }
    }
}
