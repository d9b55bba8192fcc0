package io.opsrelay.ingestion.mime.header;

import io.opsrelay.ingestion.mime.text.Bytes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The headers of a mail or a part, unfolded but with their encoded words as they came; names in any case. */
public final class Headers {

    private static final Pattern FOLD = Pattern.compile("\r?\n(?=[ \t])|[\r\n]+");
    private static final int MAX_OF_ONE_NAME = 50;
    private static final List<String> OF_A_MAIL = List.of(
            "from",
            "to",
            "subject",
            "date",
            "message-id",
            "received",
            "mime-version",
            "return-path",
            "sender",
            "reply-to",
            "delivered-to",
            "cc",
            "content-type",
            "in-reply-to",
            "references");

    private final Map<String, List<String>> values = new LinkedHashMap<>();

    /** Adds a header as it stood on the wire, 8-bit characters included. */
    public void addRaw(String name, byte[] value) {
        add(name, Bytes.guess(value));
    }

    public void add(String name, String value) {
        List<String> known = values.computeIfAbsent(name.strip().toLowerCase(Locale.ROOT), unseen -> new ArrayList<>());
        if (known.size() < MAX_OF_ONE_NAME) {
            known.add(FOLD.matcher(value).replaceAll("").replace('\0', ' ').strip());
        }
    }

    /** The first header of that name. */
    public @Nullable String first(String name) {
        List<String> known = values.get(name.toLowerCase(Locale.ROOT));
        return known == null ? null : known.getFirst();
    }

    /** The first header of that name, without white space, in lower case; empty where there is none. */
    public String lower(String name) {
        String value = first(name);
        return value == null ? "" : value.toLowerCase(Locale.ROOT);
    }

    /** All headers of that name. */
    public List<String> all(String name) {
        return values.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
    }

    public boolean has(String name) {
        return values.containsKey(name.toLowerCase(Locale.ROOT));
    }

    public boolean isEmpty() {
        return values.isEmpty();
    }

    /** Whether there is a header whose name begins so. */
    public boolean hasAnyStartingWith(String prefix) {
        return values.keySet().stream().anyMatch(name -> name.startsWith(prefix));
    }

    /** Whether these are a mail's headers at all. */
    public boolean areOfAMail() {
        return OF_A_MAIL.stream().anyMatch(values::containsKey);
    }

    /** Reads groups of fields that empty lines separate, as reports have them. */
    public static List<Headers> groupsOf(String text, int max) {
        List<Headers> groups = new ArrayList<>();
        StringBuilder group = new StringBuilder();
        for (String line : (Iterable<String>) text.lines()::iterator) {
            if (!line.isBlank()) {
                group.append(line).append('\n');
            } else if (!group.isEmpty() && groups.size() < max) {
                groups.add(ofText(group.toString()));
                group.setLength(0);
            }
        }
        if (!group.isEmpty() && groups.size() < max) {
            groups.add(ofText(group.toString()));
        }
        return groups;
    }

    /** Reads headers, or groups of fields that look like them, out of a text, up to its first empty line. */
    public static Headers ofText(String text) {
        Headers headers = new Headers();
        String name = null;
        StringBuilder value = new StringBuilder();
        for (String line : (Iterable<String>) text.lines()::iterator) {
            if (line.isEmpty()) {
                break;
            }
            int colon = line.indexOf(':');
            if ((line.charAt(0) == ' ' || line.charAt(0) == '\t') && name != null) {
                value.append(' ').append(line.strip());
            } else if (colon > 0 && line.substring(0, colon).strip().indexOf(' ') < 0) {
                if (name != null) {
                    headers.add(name, value.toString());
                }
                name = line.substring(0, colon);
                value.setLength(0);
                value.append(line.substring(colon + 1).strip());
            }
        }
        if (name != null) {
            headers.add(name, value.toString());
        }
        return headers;
    }
}
