package io.opsrelay.ingestion.customer;

import io.opsrelay.security.web.ProblemException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What people send to change a customer, and what it must look like. */
final class CustomerBodies {

    static final int MAX_NAME = 200;
    static final int MAX_REASON = 1_000;
    static final int MAX_NOTE = 10_000;
    static final int MAX_ID = 200;
    private static final int MAX_EMAIL = 254;
    private static final int MAX_EMAIL_NAME = 64;
    private static final String REASON = "reason";

    private CustomerBodies() {}

    /** @param name null takes the name away */
    record Change(@Nullable String name) {

        @Nullable
        String checkedName() {
            return name == null ? null : line("name", name, MAX_NAME);
        }
    }

    /** Why something is done; kept in the audit log. */
    record Because(@Nullable String reason) {

        String checkedReason() {
            return line(REASON, reason, MAX_REASON);
        }
    }

    /** @param customerId of the one that is taken in */
    record Merge(@Nullable UUID customerId, @Nullable String reason) {

        UUID checkedCustomer() {
            if (customerId == null) {
                throw ProblemException.unprocessable("customer_id", "is required");
            }
            return customerId;
        }

        String checkedReason() {
            return line(REASON, reason, MAX_REASON);
        }
    }

    /** What was noticed about the customer; line breaks are fine. */
    record NewNote(@Nullable String text) {

        String checkedText() {
            return lines("text", text, MAX_NOTE);
        }
    }

    /**
     * Another thing the customer is known by.
     *
     * @param type email, external
     * @param source whose id it is; of external ones only
     */
    record NewIdentity(
            @Nullable String type,
            @Nullable String source,
            @Nullable String value) {

        boolean isEmail() {
            return "email".equals(type);
        }

        /** @throws ProblemException 422 if something about it is wrong */
        NewIdentity checked() {
            Map<String, String> refusals = new LinkedHashMap<>();
            if (isEmail()) {
                put(refusals, "value", emailRefusal(value));
                put(refusals, "source", source == null ? null : "is of external ids only");
            } else if ("external".equals(type)) {
                put(refusals, "source", refusal(source, MAX_ID, true));
                put(refusals, "value", refusal(value, MAX_ID, true));
            } else {
                refusals.put("type", "must be one of email, external");
            }
            if (!refusals.isEmpty()) {
                throw ProblemException.unprocessable(refusals);
            }
            return isEmail() && value != null ? new NewIdentity(type, null, value.toLowerCase(Locale.ROOT)) : this;
        }
    }

    private static void put(Map<String, String> refusals, String field, @Nullable String reason) {
        if (reason != null) {
            refusals.put(field, reason);
        }
    }

    private static String line(String field, @Nullable String value, int max) {
        return checked(field, value, refusal(value, max, true));
    }

    private static String lines(String field, @Nullable String value, int max) {
        return checked(field, value, refusal(value, max, false));
    }

    private static String checked(String field, @Nullable String value, @Nullable String refusal) {
        if (refusal != null || value == null) {
            throw ProblemException.unprocessable(field, refusal == null ? "is required" : refusal);
        }
        return value.strip();
    }

    private static @Nullable String refusal(@Nullable String value, int max, boolean oneLine) {
        if (value == null) {
            return "is required";
        }
        if (value.isBlank()) {
            return "must not be blank";
        }
        if (value.codePointCount(0, value.length()) > max) {
            return "must have at most " + max + " characters";
        }
        boolean storable = value.codePoints().noneMatch(c -> c == 0 || Character.getType(c) == Character.SURROGATE);
        if (!storable) {
            return "must not contain NUL characters or halves of surrogate pairs";
        }
        return oneLine && value.codePoints().anyMatch(Character::isISOControl)
                ? "must not contain line breaks or other control characters"
                : null;
    }

    private static @Nullable String emailRefusal(@Nullable String address) {
        String refusal = refusal(address, MAX_EMAIL, true);
        if (refusal != null || address == null) {
            return refusal;
        }
        int at = address.indexOf('@');
        boolean formed = at > 0
                && at <= MAX_EMAIL_NAME
                && at == address.lastIndexOf('@')
                && address.substring(at + 1).matches("[^.\\-]([^.]*[^.\\-])?(\\.[^.\\-]([^.]*[^.\\-])?)+")
                && address.codePoints().noneMatch(c -> Character.isSpaceChar(c) || "<>()[],;:\\\"".indexOf(c) >= 0);
        return formed ? null : "must be an e-mail address, like name@example.org";
    }
}
