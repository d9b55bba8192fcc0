package io.opsrelay.ingestion.email;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The headers of a mail as they came, unfolded and undecoded, in their order; names are in lower case. */
public final class MailHeaders {

    private static final int MOST_BYTES = 256 * 1024;

    private final List<Header> headers;

    private MailHeaders(List<Header> headers) {
        this.headers = List.copyOf(headers);
    }

    /** One of them. */
    public record Header(String name, String value) {}

    /** Reads up to the first empty line, at most 256 KB. */
    public static MailHeaders read(InputStream raw) throws IOException {
        return parse(new String(raw.readNBytes(MOST_BYTES), StandardCharsets.UTF_8));
    }

    /** Of a text that is nothing but headers, or begins with them. */
    public static MailHeaders parse(String text) {
        List<Header> headers = new ArrayList<>();
        StringBuilder current = new StringBuilder();
        for (String line : text.replace('\0', ' ').split("\r\n|\n|\r", -1)) {
            if (line.startsWith(" ") || line.startsWith("\t")) {
                current.append(' ').append(line.strip());
                continue;
            }
            add(headers, current);
            if (line.isEmpty()) {
                return new MailHeaders(headers);
            }
            current.append(line);
        }
        add(headers, current);
        return new MailHeaders(headers);
    }

    private static void add(List<Header> headers, StringBuilder line) {
        int colon = line.indexOf(":");
        if (colon > 0) {
            headers.add(new Header(
                    line.substring(0, colon).strip().toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip()));
        }
        line.setLength(0);
    }

    /** All of them. */
    public List<Header> all() {
        return headers;
    }

    /** The values of that name, the topmost first. */
    public List<String> values(String name) {
        return headers.stream()
                .filter(header -> header.name().equals(name))
                .map(Header::value)
                .toList();
    }

    /** The topmost of that name. */
    public @Nullable String first(String name) {
        List<String> values = values(name);
        return values.isEmpty() ? null : values.getFirst();
    }

    /** The value, if there is exactly one: of several nobody knows which one the mail server wrote. */
    public @Nullable String only(String name) {
        List<String> values = values(name);
        return values.size() == 1 ? values.getFirst() : null;
    }
}
