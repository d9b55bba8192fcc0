package io.opsrelay.ingestion.mime.text;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Files in uuencode, as a transfer encoding or in the middle of a text. */
public final class Uuencoded {

    private static final Pattern BEGIN = Pattern.compile("begin(?:-base64)? [0-7]{3,4} (\\S.{0,199})");

    private Uuencoded() {}

    /**
     * A file found in a text.
     *
     * @param whole whether its end was there
     */
    public record File(String name, byte[] content, boolean whole) {}

    /** A text without the files that stood in it. */
    public record Found(String text, List<File> files) {}

    /** Takes the files out of a text; a beginning without a single line of data is left where it is. */
    public static Found takeOut(String text) {
        if (!text.contains("begin ")) {
            return new Found(text, List.of());
        }
        List<String> lines = text.lines().toList();
        StringBuilder rest = new StringBuilder();
        List<File> files = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            Matcher begin = BEGIN.matcher(lines.get(i));
            if (begin.matches() && i + 1 < lines.size() && isData(lines.get(i + 1))) {
                int end = i + 1;
                while (end < lines.size() && isData(lines.get(end))) {
                    end++;
                }
                boolean ended = end < lines.size() && endsWithin(lines, end);
                files.add(decode(begin.group(1).strip(), lines.subList(i + 1, end), ended));
                i = ended ? endLine(lines, end) : end - 1;
            } else {
                rest.append(lines.get(i)).append('\n');
            }
        }
        return new Found(rest.toString(), files);
    }

    private static boolean endsWithin(List<String> lines, int at) {
        return lines.get(endLine(lines, at)).equals("end");
    }

    /** The line "end", behind the line of length nought, which may be an accent, a space or nothing. */
    private static int endLine(List<String> lines, int at) {
        return at + 1 < lines.size()
                        && (lines.get(at).isBlank() || lines.get(at).equals("`"))
                ? at + 1
                : at;
    }

    private static boolean isData(String line) {
        if (line.isEmpty() || line.length() > 100 || line.equals("end")) {
            return false;
        }
        int length = value(line.charAt(0));
        int wanted = (length + 2) / 3 * 4;
        return length > 0
                && line.charAt(0) >= ' '
                && line.charAt(0) <= '`'
                && line.length() - 1 <= wanted + 2
                // Mail programs strip spaces at the end of a line, and a space is a zero.
                && line.length() - 1 >= wanted - 8
                && line.chars().allMatch(c -> c >= ' ' && c <= '`');
    }

    private static File decode(String name, List<String> lines, boolean ended) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        boolean whole = ended;
        for (String line : lines) {
            int left = value(line.charAt(0));
            for (int i = 1; left > 0; i += 4) {
                int bits = (at(line, i) << 18) | (at(line, i + 1) << 12) | (at(line, i + 2) << 6) | at(line, i + 3);
                for (int shift = 16; shift >= 0 && left > 0; shift -= 8, left--) {
                    content.write((bits >> shift) & 0xff);
                }
            }
        }
        return new File(name, content.toByteArray(), whole);
    }

    private static int at(String line, int index) {
        return index < line.length() ? value(line.charAt(index)) : 0;
    }

    private static int value(char c) {
        return (c - ' ') & 0x3f;
    }
}
