package io.opsrelay.ingestion.mime.kind;

import io.opsrelay.ingestion.mime.header.Headers;
import io.opsrelay.ingestion.mime.header.MessageIds;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The beginnings of a mail's machine-readable parts, collected while it is read; the first of each type counts. */
public final class Reports {

    /** So many bytes of a part are looked at. */
    public static final int LOOKED_AT = 64 * 1024;

    private static final Pattern METHOD = Pattern.compile("(?im)^METHOD[^:\n]{0,40}:\\s*([A-Z]+)");
    private static final Pattern REPORT_TYPE = Pattern.compile("(?i)report-type\\s*=\\s*\"?([\\w-]+)");

    private @Nullable String deliveryStatus;
    private @Nullable String disposition;
    private @Nullable String feedback;
    private @Nullable String calendarMethod;
    private @Nullable Headers original;

    /** Whether a part of that type is worth looking into. */
    public static boolean isOf(String mediaType) {
        return switch (mediaType) {
            case "message/delivery-status",
                    "message/global-delivery-status",
                    "message/disposition-notification",
                    "message/feedback-report",
                    "message/rfc822",
                    "message/global",
                    "message/rfc822-headers",
                    "text/rfc822-headers",
                    "text/calendar" -> true;
            default -> false;
        };
    }

    /** @param method the method parameter of a calendar part */
    public void look(String mediaType, String beginning, @Nullable String method) {
        switch (mediaType) {
            case "message/delivery-status", "message/global-delivery-status" ->
                deliveryStatus = deliveryStatus == null ? beginning : deliveryStatus;
            case "message/disposition-notification" -> disposition = disposition == null ? beginning : disposition;
            case "message/feedback-report" -> feedback = feedback == null ? beginning : feedback;
            case "text/calendar" -> lookAtCalendar(beginning, method);
            default -> original = original == null ? Headers.ofText(beginning.stripLeading()) : original;
        }
    }

    private void lookAtCalendar(String beginning, @Nullable String method) {
        Matcher found = METHOD.matcher(beginning);
        if (calendarMethod == null && method != null && !method.isBlank()) {
            calendarMethod = method.strip().toUpperCase(Locale.ROOT);
        } else if (calendarMethod == null && found.find()) {
            calendarMethod = found.group(1).toUpperCase(Locale.ROOT);
        }
    }

    /** The report-type of a multipart/report; empty for every other mail. */
    static String typeIn(Headers headers) {
        String contentType = headers.lower("content-type");
        Matcher type = REPORT_TYPE.matcher(contentType);
        return contentType.startsWith("multipart/report") && type.find() ? type.group(1) : "";
    }

    @Nullable
    String deliveryStatus() {
        return deliveryStatus;
    }

    @Nullable
    String disposition() {
        return disposition;
    }

    @Nullable
    String feedback() {
        return feedback;
    }

    @Nullable
    String calendarMethod() {
        return calendarMethod;
    }

    /** The id of the mail that is reported about. */
    @Nullable
    String originalMessageId() {
        return original == null ? null : MessageIds.one(original.first("message-id"));
    }

    boolean holdsAMail() {
        return original != null;
    }

    /** To whom the mail went that is reported about. */
    @Nullable
    String originalTo() {
        return original == null ? null : original.first("to");
    }
}
