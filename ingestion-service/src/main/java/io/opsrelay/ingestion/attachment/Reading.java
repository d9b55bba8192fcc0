package io.opsrelay.ingestion.attachment;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A file as it is read: counts its bytes, sums them up, and ends the reading where there are too many. */
final class Reading extends FilterInputStream {

    private final long limit;
    private final MessageDigest digest = sha256();
    private long size;

    /** @param limit bytes that may come */
    Reading(InputStream content, long limit) {
        super(content);
        this.limit = limit;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int got = in.read(buffer, offset, length);
        if (got > 0) {
            size += got;
            if (size > limit) {
                throw new FileTooLargeException(limit);
            }
            digest.update(buffer, offset, got);
        }
        return got;
    }

    @Override
    public long skip(long bytes) {
        throw new UnsupportedOperationException("every byte is read");
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    /** Bytes so far. */
    long size() {
        return size;
    }

    /** Of all that was read, which is all that there is; once. */
    String sha256Hex() {
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
