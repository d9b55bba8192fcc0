package io.opsrelay.ingestion.intake;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.validation.Errors;
import org.springframework.validation.Validator;

/** What a posted ticket must look like. Every rule names its field and says what to do; lengths count characters. */
final class PostedTicketRules implements Validator {

    static final int MAX_SUBJECT = 500;
    static final int MAX_BODY = 100_000;
    static final int MAX_EXTERNAL_ID = 200;
    static final int MAX_METADATA = 50;
    static final int MAX_METADATA_NAME = 100;
    static final int MAX_METADATA_VALUE = 1_000;

    private static final List<String> CHANNELS = List.of("api", "email", "chat", "upstream", "zendesk", "alert");
    private static final List<String> PRIORITIES = List.of("low", "normal", "high", "urgent");

    /** RFC 5321: 64 before the @, 254 in all. */
    private static final int MAX_EMAIL = 254;

    private static final int MAX_EMAIL_NAME = 64;

    @Override
    public boolean supports(Class<?> type) {
        return type == PostedTicket.class;
    }

    @Override
    public void validate(Object target, Errors errors) {
        PostedTicket ticket = (PostedTicket) target;
        check(errors, "subject", required(ticket.subject(), MAX_SUBJECT));
        if (ticket.subject() != null && ticket.subject().codePoints().anyMatch(Character::isISOControl)) {
            check(errors, "subject", "must not contain line breaks or other control characters");
        }
        check(errors, "body", required(ticket.body(), MAX_BODY));
        check(errors, "customer_email", email(ticket.customerEmail()));
        check(errors, "channel", oneOf(CHANNELS, ticket.channel()));
        check(errors, "priority", oneOf(PRIORITIES, ticket.priority()));
        if (ticket.externalId() != null) {
            check(errors, "external_id", required(ticket.externalId(), MAX_EXTERNAL_ID));
        }
        if (ticket.metadata() != null) {
            check(errors, "metadata", metadata(ticket.metadata()));
        }
    }

    private static void check(Errors errors, String field, @Nullable String reason) {
        String property =
                switch (field) {
                    case "customer_email" -> "customerEmail";
                    case "external_id" -> "externalId";
                    default -> field;
                };
        if (reason != null && !errors.hasFieldErrors(property)) {
            errors.rejectValue(property, "refused", reason);
        }
    }

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
        if (isLongerThan(text, max)) {
            return "must have at most " + max + " characters";
        }
        return isStorable(text) ? null : "must not contain NUL characters or halves of surrogate pairs";
    }

    private static @Nullable String email(@Nullable String address) {
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

    private static @Nullable String oneOf(List<String> allowed, @Nullable String value) {
        return value == null || allowed.contains(value) ? null : "must be one of " + String.join(", ", allowed);
    }

    private static @Nullable String metadata(Map<String, @Nullable String> metadata) {
        if (metadata.size() > MAX_METADATA) {
            return "must have at most " + MAX_METADATA + " entries";
        }
        for (Map.Entry<String, @Nullable String> entry : metadata.entrySet()) {
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

    private static boolean isLongerThan(String text, int max) {
        return text.length() > max && text.codePointCount(0, text.length()) > max;
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
