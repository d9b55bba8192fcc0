package io.opsrelay.ingestion.mime.text;

import io.opsrelay.ingestion.mime.MailDefect;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Bytes of a text whose declared character set may be absent, unknown or wrong. */
public final class Bytes {

    private static final Pattern META_CHARSET =
            Pattern.compile("(?i)<meta[^>]{0,200}charset\\s*=\\s*[\"']?\\s*([\\w.:+-]{2,40})");
    private static final int ESCAPE = 0x1b;
    private static final int WHERE_META_MAY_STAND = 2048;

    private Bytes() {}

    /**
     * Decodes a text part.
     *
     * @param declared the charset parameter, if any
     */
    public static String decode(byte[] bytes, @Nullable String declared, boolean html, Set<MailDefect> defects) {
        Optional<Charset> marked = byteOrderMark(bytes);
        if (marked.isPresent()) {
            String text = lenient(bytes, marked.get());
            return text.startsWith("\ufeff") ? text.substring(1) : text;
        }
        String label = declared;
        if (html && (label == null || label.isBlank())) {
            label = metaCharset(bytes);
        }
        if (label == null || label.isBlank()) {
            return guess(bytes);
        }
        Optional<Charset> named = Charsets.named(label);
        if (named.isEmpty()) {
            defects.add(MailDefect.UNKNOWN_CHARSET);
            return guess(bytes);
        }
        return decode(bytes, named.get(), defects);
    }

    /** Decodes by a known set, unless the bytes plainly are of another one. */
    public static String decode(byte[] bytes, Charset charset, Set<MailDefect> defects) {
        if (charset.equals(StandardCharsets.US_ASCII)) {
            if (!isAscii(bytes)) {
                defects.add(MailDefect.WRONG_CHARSET);
            }
            return guess(bytes);
        }
        if (charset.equals(StandardCharsets.UTF_8)) {
            String text = strictOrCut(bytes);
            if (text != null) {
                return text;
            }
            defects.add(MailDefect.WRONG_CHARSET);
            // A few broken bytes among good ones are replaced; no good ones at all is another set.
            return hasUtf8Sequence(bytes) ? lenient(bytes, charset) : lenient(bytes, Charsets.WINDOWS_1252);
        }
        if (charset.equals(Charsets.WINDOWS_1252) && !isAscii(bytes) && isUtf8(bytes)) {
            // Text of Western languages that is valid UTF-8 by chance does not exist for practical purposes.
            defects.add(MailDefect.WRONG_CHARSET);
            return lenient(bytes, StandardCharsets.UTF_8);
        }
        return lenient(bytes, charset);
    }

    /** Decodes what declares nothing: UTF-8 if it is, the Japanese escapes if they are there, else windows-1252. */
    public static String guess(byte[] bytes) {
        if (isAscii(bytes)) {
            return containsJapaneseEscape(bytes)
                    ? Charsets.named("iso-2022-jp")
                            .map(jis -> lenient(bytes, jis))
                            .orElseGet(() -> lenient(bytes, StandardCharsets.US_ASCII))
                    : new String(bytes, StandardCharsets.US_ASCII);
        }
        String utf8 = strictOrCut(bytes);
        return utf8 != null ? utf8 : lenient(bytes, Charsets.WINDOWS_1252);
    }

    private static Optional<Charset> byteOrderMark(byte[] b) {
        if (b.length >= 3 && b[0] == (byte) 0xef && b[1] == (byte) 0xbb && b[2] == (byte) 0xbf) {
            return Optional.of(StandardCharsets.UTF_8);
        }
        if (b.length >= 2 && b[0] == (byte) 0xff && b[1] == (byte) 0xfe) {
            return Optional.of(StandardCharsets.UTF_16LE);
        }
        if (b.length >= 2 && b[0] == (byte) 0xfe && b[1] == (byte) 0xff) {
            return Optional.of(StandardCharsets.UTF_16BE);
        }
        return Optional.empty();
    }

    private static @Nullable String metaCharset(byte[] bytes) {
        String head = new String(bytes, 0, Math.min(bytes.length, WHERE_META_MAY_STAND), StandardCharsets.ISO_8859_1);
        Matcher found = META_CHARSET.matcher(head);
        return found.find() && Charsets.named(found.group(1)).isPresent() ? found.group(1) : null;
    }

    private static String lenient(byte[] bytes, Charset charset) {
        return new String(bytes, charset);
    }

    /** Null where it is not UTF-8. A sequence cut off at the very end is forgiven: long bodies are cut by bytes. */
    private static @Nullable String strictOrCut(byte[] bytes) {
        for (int cut = 0; cut <= Math.min(3, bytes.length); cut++) {
            int length = bytes.length - cut;
            if (cut > 0 && bytes[length] >= 0) {
                return null;
            }
            try {
                CharBuffer text = StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT)
                        .decode(ByteBuffer.wrap(bytes, 0, length));
                return text.toString();
            } catch (CharacterCodingException e) {
                if (bytes.length < 3) {
                    return null;
                }
            }
        }
        return null;
    }

    private static boolean isUtf8(byte[] bytes) {
        return strictOrCut(bytes) != null;
    }

    private static boolean hasUtf8Sequence(byte[] bytes) {
        for (int i = 0; i + 1 < bytes.length; i++) {
            int lead = bytes[i] & 0xff;
            int follow = bytes[i + 1] & 0xff;
            boolean two = lead >= 0xc2 && lead <= 0xdf && isFollower(follow);
            boolean three = lead >= 0xe0
                    && lead <= 0xf4
                    && isFollower(follow)
                    && i + 2 < bytes.length
                    && isFollower(bytes[i + 2] & 0xff);
            if (two || three) {
                return true;
            }
        }
        return false;
    }

    private static boolean isFollower(int value) {
        return value >= 0x80 && value <= 0xbf;
    }

    private static boolean isAscii(byte[] bytes) {
        for (byte b : bytes) {
            if (b < 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean containsJapaneseEscape(byte[] bytes) {
        for (int i = 0; i + 2 < bytes.length; i++) {
            if (bytes[i] == ESCAPE && bytes[i + 1] == '$' && (bytes[i + 2] == 'B' || bytes[i + 2] == '@')) {
                return true;
            }
        }
        return false;
    }
}
