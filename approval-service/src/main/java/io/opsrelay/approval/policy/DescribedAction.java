package io.opsrelay.approval.policy;

import io.opsrelay.approval.rule.Subject;
import io.opsrelay.contracts.Money;
import io.opsrelay.security.web.ProblemException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Currency;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An action that nobody has asked for, to try a policy on.
 *
 * @param category the type's own if absent
 * @param amount decimal text; with {@code currency}
 * @param requester {@code user:<name>} or {@code ai:<persona>}; an AI employee if absent
 * @param at when it would be asked for; now if absent
 */
record DescribedAction(
        @Nullable String actionType,
        @Nullable String category,
        @Nullable String amount,
        @Nullable String currency,
        @Nullable String target,
        @Nullable String environment,
        @Nullable Double confidence,
        @Nullable String requester,
        @Nullable Boolean customerVerified,
        @Nullable Boolean outsideGuardrails,
        @Nullable Boolean breakGlass,
        @Nullable Instant at) {

    private static final Pattern AMOUNT = Pattern.compile("[0-9]{1,12}(\\.[0-9]{1,4})?");
    private static final Pattern REQUESTER = Pattern.compile("(user|ai|service):\\S{1,200}");

    /** @throws ProblemException 422 that names the field at fault */
    Subject subject(Instant now) {
        if (actionType == null || actionType.isBlank()) {
            throw refused("action_type", "must be given");
        }
        if (category != null && !Subject.CATEGORIES.contains(category)) {
            throw refused(
                    "category",
                    "must be one of "
                            + String.join(
                                    ", ", Subject.CATEGORIES.stream().sorted().toList()));
        }
        if (requester != null && !REQUESTER.matcher(requester).matches()) {
            throw refused("requester", "must be user:<name> or ai:<persona>");
        }
        if (confidence != null && !(confidence >= 0 && confidence <= 1)) {
            throw refused("confidence", "must lie between 0 and 1");
        }
        return new Subject(
                actionType,
                category == null ? Subject.categoryOf(actionType) : category,
                money(),
                target,
                environment,
                confidence,
                requester == null ? "ai:agent" : requester,
                Boolean.TRUE.equals(customerVerified),
                Boolean.TRUE.equals(outsideGuardrails),
                Boolean.TRUE.equals(breakGlass),
                at == null ? now : at);
    }

    private @Nullable Money money() {
        if (amount == null && currency == null) {
            return null;
        }
        if (currency == null || !isCurrency(currency)) {
            throw refused("currency", "must be an ISO 4217 code such as EUR, with amount");
        }
        if (amount == null || !AMOUNT.matcher(amount).matches() || new BigDecimal(amount).signum() == 0) {
            throw refused("amount", "must be a positive decimal text of at most 12 digits such as \"12.50\"");
        }
        try {
            return new Money(new BigDecimal(amount), currency);
        } catch (IllegalArgumentException e) {
            throw refused("amount", "has more decimals than " + currency + " has");
        }
    }

    private static boolean isCurrency(String code) {
        return Currency.getAvailableCurrencies().stream()
                .anyMatch(currency -> currency.getCurrencyCode().equals(code));
    }

    private static ProblemException refused(String field, String reason) {
        return ProblemException.unprocessable("action." + field, reason);
    }
}
