package io.opsrelay.ingestion.mime.html;

import io.opsrelay.ingestion.mime.text.Clean;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Set;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeFilter;
import org.jspecify.annotations.Nullable;

/**
 * The text of an HTML mail as a reader sees it: paragraphs, lists, tables and links keep their meaning, quoted mails
 * get {@code >} before their lines, hidden text is left out.
 */
public final class HtmlText implements NodeFilter {

    private static final Set<String> UNREAD = Set.of(
            "head",
            "script",
            "style",
            "title",
            "template",
            "noscript",
            "iframe",
            "object",
            "embed",
            "svg",
            "math",
            "select",
            "textarea",
            "button",
            "audio",
            "video",
            "canvas",
            "map");
    private static final Set<String> BLOCKS = Set.of(
            "address",
            "article",
            "aside",
            "center",
            "dd",
            "div",
            "dl",
            "dt",
            "fieldset",
            "figure",
            "footer",
            "form",
            "header",
            "li",
            "main",
            "nav",
            "ol",
            "section",
            "table",
            "tbody",
            "tfoot",
            "thead",
            "tr",
            "ul",
            "caption");
    private static final Set<String> PARAGRAPHS = Set.of("p", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "blockquote");
    private static final int MAX_DEPTH_OF_QUOTES = 20;

    private final HiddenText hidden;
    private final int max;
    private final StringBuilder out = new StringBuilder();
    private final Deque<int[]> lists = new ArrayDeque<>();
    /** Of each open row, where the text of its latest cell begins. */
    private final Deque<int[]> rows = new ArrayDeque<>();

    private int quotes;
    private int preformatted;
    private boolean space;
    private boolean atLineStart = true;

    private HtmlText(Document document, int max) {
        this.hidden = HiddenText.in(document);
        this.max = max;
    }

    /** @param max characters at most */
    public static String of(Document document, int max) {
        HtmlText text = new HtmlText(document, max);
        document.filter(text);
        return Clean.cut(Clean.body(text.out.toString()), max);
    }

    @Override
    public FilterResult head(Node node, int depth) {
        if (out.length() > max) {
            return FilterResult.STOP;
        }
        if (node instanceof TextNode words) {
            words(words.getWholeText());
        } else if (node instanceof Element element) {
            String name = element.normalName();
            if (UNREAD.contains(name) || hidden.hides(element)) {
                return FilterResult.SKIP_ENTIRELY;
            }
            open(element, name);
        }
        return FilterResult.CONTINUE;
    }

    @Override
    public FilterResult tail(@Nullable Node node, int depth) {
        if (node instanceof Element element && !UNREAD.contains(element.normalName())) {
            close(element, element.normalName());
        }
        return FilterResult.CONTINUE;
    }

    private void open(Element element, String name) {
        if (PARAGRAPHS.contains(name)) {
            paragraph();
        } else if (BLOCKS.contains(name)) {
            line();
        }
        switch (name) {
            case "br" -> newLine();
            case "hr" -> {
                line();
                raw("---");
                line();
            }
            case "blockquote" -> quotes = Math.min(quotes + 1, MAX_DEPTH_OF_QUOTES);
            case "pre" -> preformatted++;
            case "ul" -> lists.push(new int[] {-1});
            case "ol" -> lists.push(new int[] {0});
            case "li" -> item();
            case "tr" -> rows.push(new int[] {-1});
            case "td", "th" -> cell(element);
            case "img" -> image(element);
            default -> {
                // Everything else has no form of its own in a text.
            }
        }
    }

    private void close(Element element, String name) {
        switch (name) {
            case "a" -> link(element);
            case "blockquote" -> {
                line();
                quotes = Math.max(0, quotes - 1);
            }
            case "pre" -> preformatted = Math.max(0, preformatted - 1);
            case "ul", "ol" -> lists.poll();
            case "tr" -> rows.poll();
            default -> {
                // Ends without a trace.
            }
        }
        if (PARAGRAPHS.contains(name)) {
            paragraph();
        } else if (BLOCKS.contains(name)) {
            line();
        }
    }

    private void item() {
        int[] list = lists.peek();
        raw("  ".repeat(Math.min(10, Math.max(0, lists.size() - 1))));
        raw(list == null || list[0] < 0 ? "- " : ++list[0] + ". ");
    }

    /** Cells with words are kept apart by a bar; empty ones, of which layouts are full, are passed over. */
    private void cell(Element cell) {
        int[] row = rows.peek();
        if (row == null) {
            return;
        }
        boolean wordsBefore = row[0] >= 0 && out.length() > row[0];
        row[0] = out.length();
        if (wordsBefore && !atLineStart && cell.hasText()) {
            raw(" | ");
        } else if (!atLineStart) {
            space = true;
        }
    }

    private void image(Element image) {
        String alt = Clean.line(image.attr("alt"), 200);
        if (!alt.isEmpty()) {
            words("[" + alt + "]");
        }
    }

    private void link(Element link) {
        String url = link.attr("href").strip();
        String lower = url.toLowerCase(Locale.ROOT);
        boolean worthIt = (lower.startsWith("http://") || lower.startsWith("https://")) && url.length() <= 500;
        String shown = worthIt ? link.text().strip() : "";
        if (worthIt && !shown.isEmpty() && !sameAddress(shown, url)) {
            words(" <" + url + ">");
        }
    }

    private static boolean sameAddress(String shown, String url) {
        return plain(shown).equals(plain(url));
    }

    private static String plain(String url) {
        return url.toLowerCase(Locale.ROOT)
                .replaceFirst("^https?://(?:www\\.)?", "")
                .replaceFirst("/$", "");
    }

    private void words(String text) {
        for (int i = 0; i < text.length() && out.length() <= max; i++) {
            char c = text.charAt(i);
            if (preformatted > 0 && c == '\n') {
                newLine();
            } else if (preformatted > 0 && c != '\r') {
                begin();
                out.append(c);
            } else if (c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f' || c == '\u00a0') {
                space = true;
            } else if (!isInvisible(c)) {
                if (space && !atLineStart) {
                    out.append(' ');
                }
                begin();
                out.append(c);
            }
        }
    }

    /** Characters without width, of which newsletters put hundreds behind their preheader. */
    private static boolean isInvisible(char c) {
        return c == '\u200b' || c == '\u200c' || c == '\u00ad' || c == '\u034f' || c == '\u2060' || c == '\ufeff';
    }

    private void raw(String text) {
        if (!text.isEmpty()) {
            begin();
            out.append(text);
        }
    }

    /** Before a line's first character stand the marks of the quote it belongs to. */
    private void begin() {
        if (atLineStart && quotes > 0) {
            out.append(">".repeat(quotes)).append(' ');
        }
        atLineStart = false;
        space = false;
    }

    private void line() {
        space = false;
        if (!atLineStart) {
            newLine();
        }
    }

    private void newLine() {
        if (atLineStart && quotes > 0) {
            out.append(">".repeat(quotes));
        }
        out.append('\n');
        atLineStart = true;
        space = false;
    }

    private void paragraph() {
        line();
        int length = out.length();
        boolean emptyBefore = length == 0
                || (length > 1 && out.charAt(length - 1) == '\n' && out.charAt(length - 2) == '\n')
                || (length > 1 && out.charAt(length - 2) == '>');
        if (!emptyBefore) {
            newLine();
        }
    }
}
