package io.opsrelay.ingestion.mime;

import io.opsrelay.ingestion.mime.html.HtmlText;
import java.util.ArrayList;
import java.util.List;
import org.jsoup.Jsoup;
import org.jspecify.annotations.Nullable;

/** What a mail gives to read, in the shape in which it came: texts, and multiparts of texts. */
sealed interface Body {

    /** One part of text. */
    record Text(String text, boolean html) implements Body {}

    /**
     * Several parts under one roof.
     *
     * @param subtype of the multipart, e.g. alternative
     */
    record Many(String subtype, List<Body> children) implements Body {}

    /** The two forms in which a body can be read; the text is empty where there is only HTML. */
    record Content(String text, @Nullable String html) {

        boolean hasText() {
            return !text.isBlank();
        }
    }

    /** Chooses among alternatives and joins what stands one below the other. */
    static Content read(Body body, int maxChars) {
        return switch (body) {
            case Text(String text, boolean html) -> html ? new Content("", text) : new Content(text, null);
            case Many(String subtype, List<Body> children) -> {
                List<Content> all = new ArrayList<>();
                for (Body child : children) {
                    all.add(read(child, maxChars));
                }
                yield subtype.equals("alternative") ? choose(all) : join(all, maxChars);
            }
        };
    }

    private static Content choose(List<Content> all) {
        String text = "";
        String html = null;
        for (Content one : all) {
            text = one.hasText() && text.isBlank() ? one.text() : text;
            html = one.html() != null ? one.html() : html;
        }
        return new Content(text, html);
    }

    private static Content join(List<Content> all, int maxChars) {
        if (all.size() == 1) {
            return all.getFirst();
        }
        boolean anyHtml = all.stream().anyMatch(one -> one.html() != null);
        boolean anyText = all.stream().anyMatch(Content::hasText);
        StringBuilder text = new StringBuilder();
        StringBuilder html = new StringBuilder();
        for (Content one : all) {
            String written = one.html();
            if (anyText) {
                String said =
                        one.hasText() || written == null ? one.text() : HtmlText.of(Jsoup.parse(written), maxChars);
                text.append(text.isEmpty() || said.isBlank() ? "" : "\n").append(said.stripTrailing());
            }
            if (anyHtml && (written != null || one.hasText())) {
                html.append(html.isEmpty() ? "" : "\n").append(written == null ? asHtml(one.text()) : written);
            }
        }
        return new Content(text.toString(), anyHtml ? html.toString() : null);
    }

    private static String asHtml(String text) {
        String escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
        return "<div style=\"white-space:pre-wrap\">" + escaped + "</div>";
    }
}
