package io.opsrelay.approval.rule;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which actions a rule is about: those for which all that is given here holds. Without any of it: every action.
 *
 * @param actionTypes the catalogue's names
 * @param categories information, account, financial, technical, escalation, operations
 * @param amount what moves; an action that moves no money, or another currency, does not match
 * @param targets exactly these, or with a trailing {@code *} those that begin so
 * @param environments where the target runs, e.g. production; one of which nothing is known does not match
 * @param confidenceBelow the agent is less sure than this; what is not known does not match
 * @param confidenceAtLeast the agent is as sure as this
 * @param personas AI employees that ask
 * @param requesters {@code user} (any person), {@code ai} (any AI employee), or exactly who asks
 * @param timeWindow when policy is asked
 * @param customerVerified whether the ticket's customer is verified; one of whom nothing is known is not
 * @param outsideGuardrails whether it leaves what one person alone may ask for
 * @param breakGlass whether an admin sets the guardrails aside
 */
public record When(
        @Nullable List<String> actionTypes,
        @Nullable List<String> categories,
        @Nullable AmountRange amount,
        @Nullable List<String> targets,
        @Nullable List<String> environments,
        @Nullable Double confidenceBelow,
        @Nullable Double confidenceAtLeast,
        @Nullable List<String> personas,
        @Nullable List<String> requesters,
        @Nullable TimeWindow timeWindow,
        @Nullable Boolean customerVerified,
        @Nullable Boolean outsideGuardrails,
        @Nullable Boolean breakGlass) {

    static final String REFUND = "refund";
    static final String FINANCIAL = "financial";
    private static final Pattern TYPE = Pattern.compile("[a-z][a-z0-9_]{0,63}");
    private static final Pattern ACTOR = Pattern.compile("user|ai|(user|ai|service):\\S{1,200}");
    private static final Pattern WORD = Pattern.compile("\\S{1,200}");
    private static final Pattern TARGET = Pattern.compile("[^\\s*]{1,300}\\*?|\\*");
    private static final int MOST = 100;

    public When {
        actionTypes = checked("action_types", actionTypes, TYPE, "lower-case letters, digits and _");
        categories = checked("categories", categories, TYPE, "categories");
        if (categories != null && !Subject.CATEGORIES.containsAll(categories)) {
            throw new InvalidPolicyException(
                    "categories",
                    "must be of "
                            + String.join(
                                    ", ", Subject.CATEGORIES.stream().sorted().toList()));
        }
        targets = checked("targets", targets, TARGET, "names without spaces; * at the end only");
        environments = checked("environments", environments, WORD, "names without spaces");
        personas = checked("personas", personas, WORD, "names without spaces");
        requesters = checked("requesters", requesters, ACTOR, "user, ai, or exactly who asks, e.g. user:a@b.example");
        checkFraction("confidence_below", confidenceBelow);
        checkFraction("confidence_at_least", confidenceAtLeast);
        if (confidenceBelow != null && confidenceAtLeast != null && confidenceAtLeast >= confidenceBelow) {
            throw new InvalidPolicyException("confidence_below", "must be more than confidence_at_least");
        }
    }

    /** No condition at all. */
    public static When always() {
        return new When(null, null, null, null, null, null, null, null, null, null, null, null, null);
    }

    /** Whether a refund can be among what this is about, as far as types and categories tell. */
    boolean mayBeRefund() {
        return (actionTypes == null || actionTypes.contains(REFUND))
                && (categories == null || categories.contains(FINANCIAL));
    }

    private static @Nullable List<String> checked(
            String field, @Nullable List<String> values, Pattern form, String inWords) {
        if (values == null) {
            return null;
        }
        if (values.isEmpty() || values.size() > MOST) {
            throw new InvalidPolicyException(
                    field, "must name 1 to " + MOST + "; leave it out where it does not matter");
        }
        for (int i = 0; i < values.size(); i++) {
            String value = values.get(i);
            if (value == null || !form.matcher(value).matches()) {
                throw new InvalidPolicyException(field + "[" + i + "]", "must consist of " + inWords);
            }
        }
        return List.copyOf(values);
    }

    private static void checkFraction(String field, @Nullable Double value) {
        if (value != null && !(value >= 0 && value <= 1)) {
            throw new InvalidPolicyException(field, "must lie between 0 and 1");
        }
    }
}
