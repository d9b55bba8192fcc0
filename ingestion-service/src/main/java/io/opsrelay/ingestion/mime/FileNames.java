package io.opsrelay.ingestion.mime;

import io.opsrelay.ingestion.mime.text.Clean;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Names under which attachments may be shown and stored: no folders, no tricks, never empty. */
final class FileNames {

    private static final int MAX_LENGTH = 200;
    private static final int MAX_EXTENSION = 12;
    private static final Pattern MEDIA_TYPE = Pattern.compile("[a-z0-9!#$&^_.+-]{1,60}/[a-z0-9!#$&^_.+-]{1,100}");
    private static final Map<String, String> EXTENSIONS = Map.ofEntries(
            Map.entry("application/ms-tnef", "dat"),
            Map.entry("application/pdf", "pdf"),
            Map.entry("application/pgp-signature", "asc"),
            Map.entry("application/pkcs7-mime", "p7m"),
            Map.entry("application/pkcs7-signature", "p7s"),
            Map.entry("application/zip", "zip"),
            Map.entry("image/gif", "gif"),
            Map.entry("image/jpeg", "jpg"),
            Map.entry("image/png", "png"),
            Map.entry("image/svg+xml", "svg"),
            Map.entry("image/webp", "webp"),
            Map.entry("message/delivery-status", "txt"),
            Map.entry("message/disposition-notification", "txt"),
            Map.entry("message/rfc822", "eml"),
            Map.entry("text/calendar", "ics"),
            Map.entry("text/csv", "csv"),
            Map.entry("text/html", "html"),
            Map.entry("text/plain", "txt"),
            Map.entry("text/rfc822-headers", "txt"),
            Map.entry("text/x-amp-html", "html"));

    private FileNames() {}

    /** @param number of the part, for a name where the mail gives none */
    static String of(@Nullable String given, String mediaType, int number) {
        String name = given == null ? "" : Clean.line(given, 1_000);
        name = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
        name = name.replaceAll("[<>:\"|?*]", "_").replaceAll("^[.\\s]+|[.\\s]+$", "");
        if (name.isEmpty()) {
            return "attachment-" + number + "." + EXTENSIONS.getOrDefault(mediaType, "bin");
        }
        if (name.length() <= MAX_LENGTH) {
            return name;
        }
        int dot = name.lastIndexOf('.');
        String extension = dot > 0 && name.length() - dot <= MAX_EXTENSION ? name.substring(dot) : "";
        return Clean.cut(name, MAX_LENGTH - extension.length()) + extension;
    }

    /** The type, if it is one. */
    static String mediaType(String declared) {
        return MEDIA_TYPE.matcher(declared).matches() ? declared : "application/octet-stream";
    }
}
