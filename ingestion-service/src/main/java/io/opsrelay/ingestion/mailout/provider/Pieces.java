package io.opsrelay.ingestion.mailout.provider;

import io.opsrelay.security.outbound.Exchange;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request's body that is put together while it is sent: texts with files between them. */
final class Pieces implements Exchange.Content {

    /** Whole groups of three bytes, so that nothing but the end is filled up. */
    private static final int GROUPS = 3 * 16 * 1024;

    private final List<Piece> pieces = new ArrayList<>();

    private record Piece(long length, MailFile.Content content) {}

    /** A file cannot be read; nothing was taken, since not all of the body was sent. */
    static final class UnreadableFileException extends RuntimeException {

        UnreadableFileException(IOException cause) {
            super("a file cannot be read", cause);
        }
    }

    Pieces text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        pieces.add(new Piece(bytes.length, () -> new ByteArrayInputStream(bytes)));
        return this;
    }

    Pieces raw(MailFile file) {
        pieces.add(new Piece(file.size(), file.content()));
        return this;
    }

    Pieces base64(MailFile file) {
        pieces.add(new Piece(
                (file.size() + 2) / 3 * 4,
                () -> new Base64Reading(file.content().open())));
        return this;
    }

    /**
     * A text in which files have their places.
     *
     * @param mark stands at each place in quotation marks, followed by the number of the file
     */
    static Pieces json(String json, String mark, List<MailFile> files) {
        Pieces body = new Pieces();
        int from = 0;
        for (int i = 0; i < files.size(); i++) {
            String place = mark + i;
            int at = json.indexOf("\"" + place + "\"", from) + 1;
            if (at == 0) {
                throw new IllegalArgumentException("the text has no place for file " + i);
            }
            body.text(json.substring(from, at)).base64(files.get(i));
            from = at + place.length();
        }
        return body.text(json.substring(from));
    }

    @Override
    public long length() {
        return pieces.stream().mapToLong(Piece::length).sum();
    }

    @Override
    public InputStream open() {
        return new Reading(pieces.iterator());
    }

    /** One piece after the other, each opened when its turn comes. */
    private static final class Reading extends InputStream {

        private final Iterator<Piece> left;
        private @Nullable InputStream current;

        Reading(Iterator<Piece> left) {
            this.left = left;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            try {
                while (true) {
                    if (current == null) {
                        if (!left.hasNext()) {
                            return -1;
                        }
                        current = left.next().content().open();
                    }
                    int got = current.read(buffer, offset, length);
                    if (got >= 0) {
                        return got;
                    }
                    current.close();
                    current = null;
                }
            } catch (IOException e) {
                throw new UnreadableFileException(e);
            }
        }

        @Override
        public void close() throws IOException {
            if (current != null) {
                current.close();
                current = null;
            }
        }
    }

    /** Encodes what it reads. */
    private static final class Base64Reading extends InputStream {

        private final InputStream plain;
        private byte[] encoded = new byte[0];
        private int at;

        Base64Reading(InputStream plain) {
            this.plain = plain;
        }

        @Override
        public int read() throws IOException {
            return fill() ? encoded[at++] & 0xff : -1;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (!fill()) {
                return -1;
            }
            int got = Math.min(length, encoded.length - at);
            System.arraycopy(encoded, at, buffer, offset, got);
            at += got;
            return got;
        }

        private boolean fill() throws IOException {
            if (at == encoded.length) {
                encoded = Base64.getEncoder().encode(plain.readNBytes(GROUPS));
                at = 0;
            }
            return encoded.length > 0;
        }

        @Override
        public void close() throws IOException {
            plain.close();
        }
    }
}
