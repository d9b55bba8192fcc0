package io.opsrelay.ingestion.mime.header;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The Date header as RFC 5322 wants it, as older mails have it, and as careless programs write it. */
public final class MailDates {

    private static final Pattern USUAL =
            Pattern.compile("(?i)(?:[a-z]{2,9}\\.?,?\\s*)?(\\d{1,2})[\\s-]+([a-z]{3,9})\\.?[\\s-]+(\\d{2,4})\\s+"
                    + "(\\d{1,2})[:.](\\d{2})(?:[:.](\\d{2}))?(?:[.,]\\d{1,9})?\\s*(am|pm)?\\s*(.{0,40})");
    private static final Pattern OF_C = Pattern.compile(
            "(?i)[a-z]{3},?\\s+([a-z]{3})\\s+(\\d{1,2})\\s+(\\d{1,2}):(\\d{2}):(\\d{2})\\s+(?:([a-z+\\-0-9:]{1,6})\\s+)?(\\d{4}).{0,40}");
    private static final Pattern OFFSET = Pattern.compile("(?:GMT|UTC)?\\s*([+-])\\s*(\\d{1,2}):?(\\d{2}).*");
    private static final Pattern COMMENT = Pattern.compile("\\([^()]*\\)");
    private static final List<String> MONTHS =
            List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
    private static final Map<String, Integer> ZONES = Map.ofEntries(
            Map.entry("EST", -5),
            Map.entry("EDT", -4),
            Map.entry("CST", -6),
            Map.entry("CDT", -5),
            Map.entry("MST", -7),
            Map.entry("MDT", -6),
            Map.entry("PST", -8),
            Map.entry("PDT", -7),
            Map.entry("CET", 1),
            Map.entry("CEST", 2),
            Map.entry("MET", 1),
            Map.entry("BST", 1),
            Map.entry("JST", 9));
    private static final Instant FIRST = Instant.parse("1970-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("2200-01-01T00:00:00Z");

    private MailDates() {}

    /** When that was; null where nobody can tell. */
    public static @Nullable Instant read(String header) {
        if (header.length() > 200) {
            return null;
        }
        String date = COMMENT.matcher(header).replaceAll(" ").strip();
        try {
            Instant at = parse(date);
            return at == null || at.isBefore(FIRST) || at.isAfter(LAST) ? null : at;
        } catch (DateTimeException | NumberFormatException e) {
            return null;
        }
    }

    private static @Nullable Instant parse(String date) {
        Matcher usual = USUAL.matcher(date);
        if (usual.matches()) {
            int hour = Integer.parseInt(usual.group(4));
            String half = usual.group(7);
            if (half != null) {
                hour = hour % 12 + (half.equalsIgnoreCase("pm") ? 12 : 0);
            }
            return at(
                    usual.group(3),
                    usual.group(2),
                    usual.group(1),
                    hour,
                    usual.group(5),
                    usual.group(6),
                    usual.group(8));
        }
        Matcher ofC = OF_C.matcher(date);
        if (ofC.matches()) {
            int hour = Integer.parseInt(ofC.group(3));
            return at(ofC.group(7), ofC.group(1), ofC.group(2), hour, ofC.group(4), ofC.group(5), ofC.group(6));
        }
        try {
            return OffsetDateTime.parse(date.replace(' ', 'T')).toInstant();
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    private static @Nullable Instant at(
            String year,
            String month,
            String day,
            int hour,
            String minute,
            @Nullable String second,
            @Nullable String zone) {
        int monthIndex = MONTHS.indexOf(month.substring(0, 3).toLowerCase(Locale.ROOT));
        if (monthIndex < 0) {
            return null;
        }
        int seconds = second == null ? 0 : Math.min(59, Integer.parseInt(second));
        LocalDateTime local = LocalDateTime.of(
                yearOf(year), monthIndex + 1, Integer.parseInt(day), hour, Integer.parseInt(minute), seconds);
        return local.toInstant(offset(zone == null ? "" : zone.strip().toUpperCase(Locale.ROOT)));
    }

    /** Two and three digits as RFC 5322, 4.3 reads them. */
    private static int yearOf(String digits) {
        int year = Integer.parseInt(digits);
        return switch (digits.length()) {
            case 2 -> year < 50 ? 2000 + year : 1900 + year;
            case 3 -> 1900 + year;
            default -> year;
        };
    }

    private static ZoneOffset offset(String zone) {
        Matcher offset = OFFSET.matcher(zone);
        if (offset.matches()) {
            int minutes = Integer.parseInt(offset.group(2)) * 60 + Integer.parseInt(offset.group(3));
            return ZoneOffset.ofTotalSeconds((offset.group(1).equals("-") ? -minutes : minutes) * 60);
        }
        return ZoneOffset.ofHours(ZONES.getOrDefault(zone, 0));
    }
}
