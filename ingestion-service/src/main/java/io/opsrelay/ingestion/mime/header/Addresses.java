package io.opsrelay.ingestion.mime.header;

import io.opsrelay.ingestion.mime.Address;
import io.opsrelay.ingestion.mime.MailDefect;
import io.opsrelay.ingestion.mime.text.Clean;
import java.net.IDN;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Address lists: groups, comments, quoted names, routes, names with commas that nobody quoted, semicolons as Outlook
 * writes them. Reads in one pass; what is no address is left out and named as a defect.
 */
public final class Addresses {

    private static final int MAX_ADDRESSES = 500;
    private static final int MAX_LENGTH = 320;
    private static final int MAX_NAME = 200;
    /** Of one address with its name as it came; what is longer is no address, and not worth the time. */
    private static final int MAX_PHRASE = 4_000;

    private final Set<MailDefect> defects;
    private final Map<String, Address> found = new LinkedHashMap<>();
    private final StringBuilder phrase = new StringBuilder();
    private final StringBuilder comment = new StringBuilder();
    private @Nullable String angle;
    private boolean commentsEnd = true;

    private Addresses(Set<MailDefect> defects) {
        this.defects = defects;
    }

    /** The addresses of a header, or of several of the same name; each address once. */
    public static List<Address> read(List<String> headers, Set<MailDefect> defects) {
        Addresses addresses = new Addresses(defects);
        for (String header : headers) {
            addresses.readList(header);
        }
        if (addresses.found.isEmpty()) {
            // Some programs put name and address into one encoded word.
            for (String header : headers) {
                String decoded = EncodedWords.decode(header, defects);
                if (!decoded.equals(header)) {
                    addresses.readList(decoded);
                }
            }
        }
        return List.copyOf(addresses.found.values());
    }

    private void readList(String header) {
        reset();
        commentsEnd = true;
        int at = 0;
        while (at < header.length() && found.size() < MAX_ADDRESSES) {
            char c = header.charAt(at);
            switch (c) {
                case '"' -> at = quoted(header, at);
                case '(' -> at = comment(header, at);
                case '<' -> at = angle(header, at);
                case ',', ';' -> end(c == ',' && at + 1 < header.length(), c == ';');
                case ':' -> group(header, at);
                default -> {
                    if (phrase.length() < MAX_PHRASE) {
                        phrase.append(c);
                    }
                }
            }
            at++;
        }
        end(false, false);
    }

    /** The name of a group ends in a colon; "mailto:" and an IPv6 literal are none. */
    private void group(String header, int at) {
        boolean literal = phrase.indexOf("[") >= 0;
        if (literal || phrase.indexOf("@") >= 0) {
            phrase.append(':');
        } else if (at + 1 < header.length()) {
            phrase.setLength(0);
        } else {
            phrase.append(':');
        }
    }

    private int quoted(String header, int start) {
        int at = start + 1;
        StringBuilder text = new StringBuilder();
        while (at < header.length() && header.charAt(at) != '"') {
            if (header.charAt(at) == '\\' && at + 1 < header.length()) {
                at++;
            }
            text.append(header.charAt(at));
            at++;
        }
        if (at >= header.length()) {
            // A quote that never ends swallows the rest; taken as a plain character it does not.
            return start;
        }
        if (at + 1 < header.length() && header.charAt(at + 1) == '@') {
            phrase.append('"').append(text).append('"');
        } else {
            phrase.append(text, 0, Math.min(text.length(), MAX_PHRASE));
        }
        return at;
    }

    private int comment(String header, int start) {
        int depth = 0;
        for (int at = start; commentsEnd && at < header.length(); at++) {
            char c = header.charAt(at);
            if (c == '\\') {
                at++;
            } else if (c == '(') {
                depth++;
            } else if (c == ')' && --depth == 0) {
                comment.append(header, start + 1, Math.min(at, start + MAX_PHRASE));
                return at;
            }
        }
        commentsEnd = false;
        return start;
    }

    private int angle(String header, int start) {
        int from = start;
        while (from + 1 < header.length() && header.charAt(from + 1) == '<') {
            from++;
        }
        boolean inQuotes = false;
        int at = from + 1;
        for (; at < header.length(); at++) {
            char c = header.charAt(at);
            if (c == '"') {
                inQuotes = !inQuotes;
            } else if (!inQuotes && (c == '>' || c == '<')) {
                break;
            }
        }
        String inside = header.substring(from + 1, at);
        if (angle == null) {
            angle = inside;
        }
        while (at + 1 < header.length() && header.charAt(at) == '>' && header.charAt(at + 1) == '>') {
            at++;
        }
        return at < header.length() && header.charAt(at) == '<' ? at - 1 : at;
    }

    private void end(boolean mayBePartOfAName, boolean groupEnd) {
        String said = phrase.toString().strip();
        boolean noAddressYet = angle == null && said.indexOf('@') < 0 && !said.isEmpty();
        if (noAddressYet && mayBePartOfAName && phrase.length() < MAX_PHRASE) {
            // "Doe, Jane <jane@...>" without quotes: the comma belongs to the name.
            phrase.append(',');
            return;
        }
        String raw = angle == null ? said : angle;
        boolean leftovers = !raw.isBlank() || (angle != null && !said.isEmpty());
        Address address = address(raw, angle == null ? comment.toString() : said);
        if (address != null) {
            found.putIfAbsent(address.address(), address);
        } else if (leftovers && !groupEnd) {
            defects.add(MailDefect.BROKEN_ADDRESS);
        }
        reset();
    }

    private void reset() {
        phrase.setLength(0);
        comment.setLength(0);
        angle = null;
    }

    private @Nullable Address address(String raw, String name) {
        String address = bare(raw);
        int at = address.lastIndexOf('@');
        if (at <= 0 || at == address.length() - 1 || address.length() > MAX_LENGTH) {
            return null;
        }
        String local = address.substring(0, at);
        String domain = domain(address.substring(at + 1));
        boolean quoted = local.startsWith("\"") && local.endsWith("\"");
        if (domain == null || (!quoted && !isPlain(local))) {
            return null;
        }
        String shown = Clean.line(EncodedWords.decode(name, defects), MAX_NAME);
        if (shown.length() > 1 && shown.startsWith("'") && shown.endsWith("'")) {
            shown = shown.substring(1, shown.length() - 1);
        }
        return new Address(shown.isEmpty() ? null : shown, local + "@" + domain);
    }

    private static String bare(String raw) {
        String address = raw.strip();
        if (address.regionMatches(true, 0, "mailto:", 0, 7)) {
            address = address.substring(7);
        }
        int route = address.startsWith("@") ? address.indexOf(':') : -1;
        address = route > 0 ? address.substring(route + 1) : address;
        return address.startsWith("\"") ? address : address.replaceAll("\\s+", "");
    }

    private static @Nullable String domain(String raw) {
        String domain = raw.strip().toLowerCase(Locale.ROOT);
        domain = domain.endsWith(".") ? domain.substring(0, domain.length() - 1) : domain;
        if (domain.startsWith("[") && domain.endsWith("]")) {
            return domain;
        }
        try {
            String ascii = IDN.toASCII(domain, IDN.ALLOW_UNASSIGNED).toLowerCase(Locale.ROOT);
            boolean fine = !ascii.isEmpty()
                    && !ascii.startsWith(".")
                    && !ascii.contains("..")
                    && ascii.chars()
                            .allMatch(c -> c == '.'
                                    || c == '-'
                                    || c == '_'
                                    || (c >= '0' && c <= '9')
                                    || (c >= 'a' && c <= 'z'));
            return fine ? ascii : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static boolean isPlain(String local) {
        return local.chars()
                .noneMatch(c ->
                        c <= ' ' || c == 0x7f || "<>()[],;:\\\"@".indexOf(c) >= 0 || Character.isSurrogate((char) c));
    }
}
