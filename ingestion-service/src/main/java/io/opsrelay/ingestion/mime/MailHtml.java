package io.opsrelay.ingestion.mime;

import io.opsrelay.ingestion.mime.html.SafeHtml;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The HTML of {@link ParsedMail} as one reader sees it. */
public final class MailHtml {

    private MailHtml() {}

    /**
     * With its images.
     *
     * @param html of a parsed mail
     * @param inline from a Content-ID to where the image can be had; null if it cannot
     * @param remote whether images of other servers are loaded, by https only; else grey boxes stand in their places
     */
    public static String shown(String html, Function<String, @Nullable String> inline, boolean remote) {
        return SafeHtml.shown(html, inline, remote);
    }
}
