package io.opsrelay.ingestion.ticket;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the parts of a ticket must look like, whichever door they come through. Each rule answers with what is wrong, to be
 * read behind the field's name, or with null. Lengths count characters.
 */
public final class TicketRules {

    /** Most characters of a subject. */
    public static final int MAX_SUBJECT = 500;
    /** Most characters of a body, and of a comment. */
    public static final int MAX_BODY = 100_000;
    /** Most characters of a source's own id. */
    public static final int MAX_EXTERNAL_ID = 200;
    /** Most entries of the metadata. */
    public static final int MAX_METADATA = 50;
    /** Most characters of the name of an entry. */
    public static final int MAX_METADATA_NAME = 100;
    /** Most characters of the value of an entry. */
    public static final int MAX_METADATA_VALUE = 1_000;

    /** RFC 5321: 64 before the @, 254 in all. */
    private static final int MAX_EMAIL = 254;

    private static final int MAX_EMAIL_NAME = 64;

    private TicketRules() {}

    /** In one line. */
    public static @Nullable String subject(@Nullable String subject) {
        String refusal = required(subject, MAX_SUBJECT);
        return refusal == null && subject != null && subject.codePoints().anyMatch(Character::isISOControl)
                ? "must not contain line breaks or other control characters"
                : refusal;
    }

    /** What the customer says. */
    public static @Nullable String body(@Nullable String body) {
        return required(body, MAX_BODY);
    }

    /** By which the source knows the ticket, if it says so. */
    public static @Nullable String externalId(@Nullable String externalId) {
        return externalId == null ? null : required(externalId, MAX_EXTERNAL_ID);
    }

    /** Of whom it is. */
    public static @Nullable String email(@Nullable String address) {
        String refusal = required(address, MAX_EMAIL);
        if (refusal != null || address == null) {
            return refusal;
        }
        int at = address.indexOf('@');
        boolean formed = at > 0
                && at <= MAX_EMAIL_NAME
                && at == address.lastIndexOf('@')
                && isDomain(address.substring(at + 1))
                && address.codePoints()
                        .noneMatch(c -> Character.isWhitespace(c)
                                || Character.isSpaceChar(c)
                                || Character.isISOControl(c)
                                || "<>()[],;:\\\"".indexOf(c) >= 0);
        return formed ? null : "must be an e-mail address, like name@example.org";
    }

    /** What else the source says, by name. */
    public static @Nullable String metadata(Map<String, ? extends @Nullable String> metadata) {
        if (metadata.size() > MAX_METADATA) {
            return "must have at most " + MAX_METADATA + " entries";
        }
        for (Map.Entry<String, ? extends @Nullable String> entry : metadata.entrySet()) {
            String name = entry.getKey();
            String value = entry.getValue();
            if (required(name, MAX_METADATA_NAME) != null) {
                return "must have names of 1 to " + MAX_METADATA_NAME + " characters without NUL";
            }
            if (value == null) {
                return "value of " + name + " must be a text";
            }
            String refusal = text(value, MAX_METADATA_VALUE);
            if (refusal != null) {
                return "value of " + name + " " + refusal;
            }
        }
        return null;
    }

    /** Of any text that must be there. */
    private static @Nullable String required(@Nullable String text, int max) {
        if (text == null) {
            return "is required";
        }
        if (text.isBlank()) {
            return "must not be blank";
        }
        return text(text, max);
    }

    private static @Nullable String text(String text, int max) {
        if (text.length() > max && text.codePointCount(0, text.length()) > max) {
            return "must have at most " + max + " characters";
        }
        return isStorable(text) ? null : "must not contain NUL characters or halves of surrogate pairs";
    }

    /** At least two labels; none of them empty. */
    private static boolean isDomain(String domain) {
        String[] labels = domain.split("\\.", -1);
        for (String label : labels) {
            if (label.isEmpty() || label.startsWith("-") || label.endsWith("-")) {
                return false;
            }
        }
        return labels.length >= 2;
    }

    /** PostgreSQL takes every Unicode text but NUL; a lone surrogate is no text at all. */
    private static boolean isStorable(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\0' || Character.isLowSurrogate(c)) {
                return false;
            }
            if (Character.isHighSurrogate(c)) {
                i++;
                if (i == text.length() || !Character.isLowSurrogate(text.charAt(i))) {
                    return false;
                }
            }
        }
        return true;
    }
}
