package io.opsrelay.ingestion.mime.reply;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Trims an answer down to what is new in it. When in doubt it leaves a line: a repeated one costs a moment, a lost one
 * costs the customer. So answers written between the lines of the quote stay whole, and forwarded mails do, too.
 */
public final class ReplyText {

    private static final Pattern FORWARD_SUBJECT =
            Pattern.compile("(?i)\\s*(?:fwd?|wg|tr|rv|enc|i|doorst|pd|vb|vs|转发|轉寄|転送)\\s*[:：].*", Pattern.UNICODE_CASE);
    private static final String ARMOR_BEGIN = "-----BEGIN PGP SIGNED MESSAGE-----";
    private static final String ARMOR_END = "-----BEGIN PGP SIGNATURE-----";
    private static final int MAX_LINES = 20_000;

    private ReplyText() {}

    /** The new part of a text; the whole text where nothing would be left. */
    public static String of(String subject, String text) {
        String bare = withoutArmor(text);
        List<String> lines = bare.lines().limit(MAX_LINES).toList();
        if (FORWARD_SUBJECT.matcher(subject).matches() && hasOldMailInIt(lines)) {
            return bare.strip();
        }
        List<String> rest = withoutQuotes(lines);
        String trimmed = String.join("\n", Signatures.without(rest)).strip();
        return trimmed.isEmpty() ? bare.strip() : trimmed;
    }

    /** Whether a subject says that its mail was forwarded. */
    public static boolean isForward(String subject) {
        return FORWARD_SUBJECT.matcher(subject).matches();
    }

    private static boolean hasOldMailInIt(List<String> lines) {
        for (int i = 0; i < lines.size(); i++) {
            if (Attribution.isForwardMark(lines.get(i))
                    || Attribution.isOriginalMark(lines.get(i))
                    || Attribution.isHeaderBlock(lines, i)
                    || lines.get(i).startsWith(">")) {
                return true;
            }
        }
        return false;
    }

    /** The text inside an inline PGP signature. */
    private static String withoutArmor(String text) {
        int begin = text.indexOf(ARMOR_BEGIN);
        int end = text.indexOf(ARMOR_END);
        int blank = begin < 0 ? -1 : text.indexOf("\n\n", begin);
        if (begin < 0 || end < begin || blank < 0 || blank > end) {
            return text;
        }
        String signed = text.substring(blank, end).replaceAll("(?m)^- ", "");
        return text.substring(0, begin) + signed;
    }

    private static List<String> withoutQuotes(List<String> lines) {
        int end = lines.size();
        for (int i = 0; i < end; i++) {
            String line = lines.get(i);
            if (Attribution.isForwardMark(line)) {
                return lines;
            }
            if (Attribution.isOriginalMark(line)
                    || Attribution.isReplyAboveMark(line)
                    || Attribution.isHeaderBlock(lines, i)) {
                if (Signatures.hasWords(lines.subList(0, i))) {
                    end = withoutRule(lines, i);
                }
                break;
            }
            int introduction = Attribution.linesAt(lines, i);
            if (introduction > 0) {
                int next = firstWithWords(lines, i + introduction);
                if (next < end && lines.get(next).startsWith(">")) {
                    i += introduction - 1;
                } else if (Signatures.hasWords(lines.subList(0, i))
                        && Attribution.isByProgram(lines.subList(i, i + introduction))) {
                    end = i;
                }
            }
        }
        return withoutMarkedQuotes(lines.subList(0, end));
    }

    /** Outlook's line of underscores above its block goes with it. */
    private static int withoutRule(List<String> lines, int at) {
        int end = at;
        while (end > 0 && (lines.get(end - 1).isBlank() || lines.get(end - 1).matches("\\s*[_-]{3,200}\\s*"))) {
            end--;
        }
        return end;
    }

    private static int firstWithWords(List<String> lines, int from) {
        int at = from;
        while (at < lines.size() && lines.get(at).isBlank()) {
            at++;
        }
        return at;
    }

    /** A run of lines that all are quoted, or all are not. */
    private record Run(boolean quoted, int from, int to) {}

    private static List<String> withoutMarkedQuotes(List<String> lines) {
        List<Run> runs = runs(lines);
        int last = runs.size() - 1;
        if (last >= 0 && runs.get(last).quoted()) {
            last--;
        } else if (last >= 1 && isOnlySignature(lines, runs.get(last)) && last - 2 >= 0) {
            last -= 2;
        }
        long quotesLeft = runs.subList(0, last + 1).stream().filter(Run::quoted).count();
        boolean answersBelow = quotesLeft == 1
                && (runs.getFirst().quoted()
                        || (runs.size() > 1 && runs.get(1).quoted() && isOnlyIntroduction(lines, runs.getFirst())));
        if (last < 0) {
            return new ArrayList<>();
        }
        int from = 0;
        if (answersBelow) {
            int quote = runs.getFirst().quoted() ? 0 : 1;
            from = runs.get(quote).to();
        }
        List<String> rest = new ArrayList<>(
                lines.subList(from, Math.max(from, runs.get(last).to())));
        if (runs.get(last).to() < lines.size()) {
            dropIntroductionAtEnd(rest);
        }
        return rest;
    }

    private static boolean isOnlySignature(List<String> lines, Run run) {
        List<String> own = lines.subList(run.from(), run.to());
        int first = firstWithWords(own, 0);
        return first < own.size()
                && (own.get(first).equals("-- ") || own.get(first).equals("--"));
    }

    private static boolean isOnlyIntroduction(List<String> lines, Run run) {
        List<String> own = lines.subList(run.from(), run.to());
        int first = firstWithWords(own, 0);
        return first == own.size() || !Signatures.hasWords(own.subList(first + introductionAt(own, first), own.size()));
    }

    private static int introductionAt(List<String> own, int first) {
        return Attribution.linesAt(own, first);
    }

    private static void dropIntroductionAtEnd(List<String> lines) {
        while (!lines.isEmpty() && lines.getLast().isBlank()) {
            lines.removeLast();
        }
        for (int length = Attribution.MAX_LINES; length >= 1; length--) {
            int at = lines.size() - length;
            if (at >= 0 && Attribution.linesAt(lines, at) == length) {
                lines.subList(at, lines.size()).clear();
                return;
            }
        }
    }

    private static List<Run> runs(List<String> lines) {
        List<Run> runs = new ArrayList<>();
        int at = 0;
        while (at < lines.size()) {
            boolean quoted = isQuoted(lines.get(at));
            int to = at + 1;
            while (to < lines.size() && (lines.get(to).isBlank() || isQuoted(lines.get(to)) == quoted)) {
                to++;
            }
            if (lines.get(at).isBlank() && runs.isEmpty() && !Signatures.hasWords(lines.subList(at, to))) {
                at = to;
                continue;
            }
            // Empty lines behind a quote belong to what follows.
            runs.add(new Run(quoted, at, to));
            at = to;
        }
        return runs;
    }

    private static boolean isQuoted(String line) {
        return line.startsWith(">") || line.startsWith(" >");
    }
}
