package io.opsrelay.ingestion.mime.header;

import io.opsrelay.ingestion.mime.MailDefect;
import io.opsrelay.ingestion.mime.text.Bytes;
import io.opsrelay.ingestion.mime.text.Charsets;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A value with parameters, as in Content-Type and Content-Disposition, RFC 2231 and its many misreadings included.
 *
 * @param value in lower case, without parameters
 * @param all parameters by their names in lower case, decoded
 */
public record Parameters(String value, Map<String, String> all) {

    private static final int MAX_PIECES = 100;

    public Parameters {
        all = Map.copyOf(all);
    }

    public @Nullable String get(String name) {
        return all.get(name);
    }

    /** Reads a header; one that is absent reads as an empty value. */
    public static Parameters of(@Nullable String header, Set<MailDefect> defects) {
        if (header == null) {
            return new Parameters("", Map.of());
        }
        int end = header.indexOf(';');
        String value = (end < 0 ? header : header.substring(0, end)).strip();
        int comment = value.indexOf('(');
        value = comment > 0 ? value.substring(0, comment) : value;
        Map<String, String> plain = new HashMap<>();
        Map<String, TreeMap<Integer, Piece>> pieces = new HashMap<>();
        if (end >= 0) {
            readAll(header, end + 1, plain, pieces);
        }
        Map<String, String> all = new HashMap<>();
        plain.forEach((name, text) -> all.put(name, isName(name) ? EncodedWords.decode(text, defects) : text));
        pieces.forEach((name, parts) -> all.put(name, join(parts, defects)));
        String clean = value.replace("\"", "").replaceAll("\\s", "").toLowerCase(Locale.ROOT);
        return new Parameters(clean, all);
    }

    /** Only names are written by people; a boundary may look like an encoded word and is none. */
    private static boolean isName(String parameter) {
        return parameter.equals("name") || parameter.equals("filename");
    }

    private record Piece(String text, boolean encoded) {}

    private static void readAll(
            String header, int from, Map<String, String> plain, Map<String, TreeMap<Integer, Piece>> pieces) {
        int at = from;
        int count = 0;
        while (at < header.length() && count++ < MAX_PIECES) {
            int equals = header.indexOf('=', at);
            if (equals < 0) {
                return;
            }
            String name = header.substring(at, equals).strip().toLowerCase(Locale.ROOT);
            int semicolon = name.lastIndexOf(';');
            name = semicolon < 0 ? name : name.substring(semicolon + 1).strip();
            StringBuilder value = new StringBuilder();
            at = readValue(header, equals + 1, value);
            put(name, value.toString(), plain, pieces);
        }
    }

    /** Reads one value and answers where the next parameter begins. */
    private static int readValue(String header, int from, StringBuilder value) {
        int at = from;
        while (at < header.length() && Character.isWhitespace(header.charAt(at))) {
            at++;
        }
        if (at < header.length() && header.charAt(at) == '"') {
            at++;
            while (at < header.length() && header.charAt(at) != '"') {
                char c = header.charAt(at);
                if (c == '\\' && at + 1 < header.length() && "\"\\".indexOf(header.charAt(at + 1)) >= 0) {
                    at++;
                    c = header.charAt(at);
                }
                value.append(c);
                at++;
            }
            int next = header.indexOf(';', at);
            return next < 0 ? header.length() : next + 1;
        }
        int end = header.indexOf(';', at);
        end = end < 0 ? header.length() : end;
        String bare = header.substring(at, end).strip();
        int comment = bare.indexOf(" (");
        value.append(comment > 0 && bare.endsWith(")") && !bare.contains(".") ? bare.substring(0, comment) : bare);
        return end + 1;
    }

    private static void put(
            String name, String value, Map<String, String> plain, Map<String, TreeMap<Integer, Piece>> pieces) {
        boolean encoded = name.endsWith("*");
        String bare = encoded ? name.substring(0, name.length() - 1) : name;
        int star = bare.indexOf('*');
        int number = 0;
        if (star > 0) {
            String digits = bare.substring(star + 1);
            if (digits.isEmpty() || digits.length() > 3 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
                return;
            }
            number = Integer.parseInt(digits);
            bare = bare.substring(0, star);
        }
        if (star > 0 || encoded) {
            pieces.computeIfAbsent(bare, unseen -> new TreeMap<>()).putIfAbsent(number, new Piece(value, encoded));
        } else if (!bare.isEmpty()) {
            plain.putIfAbsent(bare, value);
        }
    }

    private static String join(TreeMap<Integer, Piece> parts, Set<MailDefect> defects) {
        String charset = null;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        boolean first = true;
        for (Piece piece : parts.values()) {
            String text = piece.text();
            if (first && piece.encoded()) {
                int one = text.indexOf('\'');
                int two = one < 0 ? -1 : text.indexOf('\'', one + 1);
                if (two > 0) {
                    charset = text.substring(0, one);
                    text = text.substring(two + 1);
                }
            }
            first = false;
            bytes.writeBytes(piece.encoded() ? percent(text) : text.getBytes(StandardCharsets.UTF_8));
        }
        byte[] all = bytes.toByteArray();
        String decoded = charset == null || charset.isBlank()
                ? Bytes.guess(all)
                : Charsets.named(charset)
                        .map(known -> Bytes.decode(all, known, defects))
                        .orElseGet(() -> {
                            defects.add(MailDefect.BROKEN_ENCODED_WORD);
                            return Bytes.guess(all);
                        });
        return EncodedWords.decode(decoded, defects);
    }

    private static byte[] percent(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            int value = text.charAt(i) == '%' ? EncodedWords.hex(text, i + 1) : -1;
            if (value >= 0) {
                bytes.write(value);
                i += 2;
            } else {
                bytes.writeBytes(text.substring(i, i + 1).getBytes(StandardCharsets.UTF_8));
            }
        }
        return bytes.toByteArray();
    }
}
