package io.opsrelay.ingestion.attachment;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes of a sender's name for a file one that is safe to show and to save under, in any file system. */
final class FileNames {

    /** Bytes in UTF-8, as file systems count. */
    private static final int LONGEST = 200;

    /** Of a name that is cut: an ending that people go by is kept. */
    private static final int LONGEST_ENDING = 20;

    private static final String NAMELESS = "file";
    private static final String FORBIDDEN = "<>:\"|?*";

    /** Devices in Windows, whatever their ending. */
    private static final Pattern DEVICE = Pattern.compile("(?i)(con|prn|aux|nul|com\\d|lpt\\d)(\\..*)?");

    private FileNames() {}

    static String safe(@Nullable String given) {
        String name = Normalizer.normalize(given == null ? "" : given, Normalizer.Form.NFC);
        name = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
        StringBuilder kept = new StringBuilder();
        name.codePoints().forEach(c -> {
            if (FORBIDDEN.indexOf(c) >= 0) {
                kept.append('_');
            } else if (isVisible(c)) {
                kept.appendCodePoint(c);
            }
        });
        String safe = withoutOuterDots(kept.toString());
        if (safe.isEmpty()) {
            return NAMELESS;
        }
        return shortened(DEVICE.matcher(safe).matches() ? "_" + safe : safe);
    }

    /** Not control characters, line breaks, halves of surrogate pairs, or what turns the writing around (exe.txt). */
    private static boolean isVisible(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }

    private static String withoutOuterDots(String name) {
        int begin = 0;
        int end = name.length();
        while (begin < end && isOuter(name.charAt(begin))) {
            begin++;
        }
        while (end > begin && isOuter(name.charAt(end - 1))) {
            end--;
        }
        return name.substring(begin, end);
    }

    private static boolean isOuter(char c) {
        return c == '.' || Character.isWhitespace(c) || Character.isSpaceChar(c);
    }

    private static String shortened(String name) {
        if (bytes(name) <= LONGEST) {
            return name;
        }
        int dot = name.lastIndexOf('.');
        String ending = dot > 0 && bytes(name.substring(dot)) <= LONGEST_ENDING ? name.substring(dot) : "";
        StringBuilder cut = new StringBuilder();
        int room = LONGEST - bytes(ending);
        for (int c :
                name.substring(0, name.length() - ending.length()).codePoints().toArray()) {
            room -= bytes(Character.toString(c));
            if (room < 0) {
                break;
            }
            cut.appendCodePoint(c);
        }
        return cut + ending;
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
