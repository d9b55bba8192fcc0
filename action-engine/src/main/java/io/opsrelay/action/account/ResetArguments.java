package io.opsrelay.action.account;

import io.opsrelay.action.remote.OutsideText;
import io.opsrelay.contracts.TicketEvent.Customer;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a password reset is asked for with.
 *
 * @param email of the account
 */
record ResetArguments(String email, @Nullable String reason) {

    static final int LONGEST_EMAIL = 254;
    static final int LONGEST_REASON = 500;

    private static final Pattern EMAIL = Pattern.compile("[^\\s@\\p{Cntrl}]{1,64}@[^\\s@\\p{Cntrl}]{1,189}");

    /** The id of the account stands in what was prepared already, and is found anew. */
    private static final Set<String> KNOWN = Set.of("email", "user_email", "account_id", "reason");

    /**
     * Reads it. On a ticket the address is the customer's, whatever else is said; a person without one names it.
     *
     * @throws IllegalArgumentException with a reason for a person
     */
    static ResetArguments from(Map<String, Object> arguments, @Nullable Customer customer) {
        String reason = text(arguments, "reason");
        if (reason != null && reason.length() > LONGEST_REASON) {
            throw new IllegalArgumentException("reason must have at most " + LONGEST_REASON + " characters");
        }
        String clean = reason == null ? null : OutsideText.clean(reason).strip();
        if (customer != null) {
            return new ResetArguments(customer.email().strip(), clean);
        }
        arguments.keySet().stream()
                .filter(name -> !KNOWN.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw new IllegalArgumentException(
                            OutsideText.line(name, 60) + " is no argument of a password reset");
                });
        String email = text(arguments, "email");
        if (email == null) {
            email = text(arguments, "user_email");
        }
        if (email == null) {
            throw new IllegalArgumentException("email is missing: the address of the account");
        }
        if (email.length() > LONGEST_EMAIL || !EMAIL.matcher(email).matches()) {
            throw new IllegalArgumentException("email must be an address such as mary@example.org");
        }
        return new ResetArguments(email, clean);
    }

    private static @Nullable String text(Map<String, Object> arguments, String name) {
        return switch (arguments.get(name)) {
            case null -> null;
            case String text when !text.isBlank() -> text.strip();
            default -> throw new IllegalArgumentException(name + " must be a text that is not empty");
        };
    }
}
