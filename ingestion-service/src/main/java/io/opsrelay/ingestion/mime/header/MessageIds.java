package io.opsrelay.ingestion.mime.header;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Message-ID, In-Reply-To and References in one form: without angle brackets, white space and comments. */
public final class MessageIds {

    /** In bytes: keys of the database hold no more than a few thousand. */
    private static final int MAX_LENGTH = 998;

    private static final int MAX_IDS = 100;

    private MessageIds() {}

    /** The id of a Message-ID header; none where there is nothing that could be one. */
    public static @Nullable String one(@Nullable String header) {
        List<String> ids = header == null ? List.of() : all(List.of(header), false);
        return ids.isEmpty() ? null : ids.getFirst();
    }

    /** The ids of a header, or of several of the same name: each once, oldest first, the last hundred of them. */
    public static List<String> all(List<String> headers) {
        return all(headers, true);
    }

    private static List<String> all(List<String> headers, boolean needsAt) {
        Set<String> ids = new LinkedHashSet<>();
        for (String header : headers) {
            if (header.indexOf('<') >= 0) {
                inBrackets(header, ids);
            } else {
                bare(header, needsAt, ids);
            }
        }
        List<String> found = new ArrayList<>(ids);
        return List.copyOf(found.subList(Math.max(0, found.size() - MAX_IDS), found.size()));
    }

    private static void inBrackets(String header, Set<String> ids) {
        int at = header.indexOf('<');
        while (at >= 0) {
            int next = header.indexOf('<', at + 1);
            int last = next < 0 ? header.length() : next;
            int close = header.indexOf('>', at + 1, last);
            String id = header.substring(at + 1, close < 0 ? last : close).replaceAll("\\s+", "");
            if (isUsable(id)) {
                ids.add(id);
            }
            at = next;
        }
    }

    private static void bare(String header, boolean needsAt, Set<String> ids) {
        for (String word : header.strip().split("[\\s,;]+", MAX_IDS + 1)) {
            String id = word.replace(">", "").replace("\"", "");
            if (isUsable(id) && (id.indexOf('@') > 0 || !needsAt) && id.indexOf(' ') < 0) {
                ids.add(id);
                if (!needsAt) {
                    return;
                }
            }
        }
    }

    private static boolean isUsable(String id) {
        return !id.isEmpty()
                && id.getBytes(StandardCharsets.UTF_8).length <= MAX_LENGTH
                && id.chars().noneMatch(c -> Character.isISOControl(c) || Character.isSurrogate((char) c));
    }
}
