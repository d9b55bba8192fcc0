package io.opsrelay.ingestion.mime.kind;

import io.opsrelay.ingestion.mime.Address;
import io.opsrelay.ingestion.mime.header.Headers;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a mail's kind is told by.
 *
 * @param reports what the machine-readable parts say
 * @param ownHeader the header that OpsRelay's own mails carry
 */
public record Evidence(
        Headers headers, @Nullable Address from, String subject, String text, Reports reports, String ownHeader) {

    /** Whether the mail says that no error message may come back to it: {@code Return-Path: <>}. */
    boolean hasEmptyReturnPath() {
        return headers.all("return-path").stream()
                        .anyMatch(path -> path.replace(" ", "").equals("<>"))
                || headers.all("x-envelope-from").stream()
                        .anyMatch(path -> path.replace(" ", "").equals("<>"));
    }

    /** The name before the at sign of the sender, in lower case; what stands in From where it is no address. */
    String localPart() {
        String whole = from == null ? headers.lower("from") : from.address().toLowerCase(Locale.ROOT);
        int at = whole.indexOf('@');
        return at < 0 ? whole : whole.substring(0, at);
    }
}
