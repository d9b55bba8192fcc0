package io.opsrelay.agent.privacy;

import java.util.List;
import java.util.Locale;

/** Finds e-mail addresses, and the network addresses of people's machines. */
final class Contacts {

    /** RFC 5321 allows 64 and 255; what is longer is taken whole as well, up to here. */
    private static final int LONGEST_PART = 320;

    private static final int LONGEST_IPV6 = 45;

    /** Without those that join an address to a URL (= / ? &), although they may stand in one. */
    private static final String LOCAL_PUNCTUATION = ".!#$%'*+^_`{|}~-";

    private Contacts() {}

    static void find(FoldedText text, List<Finding> found) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.at(i);
            if (c == '@') {
                email(text, i, i + 1, found);
                if (text.around(i - 1) == ' ' && text.around(i + 1) == ' ') {
                    email(text, i - 1, i + 2, found);
                }
            } else if (c == '%' && text.around(i + 1) == '4' && text.around(i + 2) == '0') {
                email(text, i, i + 3, found);
            } else if ((c == '(' || c == '[') && spelledAt(text, i)) {
                spelledEmail(text, i, found);
            } else if (text.isDigit(i) && !text.isDigit(i - 1)) {
                ipv4(text, i, found);
            }
        }
        ipv6(text, found);
    }

    /**
     * Takes an address for one.
     *
     * @param at where the local part ends
     * @param from where the domain begins
     */
    private static void email(FoldedText text, int at, int from, List<Finding> found) {
        int start = localStart(text, at);
        int end = domainEnd(text, from);
        if (start < at && end > from) {
            found.add(new Finding(Kind.EMAIL, start, end));
        }
    }

    private static int localStart(FoldedText text, int at) {
        if (text.around(at - 1) == '"') {
            int quote = at - 2;
            while (quote >= 0 && at - quote < LONGEST_PART && text.at(quote) != '"' && text.at(quote) != '\n') {
                quote--;
            }
            return text.around(quote) == '"' ? quote : at;
        }
        boolean dense = isDense(text.around(at - 1));
        int start = at;
        while (at - start < LONGEST_PART && isLocal(text.around(start - 1), dense)) {
            start--;
        }
        // An apostrophe or a slash before an address belongs to the sentence.
        while (start < at && !text.isWord(start) && text.at(start) != '_') {
            start++;
        }
        return start;
    }

    private static int domainEnd(FoldedText text, int from) {
        boolean dense = isDense(text.around(from));
        int end = from;
        while (end - from < LONGEST_PART && isDomain(text.around(end), dense)) {
            end++;
        }
        while (end > from && !text.isWord(end - 1)) {
            end--;
        }
        int lastDot = end - 1;
        while (lastDot > from && text.at(lastDot) != '.') {
            lastDot--;
        }
        if (lastDot <= from || end - lastDot - 1 < (dense ? 1 : 2)) {
            return from;
        }
        for (int i = lastDot + 1; i < end; i++) {
            if (text.isDigit(i) && text.around(lastDot + 1) != 'x') {
                return from; // user@10.0.0.1 is no e-mail, nor is a price.
            }
        }
        return end;
    }

    private static boolean isLocal(char c, boolean dense) {
        return Character.isLetterOrDigit(c)
                ? (dense && c < 0x80) || isDense(c) == dense
                : LOCAL_PUNCTUATION.indexOf(c) >= 0;
    }

    private static boolean isDomain(char c, boolean dense) {
        return Character.isLetterOrDigit(c) ? dense || !isDense(c) : c == '.' || c == '-' || c == '_';
    }

    /** Scripts without blanks between words: there an address ends where the script changes. */
    private static boolean isDense(char c) {
        return (c >= 0x2E80 && Character.isLetter(c) && c < 0xFB00) || (c >= 0x0E00 && c <= 0x0EFF);
    }

    private static boolean spelledAt(FoldedText text, int open) {
        return text.text().regionMatches(true, open + 1, "at", 0, 2)
                && (text.around(open + 3) == ')' || text.around(open + 3) == ']');
    }

    /** "jane (at) example (dot) org" */
    private static void spelledEmail(FoldedText text, int open, List<Finding> found) {
        int localEnd = text.around(open - 1) == ' ' ? open - 1 : open;
        int start = localStart(text, localEnd);
        int from = text.around(open + 4) == ' ' ? open + 5 : open + 4;
        int end = from;
        boolean dotted = false;
        while (end - from < LONGEST_PART) {
            int dot = spelledDot(text, end);
            if (dot > end && text.isWord(dot)) {
                dotted = true;
                end = dot;
            } else if (isDomain(text.around(end), false)) {
                dotted |= text.at(end) == '.' && text.isWord(end + 1);
                end++;
            } else {
                break;
            }
        }
        while (end > from && !text.isWord(end - 1)) {
            end--;
        }
        if (start < localEnd && end > from && dotted) {
            found.add(new Finding(Kind.EMAIL, start, end));
        }
    }

    private static int spelledDot(FoldedText text, int i) {
        int from = text.around(i) == ' ' ? i + 1 : i;
        for (String dot : List.of("(dot)", "[dot]", "(punkt)", "(punto)", "(point)")) {
            if (text.text().regionMatches(true, from, dot, 0, dot.length())) {
                int behind = from + dot.length();
                return text.around(behind) == ' ' ? behind + 1 : behind;
            }
        }
        return i;
    }

    private static void ipv4(FoldedText text, int start, List<Finding> found) {
        if ((text.around(start - 1) == '.' && text.isDigit(start - 2)) || isVersion(text, start)) {
            return;
        }
        int i = start;
        for (int part = 0; part < 4; part++) {
            int digits = 0;
            int value = 0;
            while (text.isDigit(i) && digits < 4) {
                value = value * 10 + text.at(i++) - '0';
                digits++;
            }
            if (digits == 0 || digits > 3 || value > 255 || (part < 3 && text.around(i++) != '.')) {
                return;
            }
        }
        if (text.isDigit(i) || (text.around(i) == '.' && text.isDigit(i + 1)) || text.isWord(i)) {
            return;
        }
        found.add(new Finding(Kind.IP, start, i));
    }

    /** A version in four parts looks like an address. */
    private static boolean isVersion(FoldedText text, int start) {
        if (Character.isLetter(text.around(start - 1))) {
            return true;
        }
        String before = text.text()
                .substring(Math.max(0, start - 12), start)
                .toLowerCase(Locale.ROOT)
                .stripTrailing();
        return before.endsWith("version")
                || before.endsWith("release")
                || before.endsWith("firmware")
                || before.endsWith("build");
    }

    private static void ipv6(FoldedText text, List<Finding> found) {
        int i = 0;
        while (i < text.length()) {
            if (!isIpv6(text.at(i))) {
                i++;
                continue;
            }
            int start = i;
            int colons = 0;
            while (i < text.length() && isIpv6(text.at(i))) {
                colons += text.at(i++) == ':' ? 1 : 0;
            }
            int end = i;
            while (end > start
                    && (text.at(end - 1) == '.' || (text.at(end - 1) == ':' && text.around(end - 2) != ':'))) {
                end--;
            }
            boolean standsAlone = !text.isWord(start - 1) && !text.isWord(end);
            if (colons >= 2
                    && standsAlone
                    && end - start <= LONGEST_IPV6
                    && isIpv6(text.text().substring(start, end))) {
                found.add(new Finding(Kind.IP, start, end));
            }
        }
    }

    private static boolean isIpv6(char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == ':' || c == '.';
    }

    private static boolean isIpv6(String address) {
        int gap = address.indexOf("::");
        if (gap >= 0 && address.indexOf("::", gap + 1) >= 0) {
            return false;
        }
        int groups = 0;
        int digits = 0;
        String[] parts = address.split(":", -1);
        for (int i = 0; i < parts.length; i++) {
            String part = parts[i];
            boolean last = i == parts.length - 1;
            if (part.isEmpty()) {
                continue;
            }
            if (last && part.indexOf('.') >= 0) {
                groups += 2;
                digits += part.length();
            } else if (part.length() > 4 || part.indexOf('.') >= 0) {
                return false;
            } else {
                groups++;
                digits += part.length();
            }
        }
        if (gap < 0) {
            return groups == 8 && !address.startsWith(":") && !address.endsWith(":");
        }
        return groups < 8 && (digits >= 4 || address.equals("::1"));
    }
}
