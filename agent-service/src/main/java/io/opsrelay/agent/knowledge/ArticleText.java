package io.opsrelay.agent.knowledge;

import io.opsrelay.agent.knowledge.Article.Format;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeFilter;
import org.jspecify.annotations.Nullable;

/**
 * Takes the visible text out of an article, block by block. Lists, tables and code keep their lines; what a reader would
 * not see (scripts, styles, hidden elements) is left out, whatever the format: Markdown may hold HTML.
 */
final class ArticleText {

    private static final Set<String> UNSEEN = Set.of(
            "script",
            "style",
            "noscript",
            "template",
            "head",
            "title",
            "iframe",
            "object",
            "embed",
            "svg",
            "math",
            "canvas",
            "audio",
            "video",
            "button",
            "input",
            "select",
            "textarea");
    private static final Pattern HIDING = Pattern.compile(
            "display\\s*:\\s*none|visibility\\s*:\\s*(?:hidden|collapse)|(?:opacity|font-size)\\s*:\\s*0(?![.\\d])");
    private static final Pattern HEADING = Pattern.compile("h[1-6]");
    /** Characters that are not seen, or turn the order of those that are. */
    private static final Pattern INVISIBLE =
            Pattern.compile("[\\p{Cc}&&[^\\n\\t]]|[\\u200B\\u2028-\\u202E\\u2060-\\u2069\\uFEFF\\u00AD]");

    private static final Pattern BLANKS = Pattern.compile("[\\s\\u00A0]+");
    private static final Pattern EMPTY_LINES = Pattern.compile("\\R(?:[ \\t]*\\R)+");
    private static final Pattern KEEPS_ITS_LINE = Pattern.compile("\\s{2,}.*|\\s*(?:[-*•+]|\\d{1,3}[.)])\\s.*");
    private static final int DEEPEST = 200;

    private static final Parser MARKDOWN = Parser.builder()
            .extensions(List.of(TablesExtension.create()))
            .maxOpenBlockParsers(DEEPEST)
            .build();
    private static final HtmlRenderer RENDERER =
            HtmlRenderer.builder().extensions(List.of(TablesExtension.create())).build();

    private ArticleText() {}

    /** @param title of the article, which is not repeated as a heading */
    static List<Block> blocksOf(Format format, String content, String title) {
        return switch (format) {
            case TEXT -> ofText(content);
            case HTML -> ofHtml(content, title);
            case MARKDOWN -> ofHtml(RENDERER.render(MARKDOWN.parse(content)), title);
        };
    }

    private static List<Block> ofText(String content) {
        return EMPTY_LINES
                .splitAsStream(content.strip())
                .map(ArticleText::paragraph)
                .filter(text -> !text.isBlank())
                .map(text -> new Block("", text))
                .toList();
    }

    /** Lines that were only wrapped are joined; list items and indented lines stay lines. */
    private static String paragraph(String text) {
        StringBuilder joined = new StringBuilder();
        for (String line : visible(text).lines().toList()) {
            if (!joined.isEmpty()) {
                joined.append(KEEPS_ITS_LINE.matcher(line).matches() ? '\n' : ' ');
            }
            joined.append(line.strip());
        }
        return joined.toString();
    }

    private static List<Block> ofHtml(String html, String title) {
        org.jsoup.parser.Parser parser = org.jsoup.parser.Parser.htmlParser().setMaxDepth(DEEPEST);
        Collector collector = new Collector(title);
        Jsoup.parse(html, "", parser).body().filter(collector);
        collector.flush();
        return collector.blocks;
    }

    private static String visible(String text) {
        return INVISIBLE.matcher(text).replaceAll("");
    }

    /**
     * A paragraph, a list, a table or a piece of code.
     *
     * @param heading the headings above it, outermost first, divided by {@code " > "}
     */
    record Block(String heading, String text) {}

    /** Collects blocks while jsoup walks; nothing here recurses, however deep the document is. */
    private static final class Collector implements NodeFilter {

        private final String title;
        private final @Nullable String[] headings = new String[6];
        private final List<Block> blocks = new ArrayList<>();
        private final StringBuilder current = new StringBuilder();
        private int lists;
        private int tables;

        Collector(String title) {
            this.title = title;
        }

        @Override
        public FilterResult head(Node node, int depth) {
            if (node instanceof TextNode text) {
                append(BLANKS.matcher(visible(text.getWholeText())).replaceAll(" "));
                return FilterResult.CONTINUE;
            }
            return node instanceof Element element ? enter(element) : FilterResult.SKIP_ENTIRELY;
        }

        private FilterResult enter(Element element) {
            String name = element.normalName();
            if (UNSEEN.contains(name) || isHidden(element)) {
                return FilterResult.SKIP_ENTIRELY;
            }
            if (HEADING.matcher(name).matches()) {
                flush();
                heading(name.charAt(1) - '1', visible(element.text()).strip());
                return FilterResult.SKIP_ENTIRELY;
            }
            switch (name) {
                case "pre" -> {
                    flush();
                    add(visible(element.wholeText()).stripTrailing());
                    return FilterResult.SKIP_ENTIRELY;
                }
                case "ul", "ol" -> {
                    if (lists++ == 0 && tables == 0) {
                        flush();
                    }
                }
                case "table" -> {
                    if (tables++ == 0 && lists == 0) {
                        flush();
                    }
                }
                case "li" ->
                    current.append('\n')
                            .append("  ".repeat(Math.max(0, lists - 1)))
                            .append("- ");
                case "tr", "br" -> current.append('\n');
                case "td", "th" -> {
                    if (element.elementSiblingIndex() > 0) {
                        append(" ");
                        current.append("| ");
                    }
                }
                case "img" -> append(visible(element.attr("alt")));
                default -> border(element);
            }
            return FilterResult.CONTINUE;
        }

        @Override
        public FilterResult tail(Node node, int depth) {
            if (node instanceof Element element) {
                switch (element.normalName()) {
                    case "ul", "ol" -> {
                        if (--lists == 0 && tables == 0) {
                            flush();
                        }
                    }
                    case "table" -> {
                        if (--tables == 0 && lists == 0) {
                            flush();
                        }
                    }
                    case "li", "tr", "td", "th", "br", "img" -> {}
                    default -> border(element);
                }
            }
            return FilterResult.CONTINUE;
        }

        private void border(Element element) {
            if (element.isBlock()) {
                if (lists == 0 && tables == 0) {
                    flush();
                } else {
                    append(" ");
                }
            }
        }

        private void append(String text) {
            boolean afterBlank = current.isEmpty() || Character.isWhitespace(current.charAt(current.length() - 1));
            current.append(afterBlank ? text.stripLeading() : text);
        }

        private void heading(int level, String text) {
            Arrays.fill(headings, level, headings.length, null);
            if (!text.equalsIgnoreCase(title)) {
                headings[level] = text;
            }
        }

        void flush() {
            add(current.toString()
                    .lines()
                    .map(String::stripTrailing)
                    .filter(line -> !line.isBlank() && !line.strip().equals("-"))
                    .collect(Collectors.joining("\n")));
            current.setLength(0);
        }

        private void add(String text) {
            if (!text.isBlank()) {
                String above = Arrays.stream(headings)
                        .filter(Objects::nonNull)
                        .filter(heading -> !heading.isBlank())
                        .collect(Collectors.joining(" > "));
                blocks.add(new Block(above, text));
            }
        }

        private static boolean isHidden(Element element) {
            return element.hasAttr("hidden")
                    || element.attr("aria-hidden").equalsIgnoreCase("true")
                    || HIDING.matcher(element.attr("style").toLowerCase(Locale.ROOT))
                            .find();
        }
    }
}
