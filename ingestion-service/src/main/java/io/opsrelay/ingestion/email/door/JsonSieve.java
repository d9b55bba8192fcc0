package io.opsrelay.ingestion.email.door;

import io.opsrelay.ingestion.email.Spool;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * JSON on its way to its parser, which keeps each text whole in memory: here long ones are taken out before. A whole mail
 * goes decoded into a spool, other long texts are cut, and files are let through, since the parser decodes those in
 * pieces. What is no JSON is left for the parser to complain about.
 */
final class JsonSieve extends InputStream {

    /** Of one text of the mail, in bytes; the parser of mails reads less of it. */
    static final int LONGEST_TEXT = 4 * 1024 * 1024;

    /** Of all that is no file. */
    static final int MOST = 16 * 1024 * 1024;

    private static final int PIECE = 16 * 1024;
    private static final int LONGEST_KEY = 64;

    private final InputStream from;
    private final String contentIn;
    private final String wholeIn;
    private final byte[] taken = new byte[PIECE];
    private final Given given = new Given();
    private int at;
    private boolean ended;

    private int depth;
    private int before;
    private String key = "";
    private final StringBuilder text = new StringBuilder();
    private Kind kind = Kind.NONE;
    private boolean escaped;
    private int length;
    private boolean cut;
    private int digitsLeft;
    private long small;
    private int code;
    private int high;
    private @Nullable Spool whole;
    private @Nullable Spool current;

    /** What goes on to the parser; its array is used again for each piece. */
    private static final class Given extends ByteArrayOutputStream {

        Given() {
            super(PIECE + 64);
        }

        byte[] bytes() {
            return buf;
        }
    }

    /** What the text is that is being read. */
    private enum Kind {
        NONE,
        KEY_OR_TEXT,
        FILE,
        WHOLE
    }

    /**
     * @param contentIn the field of files that holds their base64, in lower case
     * @param wholeIn the field of the object that holds a whole mail; empty if there is none
     */
    JsonSieve(InputStream from, String contentIn, String wholeIn) {
        this.from = from;
        this.contentIn = contentIn;
        this.wholeIn = wholeIn;
    }

    /** The whole mail, which the caller closes; null if there was none. */
    @Nullable
    Spool whole() {
        return whole;
    }

    @Override
    public int read() throws IOException {
        return fill() ? given.bytes()[at++] & 0xff : -1;
    }

    @Override
    public int read(byte[] buffer, int offset, int count) throws IOException {
        if (!fill()) {
            return -1;
        }
        int got = Math.min(count, given.size() - at);
        System.arraycopy(given.bytes(), at, buffer, offset, got);
        at += got;
        return got;
    }

    private boolean fill() throws IOException {
        while (at == given.size() && !ended) {
            int got = from.read(taken, 0, PIECE);
            if (got < 0) {
                ended = true;
                break;
            }
            given.reset();
            at = 0;
            for (int i = 0; i < got && !ended; i++) {
                pass(taken[i]);
            }
        }
        return at < given.size();
    }

    private void pass(byte next) throws IOException {
        switch (kind) {
            case NONE -> outside(next);
            case FILE -> {
                given.write(next);
                endsText(next);
            }
            case KEY_OR_TEXT -> inText(next);
            case WHOLE -> inWhole(next);
        }
    }

    private void outside(byte next) {
        give(next);
        switch (next) {
            case '{', '[' -> depth++;
            case '}', ']' -> depth--;
            case ':' -> key = text.toString();
            case '"' -> begin();
            default -> {}
        }
        if (next != ' ' && next != '\n' && next != '\r' && next != '\t') {
            before = next;
        }
    }

    private void begin() {
        boolean isValue = before == ':';
        escaped = false;
        length = 0;
        cut = false;
        digitsLeft = 0;
        text.setLength(0);
        if (isValue && depth == 1 && key.equals(wholeIn) && !wholeIn.isEmpty() && whole == null) {
            kind = Kind.WHOLE;
            whole = new Spool();
            current = whole;
        } else if (isValue && key.toLowerCase(Locale.ROOT).equals(contentIn)) {
            kind = Kind.FILE;
        } else {
            kind = Kind.KEY_OR_TEXT;
        }
    }

    private void inText(byte next) {
        boolean continues = (next & 0xc0) == 0x80;
        // Never in the midst of a character or of an escape.
        cut |= length >= LONGEST_TEXT && !continues && !escaped && digitsLeft == 0;
        length++;
        if (escaped && next == 'u') {
            digitsLeft = "0000".length();
        } else if (digitsLeft > 0) {
            digitsLeft--;
        }
        boolean end = endsText(next);
        if (!cut || end) {
            give(next);
        }
        if (!end && text.length() < LONGEST_KEY) {
            text.append((char) (next & 0xff));
        }
    }

    private boolean endsText(byte next) {
        if (escaped) {
            escaped = false;
        } else if (next == '\\') {
            escaped = true;
        } else if (next == '"') {
            kind = Kind.NONE;
            return true;
        }
        return false;
    }

    private void inWhole(byte next) throws IOException {
        Spool to = Objects.requireNonNull(current);
        if (code != 0) {
            unicode(next, to);
        } else if (escaped) {
            escaped = false;
            escape(next, to);
        } else if (next == '\\') {
            escaped = true;
        } else if (next == '"') {
            halfIsNone(to);
            kind = Kind.NONE;
            give(next);
        } else if (next >= 0 && next < ' ') {
            give(next); // the parser refuses it
        } else {
            halfIsNone(to);
            to.write(next);
        }
    }

    private void escape(byte next, Spool to) throws IOException {
        if (next == 'u') {
            code = 1;
            return;
        }
        halfIsNone(to);
        switch (next) {
            case '"', '\\', '/' -> to.write(next);
            case 'b' -> to.write('\b');
            case 'f' -> to.write('\f');
            case 'n' -> to.write('\n');
            case 'r' -> to.write('\r');
            case 't' -> to.write('\t');
            default -> {
                given.write('\\'); // the parser refuses it
                given.write(next);
            }
        }
    }

    /** One more digit of four; the digits are the low bits of the code below a mark that says how many there are. */
    private void unicode(byte next, Spool to) throws IOException {
        int digit = Character.digit(next, 16);
        if (digit < 0 || next < 0) {
            code = 0;
            given.write('\\'); // the parser refuses it
            given.write('!');
            return;
        }
        code = code << 4 | digit;
        if (code >> 16 == 0) {
            return;
        }
        int unit = code & 0xffff;
        code = 0;
        if (Character.isLowSurrogate((char) unit) && high != 0) {
            utf8(to, Character.toCodePoint((char) high, (char) unit));
            high = 0;
            return;
        }
        halfIsNone(to);
        if (Character.isHighSurrogate((char) unit)) {
            high = unit;
        } else {
            utf8(to, Character.isLowSurrogate((char) unit) ? '?' : unit);
        }
    }

    private static void utf8(Spool to, int point) throws IOException {
        if (point < 0x80) {
            to.write(point);
        } else if (point < 0x800) {
            to.write(0xc0 | (point >> 6));
            to.write(0x80 | (point & 0x3f));
        } else if (point < 0x10000) {
            to.write(0xe0 | (point >> 12));
            to.write(0x80 | ((point >> 6) & 0x3f));
            to.write(0x80 | (point & 0x3f));
        } else {
            to.write(0xf0 | (point >> 18));
            to.write(0x80 | ((point >> 12) & 0x3f));
            to.write(0x80 | ((point >> 6) & 0x3f));
            to.write(0x80 | (point & 0x3f));
        }
    }

    /** A first half of a character that no second one follows. */
    private void halfIsNone(Spool to) throws IOException {
        if (high != 0) {
            high = 0;
            to.write('?');
        }
    }

    /** What is not of a file; where it is too much, the JSON ends here, and is none. */
    private void give(byte next) {
        given.write(next);
        small++;
        if (small > MOST) {
            ended = true;
        }
    }
}
