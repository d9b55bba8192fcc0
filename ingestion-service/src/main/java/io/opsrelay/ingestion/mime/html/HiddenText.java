package io.opsrelay.ingestion.mime.html;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;

/**
 * Finds what a reader does not see: preheaders, tracking text, and words that are meant for a machine alone. The text
 * of a mail must be what its reader sees, since an agent acts upon it.
 */
final class HiddenText {

    private static final Pattern HIDING = Pattern.compile("display:none|visibility:(?:hidden|collapse)|mso-hide:all"
            + "|font-size:0(?:\\.0*)?(?:px|pt|em|rem|%)?(?:[;!]|$)|max-height:0(?:px)?(?:[;!]|$)"
            + "|opacity:0(?:\\.0*)?(?:[;!]|$)|text-indent:-\\d{3,}|(?:left|top):-\\d{3,}px");
    private static final Pattern RULE = Pattern.compile("([^{}]{1,300})\\{([^{}]{0,2000})\\}");
    private static final Pattern CLASS_OR_ID = Pattern.compile("(?:[a-zA-Z]+)?([.#][\\w-]+)");
    private static final int MAX_SHEET = 100_000;
    private static final int MAX_RULES = 2_000;

    private final Set<String> hidingNames = new HashSet<>();

    private HiddenText(Document document) {
        for (Element style : document.select("style")) {
            read(withoutMedia(style.data()));
        }
    }

    static HiddenText in(Document document) {
        return new HiddenText(document);
    }

    boolean hides(Element element) {
        if (element.hasAttr("hidden")) {
            return true;
        }
        String style = element.attr("style");
        if (!style.isEmpty() && HIDING.matcher(squeezed(style)).find()) {
            return true;
        }
        if (hidingNames.isEmpty()) {
            return false;
        }
        if (!element.id().isEmpty() && hidingNames.contains("#" + element.id())) {
            return true;
        }
        String names = element.attr("class");
        return !names.isEmpty()
                && names.length() < 1_000
                && element.classNames().stream().anyMatch(name -> hidingNames.contains("." + name));
    }

    private void read(String sheet) {
        Matcher rule = RULE.matcher(sheet);
        for (int rules = 0; rules < MAX_RULES && rule.find(); rules++) {
            if (HIDING.matcher(squeezed(rule.group(2))).find()) {
                for (String selector : rule.group(1).split(",")) {
                    Matcher name = CLASS_OR_ID.matcher(selector.strip());
                    if (name.matches()) {
                        hidingNames.add(name.group(1));
                    }
                }
            }
        }
    }

    private static String squeezed(String style) {
        return style.replaceAll("/\\*[^*]*\\*/", "").replaceAll("\\s+", "").toLowerCase(Locale.ROOT);
    }

    /** What holds only on a telephone, in print or in the dark is not what everybody sees. */
    private static String withoutMedia(String css) {
        String sheet = css.length() > MAX_SHEET ? css.substring(0, MAX_SHEET) : css;
        StringBuilder rest = new StringBuilder();
        int at = 0;
        while (at < sheet.length()) {
            int media = sheet.indexOf("@media", at);
            if (media < 0) {
                return rest.append(sheet, at, sheet.length()).toString();
            }
            rest.append(sheet, at, media);
            int open = sheet.indexOf('{', media);
            int depth = 0;
            at = open < 0 ? sheet.length() : open;
            while (at < sheet.length()) {
                char c = sheet.charAt(at++);
                depth += c == '{' ? 1 : c == '}' ? -1 : 0;
                if (depth == 0) {
                    break;
                }
            }
        }
        return rest.toString();
    }
}
