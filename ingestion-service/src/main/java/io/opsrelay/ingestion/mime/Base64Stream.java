package io.opsrelay.ingestion.mime;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Set;

/**
 * Base64 as mails really have it: without padding at the end, with padding in the middle where pieces were joined, with
 * characters that do not belong. Decodes what can be decoded and says that something was wrong.
 */
final class Base64Stream extends InputStream {

    private static final byte[] VALUES = new byte[256];

    static {
        Arrays.fill(VALUES, (byte) -1);
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        for (int i = 0; i < alphabet.length(); i++) {
            VALUES[alphabet.charAt(i)] = (byte) i;
        }
    }

    private final InputStream in;
    private final Set<MailDefect> defects;
    private final byte[] encoded = new byte[4096];
    private int position;
    private int available;
    private int bits;
    private int count;
    private boolean padded;

    Base64Stream(InputStream in, Set<MailDefect> defects) {
        this.in = in;
        this.defects = defects;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int written = 0;
        while (written < length) {
            if (position == available && !fill()) {
                break;
            }
            int c = encoded[position++] & 0xff;
            int value = VALUES[c];
            if (value >= 0) {
                if (padded) {
                    // A new piece begins behind the padding of another one.
                    padded = false;
                    count = 0;
                }
                bits = (bits << 6) | value;
                count += 6;
                if (count >= 8) {
                    count -= 8;
                    buffer[offset + written] = (byte) (bits >> count);
                    written++;
                }
            } else {
                skip(c);
            }
        }
        return written == 0 && length > 0 ? -1 : written;
    }

    private void skip(int c) {
        if (c == '=') {
            padded = true;
        } else if (c != '\r' && c != '\n' && c != ' ' && c != '\t') {
            defects.add(MailDefect.BROKEN_TRANSFER_ENCODING);
        }
    }

    private boolean fill() throws IOException {
        position = 0;
        available = Math.max(0, in.read(encoded, 0, encoded.length));
        if (available == 0 && count > 0 && !padded) {
            // The last characters make no whole group of four: something, padding at least, is missing.
            defects.add(MailDefect.BROKEN_TRANSFER_ENCODING);
        }
        return available > 0;
    }
}
