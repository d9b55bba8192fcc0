package io.opsrelay.ingestion.mime.html;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeFilter;
import org.jspecify.annotations.Nullable;

/** Takes the quoted mails out of an answer, by the marks that mail programs set around them. */
public final class HtmlQuotes {

    /** A mark that encloses the quoted mail. */
    private static final String ENCLOSING = "div.gmail_quote, blockquote.gmail_quote, div.yahoo_quoted, "
            + "blockquote[type=cite], div.protonmail_quote, blockquote.protonmail_quote, div.zmail_extra, "
            + "div.moz-forward-container, blockquote.tutanota_quote, div.WordSection1 blockquote[type=cite], "
            + "div[id^=mail-editor-reference-message-container], div#OLK_SRC_BODY_SECTION, div.front-quote, "
            + "blockquote.front-blockquote, div.ms-outlook-mobile-reference-message";
    /** A mark that stands before the quoted mail, which goes on to the end. */
    private static final String PRECEDING = "div#divRplyFwdMsg, div#appendonsend, hr#stopSpelling, "
            + "div#x_divRplyFwdMsg, div#x_appendonsend, hr[tabindex=-1]";

    private static final String INTRODUCING = "div.gmail_attr, div.moz-cite-prefix, div.yahoo_quoted_header";
    private static final Pattern FORWARDED =
            Pattern.compile("(?i)-{5,}\\s*(?:forwarded message|weitergeleitete nachricht|message transféré"
                    + "|mensaje reenviado|mensagem encaminhada|messaggio inoltrato|doorgestuurd bericht).*");

    private HtmlQuotes() {}

    /**
     * The document without quoted mails; the argument stays as it is.
     *
     * @return null where nothing is marked as a quote, or a person wrote on below the quote and needs it to be understood
     */
    public static @Nullable Document without(Document original) {
        if (isForward(original)) {
            return null;
        }
        Document document = original.clone();
        boolean cut = false;
        Element start = document.selectFirst(PRECEDING);
        if (start != null) {
            removeFrom(start);
            cut = true;
        }
        List<Element> quotes = document.select(ENCLOSING);
        if (!quotes.isEmpty() && !isAboveOrBelow(document, quotes)) {
            return null;
        }
        for (Element quote : quotes) {
            quote.remove();
            cut = true;
        }
        document.select(INTRODUCING).remove();
        return cut ? document : null;
    }

    private static boolean isForward(Document document) {
        for (Element intro :
                document.select("div.gmail_attr, div.moz-forward-container, div.moz-email-headers-table")) {
            if (intro.hasClass("moz-forward-container")
                    || FORWARDED.matcher(intro.text()).lookingAt()) {
                return true;
            }
        }
        return false;
    }

    private static void removeFrom(Element start) {
        Node at = start;
        while (at != null
                && !(at instanceof Element element && element.normalName().equals("body"))) {
            Node parent = at.parent();
            Node next = at.nextSibling();
            while (next != null) {
                Node after = next.nextSibling();
                next.remove();
                next = after;
            }
            at = parent;
        }
        start.remove();
    }

    /** Whether a person's words stand all above or all below what is quoted, and not between. */
    private static boolean isAboveOrBelow(Document document, List<Element> quotes) {
        Set<Element> known = new HashSet<>(quotes);
        StringBuilder order = new StringBuilder();
        document.body().filter((node, depth) -> {
            if (node instanceof Element element && known.contains(element)) {
                append(order, 'q');
                return NodeFilter.FilterResult.SKIP_ENTIRELY;
            }
            if (node instanceof Element element && element.is(INTRODUCING)) {
                return NodeFilter.FilterResult.SKIP_ENTIRELY;
            }
            if (node instanceof TextNode text && !text.isBlank()) {
                append(order, 'w');
            }
            return NodeFilter.FilterResult.CONTINUE;
        });
        return order.toString().equals("wq") || order.toString().equals("qw");
    }

    private static void append(StringBuilder order, char event) {
        if (order.isEmpty() || order.charAt(order.length() - 1) != event) {
            order.append(event);
        }
    }
}
