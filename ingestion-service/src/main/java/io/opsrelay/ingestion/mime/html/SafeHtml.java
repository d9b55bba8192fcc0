package io.opsrelay.ingestion.mime.html;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.owasp.html.AttributePolicy;
import org.owasp.html.CssSchema;
import org.owasp.html.ElementPolicy;
import org.owasp.html.HtmlPolicyBuilder;
import org.owasp.html.PolicyFactory;

/**
 * HTML that may be shown inside the dashboard. It runs nothing and loads nothing: the address of an image on somebody's
 * server stands in {@code data-remote-src}, for a person to load it knowingly; {@code cid:} images of the mail itself
 * keep their address.
 */
public final class SafeHtml {

    private static final Set<String> STYLES = Set.of(
            "background-color",
            "border",
            "border-collapse",
            "border-color",
            "border-style",
            "border-width",
            "color",
            "direction",
            "font-family",
            "font-size",
            "font-style",
            "font-weight",
            "line-height",
            "list-style-type",
            "margin-left",
            "padding",
            "padding-left",
            "text-align",
            "text-decoration",
            "text-indent",
            "vertical-align",
            "white-space",
            "width");
    private static final List<String> IMAGES_AS_DATA = List.of(
            "data:image/png;base64,",
            "data:image/jpeg;base64,",
            "data:image/jpg;base64,",
            "data:image/gif;base64,",
            "data:image/webp;base64,");
    private static final String CID = "cid:";
    private static final AttributePolicy A_NUMBER =
            (element, attribute, value) -> value.matches("\\d{1,4}(?:px|%)?") ? value : null;

    /** Grey, one pixel: stands where an image of somebody's server would. */
    private static final String PLACEHOLDER =
            "data:image/gif;base64,R0lGODlhAQABAIAAAMzMzAAAACH5BAAAAAAALAAAAAABAAEAAAICRAEAOw==";

    private static final PolicyFactory POLICY = policy(SafeHtml::image);

    private SafeHtml() {}

    /** The harmless part of any HTML. */
    public static String of(String html) {
        return POLICY.sanitize(html);
    }

    /**
     * Harmless HTML with its images as one reader is to see them, cleaned once more on the way. An image that the mail
     * brought gets its address here, or goes; one on somebody's server is a grey box that keeps the address in {@code
     * data-remote-src}, since loading it would tell that server who read the mail, and when.
     *
     * @param inline from a Content-ID to where the image can be had; null if it cannot
     * @param remote whether the reader wants those of other servers, which then are loaded by https only
     */
    public static String shown(String safe, Function<String, @Nullable String> inline, boolean remote) {
        return policy((element, attributes) -> shownImage(element, attributes, inline, remote))
                .sanitize(safe);
    }

    private static PolicyFactory policy(ElementPolicy images) {
        return new HtmlPolicyBuilder()
                .allowElements(
                        "a",
                        "abbr",
                        "address",
                        "b",
                        "bdi",
                        "big",
                        "blockquote",
                        "br",
                        "caption",
                        "center",
                        "cite",
                        "code",
                        "col",
                        "colgroup",
                        "dd",
                        "del",
                        "dfn",
                        "div",
                        "dl",
                        "dt",
                        "em",
                        "figcaption",
                        "figure",
                        "font",
                        "h1",
                        "h2",
                        "h3",
                        "h4",
                        "h5",
                        "h6",
                        "hr",
                        "i",
                        "ins",
                        "kbd",
                        "li",
                        "ol",
                        "p",
                        "pre",
                        "q",
                        "s",
                        "samp",
                        "small",
                        "span",
                        "strike",
                        "strong",
                        "sub",
                        "sup",
                        "table",
                        "tbody",
                        "td",
                        "tfoot",
                        "th",
                        "thead",
                        "tr",
                        "tt",
                        "u",
                        "ul",
                        "var",
                        "wbr",
                        "section",
                        "article",
                        "header",
                        "footer",
                        "main")
                .allowElements(images, "img")
                .allowWithoutAttributes("span", "font", "a")
                .allowUrlProtocols("http", "https", "mailto", "tel", "cid", "data")
                .allowAttributes("href")
                .matching(SafeHtml::linkOnly)
                .onElements("a")
                .requireRelsOnLinks("noopener", "noreferrer", "nofollow")
                .allowAttributes("src")
                .matching(SafeHtml::imageOnly)
                .onElements("img")
                .allowAttributes("data-remote-src")
                .matching(SafeHtml::remoteOnly)
                .onElements("img")
                .allowAttributes("alt")
                .onElements("img")
                .allowAttributes("width", "height")
                .matching(A_NUMBER)
                .onElements("img", "table", "td", "th", "col")
                .allowAttributes("border", "cellpadding", "cellspacing")
                .matching(A_NUMBER)
                .onElements("table")
                .allowAttributes("colspan", "rowspan")
                .matching(A_NUMBER)
                .onElements("td", "th")
                .allowAttributes("align", "valign")
                .matching(true, "left", "right", "center", "justify", "top", "middle", "bottom")
                .globally()
                .allowAttributes("bgcolor", "color")
                .matching((element, attribute, value) -> value.matches("#?[0-9a-zA-Z]{1,20}") ? value : null)
                .onElements("table", "td", "th", "tr", "font")
                .allowAttributes("dir")
                .matching(true, "ltr", "rtl", "auto")
                .globally()
                .allowAttributes("title")
                .globally()
                .allowAttributes("start")
                .matching(A_NUMBER)
                .onElements("ol")
                .allowStyling(CssSchema.withProperties(STYLES))
                .toFactory();
    }

    private static @Nullable String linkOnly(String element, String attribute, String value) {
        String url = value.strip().toLowerCase(Locale.ROOT);
        boolean fine = url.startsWith("http://")
                || url.startsWith("https://")
                || url.startsWith("mailto:")
                || url.startsWith("tel:");
        return fine ? value : null;
    }

    private static @Nullable String imageOnly(String element, String attribute, String value) {
        String url = value.strip().toLowerCase(Locale.ROOT);
        boolean fine = url.startsWith("cid:")
                || url.startsWith("http://")
                || url.startsWith("https://")
                || IMAGES_AS_DATA.stream().anyMatch(url::startsWith);
        return fine ? value : null;
    }

    private static @Nullable String image(String element, List<String> attributes) {
        String source = value(attributes, "src");
        if (source != null && isHttp(source)) {
            remove(attributes, "src");
            remove(attributes, "data-remote-src");
            attributes.addAll(List.of("data-remote-src", source));
        }
        boolean shows =
                source != null || value(attributes, "data-remote-src") != null || value(attributes, "alt") != null;
        return shows ? element : null;
    }

    private static @Nullable String remoteOnly(String element, String attribute, String value) {
        return isHttp(value) ? value : null;
    }

    private static boolean isHttp(String value) {
        String url = value.strip().toLowerCase(Locale.ROOT);
        return url.startsWith("https://") || url.startsWith("http://");
    }

    private static @Nullable String shownImage(
            String element, List<String> attributes, Function<String, @Nullable String> inline, boolean remote) {
        String source = value(attributes, "src");
        String elsewhere = source != null && isHttp(source) ? source : value(attributes, "data-remote-src");
        remove(attributes, "src");
        remove(attributes, "data-remote-src");
        if (elsewhere != null) {
            boolean loaded =
                    remote && elsewhere.strip().toLowerCase(Locale.ROOT).startsWith("https://");
            attributes.addAll(List.of("src", loaded ? elsewhere : PLACEHOLDER));
            if (!loaded) {
                attributes.addAll(List.of("data-remote-src", elsewhere));
            }
        } else if (source != null) {
            String address = source.strip().regionMatches(true, 0, CID, 0, CID.length())
                    ? inline.apply(source.strip().substring(CID.length()))
                    : source;
            if (address != null) {
                attributes.addAll(List.of("src", address));
            }
        }
        return value(attributes, "src") == null && value(attributes, "alt") == null ? null : element;
    }

    private static @Nullable String value(List<String> attributes, String name) {
        for (int i = 0; i + 1 < attributes.size(); i += 2) {
            if (attributes.get(i).equals(name)) {
                return attributes.get(i + 1);
            }
        }
        return null;
    }

    private static void remove(List<String> attributes, String name) {
        for (int i = attributes.size() - 2; i >= 0; i -= 2) {
            if (attributes.get(i).equals(name)) {
                attributes.subList(i, i + 2).clear();
            }
        }
    }
}
