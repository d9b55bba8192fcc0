package io.opsrelay.ingestion.mime.header;

import io.opsrelay.ingestion.mime.MailDefect;
import io.opsrelay.ingestion.mime.text.Bytes;
import io.opsrelay.ingestion.mime.text.Charsets;
import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Encoded words (RFC 2047). Neighbours in the same character set are decoded as one, since many programs split in the
 * middle of a character. Reads a header in one pass, whatever stands in it.
 */
public final class EncodedWords {

    private final String header;
    private final Set<MailDefect> defects;
    private final StringBuilder out;
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
    private @Nullable String pendingCharset;
    private int knownEnd = -1;

    private EncodedWords(String header, Set<MailDefect> defects) {
        this.header = header;
        this.defects = defects;
        this.out = new StringBuilder(header.length());
    }

    /** The header in plain characters; what cannot be decoded stays as it is. */
    public static String decode(String header, Set<MailDefect> defects) {
        return header.contains("=?") ? new EncodedWords(header, defects).decode() : header;
    }

    private record Word(String charset, byte[] bytes, int end) {}

    private String decode() {
        int at = 0;
        while (at < header.length()) {
            int start = header.indexOf("=?", at);
            if (start < 0) {
                break;
            }
            Word word = wordAt(start);
            String between = header.substring(at, start);
            if (word == null) {
                flush();
                out.append(between).append("=?");
                at = start + 2;
                continue;
            }
            boolean neighbour = pendingCharset != null && between.isBlank();
            if (!neighbour) {
                flush();
                out.append(between);
            } else if (!word.charset().equalsIgnoreCase(pendingCharset)) {
                flush();
            }
            pendingCharset = word.charset();
            pending.writeBytes(word.bytes());
            at = word.end();
        }
        flush();
        return out.append(header, at, header.length()).toString();
    }

    private void flush() {
        if (pendingCharset == null) {
            return;
        }
        Optional<Charset> charset = Charsets.named(pendingCharset);
        byte[] bytes = pending.toByteArray();
        if (charset.isEmpty()) {
            defects.add(MailDefect.BROKEN_ENCODED_WORD);
        }
        out.append(charset.map(known -> Bytes.decode(bytes, known, defects)).orElseGet(() -> Bytes.guess(bytes)));
        pendingCharset = null;
        pending.reset();
    }

    private @Nullable Word wordAt(int start) {
        int charsetEnd = header.indexOf('?', start + 2);
        if (charsetEnd < 0 || charsetEnd - start > 60 || charsetEnd == start + 2 || charsetEnd + 2 >= header.length()) {
            return broken();
        }
        char encoding = Character.toUpperCase(header.charAt(charsetEnd + 1));
        if (header.charAt(charsetEnd + 2) != '?' || (encoding != 'B' && encoding != 'Q')) {
            return broken();
        }
        int textStart = charsetEnd + 3;
        if (knownEnd < textStart) {
            int found = header.indexOf("?=", textStart);
            knownEnd = found < 0 ? Integer.MAX_VALUE : found;
        }
        if (knownEnd == Integer.MAX_VALUE) {
            return broken();
        }
        String charset = header.substring(start + 2, charsetEnd);
        int language = charset.indexOf('*');
        charset = language > 0 ? charset.substring(0, language) : charset;
        if (Charsets.isRefused(charset)) {
            defects.add(MailDefect.REFUSED_CHARSET);
            return null;
        }
        int another = header.indexOf("=?", textStart);
        int inIt = another < 0 ? -1 : header.indexOf('?', another + 2);
        if (inIt >= 0 && inIt < knownEnd) {
            // The end belongs to a word that begins inside this one.
            return broken();
        }
        String text = header.substring(textStart, knownEnd);
        byte[] bytes = encoding == 'B' ? base64(text) : quoted(text);
        return new Word(charset.toLowerCase(Locale.ROOT), bytes, knownEnd + 2);
    }

    private @Nullable Word broken() {
        defects.add(MailDefect.BROKEN_ENCODED_WORD);
        return null;
    }

    private byte[] base64(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        int bits = 0;
        int count = 0;
        for (int i = 0; i < text.length(); i++) {
            int value = base64Value(text.charAt(i));
            if (value < 0) {
                continue;
            }
            bits = (bits << 6) | value;
            count += 6;
            if (count >= 8) {
                count -= 8;
                bytes.write((bits >> count) & 0xff);
            }
        }
        return bytes.toByteArray();
    }

    private int base64Value(char c) {
        if (c >= 'A' && c <= 'Z') {
            return c - 'A';
        }
        if (c >= 'a' && c <= 'z') {
            return c - 'a' + 26;
        }
        if (c >= '0' && c <= '9') {
            return c - '0' + 52;
        }
        if (c == '+' || c == '-') {
            return 62;
        }
        if (c == '/' || c == '_') {
            return 63;
        }
        if (c != '=' && c != ' ') {
            defects.add(MailDefect.BROKEN_ENCODED_WORD);
        }
        return -1;
    }

    private byte[] quoted(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int value = c == '=' && i + 2 < text.length() ? hex(text, i + 1) : -1;
            if (value >= 0) {
                bytes.write(value);
                i += 2;
            } else if (c == '_') {
                bytes.write(' ');
            } else if (c < 0x80) {
                if (c == '=') {
                    defects.add(MailDefect.BROKEN_ENCODED_WORD);
                }
                bytes.write(c);
            } else {
                bytes.writeBytes(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
            }
        }
        return bytes.toByteArray();
    }

    static int hex(String text, int at) {
        if (at + 1 >= text.length()) {
            return -1;
        }
        int high = Character.digit(text.charAt(at), 16);
        int low = Character.digit(text.charAt(at + 1), 16);
        return high < 0 || low < 0 || text.charAt(at) > 'f' || text.charAt(at + 1) > 'f' ? -1 : (high << 4) | low;
    }
}
