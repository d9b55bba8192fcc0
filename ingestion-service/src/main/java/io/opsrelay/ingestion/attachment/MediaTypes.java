package io.opsrelay.ingestion.attachment;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a file is, by its first bytes. What its sender calls it only chooses among the kinds that begin alike: a ZIP may
 * be a document, a text may be a table. It never makes a program a picture.
 */
final class MediaTypes {

    /** First bytes that are looked at. */
    static final int HEAD = 4096;

    static final String UNKNOWN = "application/octet-stream";

    private static final String ZIP = "application/zip";
    private static final String OLE = "application/x-ole-storage";
    private static final String PLAIN = "text/plain";

    /** Longer beginnings first where one begins another. */
    private static final List<Magic> MAGIC = List.of(
            magic("89504e470d0a1a0a", 0, "image/png"),
            magic("ffd8ff", 0, "image/jpeg"),
            magic("474946383761", 0, "image/gif"),
            magic("474946383961", 0, "image/gif"),
            magic("57454250", 8, "image/webp"),
            magic("57415645", 8, "audio/wav"),
            magic("41564920", 8, "video/x-msvideo"),
            magic("6674797068656963", 4, "image/heic"),
            magic("667479704d344120", 4, "audio/mp4"),
            magic("667479707174", 4, "video/quicktime"),
            magic("66747970", 4, "video/mp4"),
            magic("49492a00", 0, "image/tiff"),
            magic("4d4d002a", 0, "image/tiff"),
            magic("255044462d", 0, "application/pdf"),
            magic("504b0304", 0, ZIP),
            magic("504b0506", 0, ZIP),
            magic("d0cf11e0a1b11ae1", 0, OLE),
            magic("7b5c727466", 0, "application/rtf"),
            magic("789f3e22", 0, "application/ms-tnef"),
            magic("1f8b", 0, "application/gzip"),
            magic("425a68", 0, "application/x-bzip2"),
            magic("fd377a585a00", 0, "application/x-xz"),
            magic("28b52ffd", 0, "application/zstd"),
            magic("377abcaf271c", 0, "application/x-7z-compressed"),
            magic("526172211a07", 0, "application/vnd.rar"),
            magic("7573746172", 257, "application/x-tar"),
            magic("4d5a", 0, "application/x-dosexec"),
            magic("7f454c46", 0, "application/x-elf"),
            magic("cafebabe", 0, "application/java-vm"),
            magic("feedface", 0, "application/x-mach-binary"),
            magic("feedfacf", 0, "application/x-mach-binary"),
            magic("cefaedfe", 0, "application/x-mach-binary"),
            magic("cffaedfe", 0, "application/x-mach-binary"),
            magic("494433", 0, "audio/mpeg"),
            magic("fffb", 0, "audio/mpeg"),
            magic("4f676753", 0, "audio/ogg"),
            magic("664c6143", 0, "audio/flac"),
            magic("1a45dfa3", 0, "video/webm"),
            magic("424d", 0, "image/bmp"));

    private static final Map<String, String> ZIPS = Map.ofEntries(
            Map.entry("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
            Map.entry("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            Map.entry("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
            Map.entry("odt", "application/vnd.oasis.opendocument.text"),
            Map.entry("ods", "application/vnd.oasis.opendocument.spreadsheet"),
            Map.entry("odp", "application/vnd.oasis.opendocument.presentation"),
            Map.entry("epub", "application/epub+zip"),
            Map.entry("jar", "application/java-archive"),
            Map.entry("apk", "application/vnd.android.package-archive"));

    private static final Map<String, String> OLES = Map.of(
            "doc", "application/msword",
            "xls", "application/vnd.ms-excel",
            "ppt", "application/vnd.ms-powerpoint",
            "msg", "application/vnd.ms-outlook");

    private static final Map<String, String> TEXTS = Map.of(
            "csv", "text/csv",
            "md", "text/markdown",
            "ics", "text/calendar",
            "vcf", "text/vcard",
            "json", "application/json",
            "eml", "message/rfc822");

    /** Kinds of text that a sender's word is taken for. */
    private static final Set<String> DECLARABLE = Set.copyOf(TEXTS.values());

    private MediaTypes() {}

    /**
     * The type of a file.
     *
     * @param head its first bytes, as many as {@link #HEAD} where it has them
     * @param declared what its sender says, with or without parameters
     */
    static String of(byte[] head, String fileName, @Nullable String declared) {
        for (Magic magic : MAGIC) {
            if (magic.begins(head)) {
                return refined(magic.mediaType(), ending(fileName));
            }
        }
        String text = textIn(head);
        return text == null ? UNKNOWN : textType(text, ending(fileName), declared);
    }

    private static String refined(String mediaType, String ending) {
        return switch (mediaType) {
            case ZIP -> ZIPS.getOrDefault(ending, ZIP);
            case OLE -> OLES.getOrDefault(ending, OLE);
            default -> mediaType;
        };
    }

    private static String textType(String text, String ending, @Nullable String declared) {
        String begin = text.stripLeading().toLowerCase(Locale.ROOT);
        if (begin.isEmpty()) {
            return text.isEmpty() ? UNKNOWN : PLAIN;
        }
        if (begin.startsWith("#!")) {
            return "text/x-shellscript";
        }
        if (begin.contains("<svg")) {
            return "image/svg+xml";
        }
        if (begin.startsWith("<!doctype html") || begin.contains("<html") || begin.contains("<script")) {
            return "text/html";
        }
        if (begin.startsWith("<?xml")) {
            return "application/xml";
        }
        String said = declared == null ? "" : declared.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        return DECLARABLE.contains(said) ? said : TEXTS.getOrDefault(ending, PLAIN);
    }

    /** The head as text, if it is UTF-8 without control characters; it may end within a character. */
    private static @Nullable String textIn(byte[] head) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        CharBuffer chars = CharBuffer.allocate(head.length);
        CoderResult result = decoder.decode(ByteBuffer.wrap(head), chars, false);
        if (result.isError()) {
            return null;
        }
        String text = chars.flip().toString();
        boolean binary = text.chars().anyMatch(c -> c < ' ' && "\t\n\r\f\u001b".indexOf(c) < 0);
        return binary ? null : withoutMark(text);
    }

    private static String withoutMark(String text) {
        return text.startsWith("\ufeff") ? text.substring(1) : text;
    }

    private static String ending(String fileName) {
        return fileName.substring(fileName.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }

    private static Magic magic(String hex, int at, String mediaType) {
        return new Magic(HexFormat.of().parseHex(hex), at, mediaType);
    }

    /** Bytes at a place that tell a type. */
    private record Magic(byte[] bytes, int at, String mediaType) {

        boolean begins(byte[] head) {
            if (head.length < at + bytes.length) {
                return false;
            }
            for (int i = 0; i < bytes.length; i++) {
                if (head[at + i] != bytes[i]) {
                    return false;
                }
            }
            return true;
        }
    }
}
