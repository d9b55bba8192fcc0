package io.opsrelay.ingestion.attachment;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Remembers how a body ended: a parser that forgives does not tell one that was cut from a whole one. */
final class TailStream extends FilterInputStream {

    private static final int LENGTH = 512;

    private final byte[] last = new byte[LENGTH];
    private long read;

    TailStream(InputStream body) {
        super(body);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int got = in.read(buffer, offset, length);
        for (int i = Math.max(0, got - LENGTH); i < got; i++) {
            last[(int) ((read + i) % LENGTH)] = buffer[offset + i];
        }
        read += Math.max(got, 0);
        return got;
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    /** The last bytes so far, in the order in which they came. */
    String tail() {
        int length = (int) Math.min(read, LENGTH);
        byte[] ordered = new byte[length];
        for (int i = 0; i < length; i++) {
            ordered[i] = last[(int) ((read - length + i) % LENGTH)];
        }
        return new String(ordered, StandardCharsets.ISO_8859_1);
    }
}
