package io.opsrelay.security.outbound;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serial;

/** A body that may not be longer than a limit, and that knows whether it was read to its end. */
final class BoundedBody extends FilterInputStream {

    private final int most;
    private int read;
    private boolean ended;

    BoundedBody(InputStream body, int most) {
        super(body);
        this.most = most;
    }

    /** Whether nothing is left of it. */
    boolean ended() {
        return ended;
    }

    @Override
    public int read() throws IOException {
        int value = super.read();
        count(value < 0 ? value : 1);
        return value;
    }

    @Override
    public int read(byte[] into, int at, int length) throws IOException {
        int count = super.read(into, at, length);
        count(count);
        return count;
    }

    @Override
    public long skip(long wanted) throws IOException {
        return skipped(super.skip(wanted));
    }

    private long skipped(long count) throws IOException {
        count((int) Math.min(count, Integer.MAX_VALUE / 2));
        return count;
    }

    private void count(int more) throws IOException {
        if (more < 0) {
            ended = true;
            return;
        }
        read += more;
        if (read > most) {
            throw new TooLongException();
        }
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    /** There is more of it than may be. */
    static final class TooLongException extends IOException {
        @Serial
        private static final long serialVersionUID = 1L;
    }
}
