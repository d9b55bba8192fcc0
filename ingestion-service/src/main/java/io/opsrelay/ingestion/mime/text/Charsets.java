package io.opsrelay.ingestion.mime.text;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Character sets by the names mails give them. Like browsers, it takes the larger set of a family where mail programs
 * say the smaller one: windows-1252 for iso-8859-1, GB18030 for gb2312.
 */
public final class Charsets {

    public static final Charset WINDOWS_1252 = Charset.forName("windows-1252");

    private static final Map<String, String> OTHER_NAMES = Map.ofEntries(
            Map.entry("iso-8859-1", "windows-1252"),
            Map.entry("iso8859-1", "windows-1252"),
            Map.entry("iso_8859-1", "windows-1252"),
            Map.entry("latin1", "windows-1252"),
            Map.entry("latin-1", "windows-1252"),
            Map.entry("cp-1252", "windows-1252"),
            Map.entry("win-1252", "windows-1252"),
            Map.entry("iso-8859-9", "windows-1254"),
            Map.entry("iso-8859-8-i", "ISO-8859-8"),
            Map.entry("iso-8859-11", "x-windows-874"),
            Map.entry("tis-620", "x-windows-874"),
            Map.entry("windows-874", "x-windows-874"),
            Map.entry("gb2312", "GB18030"),
            Map.entry("gbk", "GB18030"),
            Map.entry("x-gbk", "GB18030"),
            Map.entry("hz-gb-2312", "GB18030"),
            Map.entry("ks_c_5601-1987", "x-windows-949"),
            Map.entry("ks_c_5601", "x-windows-949"),
            Map.entry("euc-kr", "x-windows-949"),
            Map.entry("shift_jis", "windows-31j"),
            Map.entry("shift-jis", "windows-31j"),
            Map.entry("sjis", "windows-31j"),
            Map.entry("x-sjis", "windows-31j"),
            Map.entry("iso-2022-jp-ms", "x-windows-iso2022jp"),
            Map.entry("cp932", "windows-31j"),
            Map.entry("big5", "Big5-HKSCS"),
            Map.entry("x-mac-roman", "x-MacRoman"),
            Map.entry("macintosh", "x-MacRoman"),
            Map.entry("utf-8mb4", "UTF-8"),
            Map.entry("utf_8", "UTF-8"),
            Map.entry("utf 8", "UTF-8"),
            Map.entry("unicode-1-1-utf-8", "UTF-8"));

    private Charsets() {}

    /** The set of that name; none for a name nobody knows, and none for a set that may not be text (see below). */
    public static Optional<Charset> named(String label) {
        String name = label.strip().toLowerCase(Locale.ROOT).replace("\"", "").replace("'", "");
        if (name.isEmpty() || isRefused(name)) {
            return Optional.empty();
        }
        try {
            Charset charset = Charset.forName(OTHER_NAMES.getOrDefault(name, name));
            return isRefused(charset.name().toLowerCase(Locale.ROOT)) ? Optional.empty() : Optional.of(charset);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            return Optional.empty();
        }
    }

    /** UTF-7 and its kin hide tags from whoever looks at the bytes: never taken as text. */
    public static boolean isRefused(String label) {
        String name = label.strip().toLowerCase(Locale.ROOT);
        return name.contains("utf-7")
                || name.equals("utf7")
                || name.contains("utf7-imap")
                || name.startsWith("scsu")
                || name.startsWith("bocu")
                || name.startsWith("x-imap");
    }
}
