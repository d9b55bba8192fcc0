package io.opsrelay.action.stripe;

import com.stripe.exception.ApiConnectionException;
import com.stripe.exception.AuthenticationException;
import com.stripe.exception.CardException;
import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.PermissionException;
import com.stripe.exception.RateLimitException;
import com.stripe.exception.StripeException;
import io.opsrelay.action.payment.AnswerLostException;
import io.opsrelay.action.payment.RefundAnswer.Refused;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which of Stripe's errors say that nothing was done and nothing will be, and which say nothing. Pure. */
final class StripeErrors {

    private static final int CONFLICT = 409;
    private static final int NOT_FOUND = 404;
    private static final int LONGEST_TEXT = 200;

    private StripeErrors() {}

    /** What the error means for the refund that was sent, if it is Stripe's last word on it. */
    static Optional<Refused> refusal(StripeException e) {
        return switch (e) {
            case InvalidRequestException invalid -> Optional.of(refused(invalid));
            case CardException declined -> Optional.of(other(declined));
            default -> Optional.empty();
        };
    }

    private static Refused refused(InvalidRequestException e) {
        if (statusOf(e) == NOT_FOUND || "resource_missing".equals(e.getCode())) {
            return new Refused("charge_not_found", "Stripe knows no such charge");
        }
        if ("charge_already_refunded".equals(e.getCode())) {
            return new Refused("amount_too_large", "the charge has been refunded in full already");
        }
        if ("amount".equals(e.getParam()) && (e.getCode() == null || "amount_too_large".equals(e.getCode()))) {
            return new Refused("amount_too_large", "less than that is left of the charge");
        }
        return other(e);
    }

    private static Refused other(StripeException e) {
        String code = e.getCode() == null ? "without a code" : e.getCode();
        return new Refused("refused_by_provider", "Stripe refused the refund (" + code + "): " + textOf(e));
    }

    private static String textOf(StripeException e) {
        String text = e.getStripeError() == null ? null : e.getStripeError().getMessage();
        if (text == null) {
            return "it gave no reason";
        }
        return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT);
    }

    /** That nothing is known of a call but this; told without Stripe's text, which may quote the key. */
    static AnswerLostException lost(String clientId, StripeException e) {
        return new AnswerLostException(reason(clientId, e), e);
    }

    private static String reason(String clientId, StripeException e) {
        return switch (e) {
            case PermissionException forbidden ->
                "Stripe does not let the key of " + clientId + " do this (docs/stripe.md lists what it must be"
                        + " allowed), request " + idOf(e);
            case AuthenticationException refused ->
                "Stripe refuses the key of " + clientId + ": put a valid one in its api-key-file";
            case RateLimitException limited -> "Stripe is asked too often just now, request " + idOf(e);
            case ApiConnectionException broken -> "the connection to Stripe broke off before its answer";
            default ->
                statusOf(e) == CONFLICT
                        ? "Stripe is still at work on an earlier call with the same key, request " + idOf(e)
                        : "Stripe answered with error " + statusOf(e) + ", request " + idOf(e);
        };
    }

    private static int statusOf(StripeException e) {
        Integer status = e.getStatusCode();
        return status == null ? 0 : status;
    }

    private static @Nullable String idOf(StripeException e) {
        return e.getRequestId();
    }
}
