package io.opsrelay.ingestion.mime;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;

/** Streams that count, and what stands before the first header. */
final class Streams {

    private static final int MAX_JUNK = 4_096;
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    private Streams() {}

    /** Ends with an error where there is more than may be. */
    static final class Capped extends FilterInputStream {
        private final long max;
        private long read;

        Capped(InputStream in, long max) {
            super(in);
            this.max = max;
        }

        boolean isExceeded() {
            return read > max;
        }

        @Override
        public int read() throws IOException {
            int value = in.read();
            count(value < 0 ? 0 : 1);
            return value;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int count = in.read(buffer, offset, length);
            count(Math.max(0, count));
            return count;
        }

        @Override
        public long skip(long n) throws IOException {
            return n <= 0 || read() < 0 ? 0 : 1;
        }

        @Override
        public boolean markSupported() {
            return false;
        }

        @Override
        public void close() {
            // The mail belongs to the caller.
        }

        private void count(int more) throws IOException {
            read += more;
            if (read > max) {
                throw new IOException("the mail has more than " + max + " bytes");
            }
        }
    }

    /** Counts what is read; its reader cannot close what lies below. */
    static final class Counted extends FilterInputStream {
        private long read;

        Counted(InputStream in) {
            super(in);
        }

        long bytes() {
            return read;
        }

        @Override
        public int read() throws IOException {
            int value = in.read();
            read += value < 0 ? 0 : 1;
            return value;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int count = in.read(buffer, offset, length);
            read += Math.max(0, count);
            return count;
        }

        @Override
        public long skip(long n) throws IOException {
            return n <= 0 || read() < 0 ? 0 : 1;
        }

        @Override
        public boolean markSupported() {
            return false;
        }

        @Override
        public void close() {
            // The rest of the mail is still to be read.
        }
    }

    static void drain(InputStream in) throws IOException {
        byte[] buffer = new byte[8192];
        while (in.read(buffer, 0, buffer.length) >= 0) {
            // Only to its end.
        }
    }

    /** Skips empty lines, a byte order mark and a mailbox's "From " line. */
    static InputStream fromFirstHeader(InputStream raw, Set<MailDefect> defects)
            throws IOException, MailFormatException {
        PushbackInputStream in = new PushbackInputStream(raw, MAX_JUNK);
        boolean junk = false;
        byte[] mark = in.readNBytes(3);
        if (Arrays.equals(mark, BYTE_ORDER_MARK)) {
            junk = true;
        } else {
            in.unread(mark);
        }
        int first = in.read();
        while (first == '\r' || first == '\n' || first == ' ' || first == '\t') {
            junk = true;
            first = in.read();
        }
        if (first < 0) {
            throw new MailFormatException(MailFormatException.Reason.EMPTY, "there is nothing in this mail");
        }
        in.unread(first);
        byte[] word = in.readNBytes(6);
        String start = new String(word, StandardCharsets.ISO_8859_1);
        if ((start.startsWith("From ") && !start.equals("From :")) || start.equals(">From ")) {
            junk = true;
            int c = in.read();
            for (int i = 0; i < MAX_JUNK && c >= 0 && c != '\n'; i++) {
                c = in.read();
            }
        } else {
            in.unread(word);
        }
        if (junk) {
            defects.add(MailDefect.LEADING_JUNK);
        }
        return in;
    }
}
