package io.opsrelay.action.stripe;

import com.stripe.StripeClient;
import com.stripe.exception.IdempotencyException;
import com.stripe.exception.StripeException;
import com.stripe.model.StripeCollection;
import com.stripe.net.RequestOptions;
import com.stripe.param.RefundCreateParams;
import com.stripe.param.RefundListParams;
import io.opsrelay.action.payment.Charge;
import io.opsrelay.action.payment.PaymentProvider;
import io.opsrelay.action.payment.Refund;
import io.opsrelay.action.payment.RefundAnswer;
import io.opsrelay.action.payment.RefundAnswer.Refused;
import io.opsrelay.action.payment.RefundOrder;
import io.opsrelay.action.payment.UndecidedException;
import io.opsrelay.action.stripe.RefundAttempts.Attempt;
import io.opsrelay.action.stripe.SavedErrorClient.SavedErrorException;
import io.opsrelay.contracts.Money;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Stripe. A refund is sent with one key however often it is sent, and with that key in its metadata, so that the charge's own
 * list of refunds tells what became of it, also when Stripe's saved answer is an error
 * (docs/adr/0012-stripe-saved-answers.md).
 */
@Component
public class StripePayments implements PaymentProvider {

    /** Metadata of a refund that holds our idempotency key. */
    public static final String KEY_METADATA = "opsrelay_key";

    private static final long PAGE = 100;

    private final StripeAccounts accounts;
    private final StripeCharges charges;
    private final RefundAttempts attempts;
    private final StripeProperties properties;
    private final Clock clock;

    StripePayments(
            StripeAccounts accounts,
            StripeCharges charges,
            RefundAttempts attempts,
            StripeProperties properties,
            Clock clock) {
        this.accounts = accounts;
        this.charges = charges;
        this.attempts = attempts;
        this.properties = properties;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "stripe";
    }

    @Override
    public boolean serves(String clientId) {
        return accounts.has(clientId);
    }

    @Override
    public Optional<String> objection(Money amount) {
        return MinorUnits.objection(amount);
    }

    @Override
    public Optional<Charge> findCharge(String clientId, String orderId) {
        try {
            return charges.find(clientId, orderId);
        } catch (StripeException e) {
            throw StripeErrors.lost(clientId, e);
        }
    }

    @Override
    public RefundAnswer refund(String clientId, RefundOrder order) {
        Attempt attempt = attempts.begin(clientId, order);
        if (!attempt.order().equals(order)) {
            return keyWasUsed();
        }
        if (attempt.savedError() || !mayRepeat(attempt)) {
            return findRefund(clientId, order).orElseThrow(() -> undecided(attempt));
        }
        try {
            Refused refusal = ownRefusal(clientId, order);
            if (refusal == null) {
                return answerOf(send(clientId, order), order);
            }
            // An earlier call of this very order may be the reason why less is left.
            com.stripe.model.Refund made = among(clientId, order);
            return made == null ? refusal : answerOf(made, order);
        } catch (SavedErrorException e) {
            attempts.answeredByError(clientId, order.idempotencyKey());
            throw undecided(attempt, e);
        } catch (IdempotencyException e) {
            return findRefund(clientId, order).orElseThrow(() -> StripeErrors.lost(clientId, e));
        } catch (StripeException e) {
            return StripeErrors.refusal(e).orElseThrow(() -> StripeErrors.lost(clientId, e));
        }
    }

    /** What we refuse by ourselves. Stripe takes a refund's currency from the charge, whatever was meant. */
    private @Nullable Refused ownRefusal(String clientId, RefundOrder order) throws StripeException {
        Optional<String> objection = MinorUnits.objection(order.amount());
        if (objection.isPresent()) {
            return new Refused("amount_invalid", objection.get());
        }
        Charge charge = charges.get(clientId, order.chargeId()).orElse(null);
        if (charge == null || !charge.amount().currency().equals(order.amount().currency())) {
            return new Refused(
                    "currency_mismatch",
                    "the charge is not in " + order.amount().currency());
        }
        if (!charge.covers(order.amount().amount())) {
            return new Refused(
                    "amount_too_large",
                    "only " + charge.left().amount().toPlainString() + " "
                            + charge.left().currency() + " of the charge is left");
        }
        return null;
    }

    private com.stripe.model.Refund send(String clientId, RefundOrder order) throws StripeException {
        StripeClient stripe = accounts.of(clientId);
        // The same bytes for the same order: Stripe compares them.
        return stripe.v1()
                .refunds()
                .create(
                        RefundCreateParams.builder()
                                .setCharge(order.chargeId())
                                .setAmount(MinorUnits.of(order.amount()))
                                .setReason(RefundCreateParams.Reason.REQUESTED_BY_CUSTOMER)
                                .putMetadata(KEY_METADATA, order.idempotencyKey())
                                .build(),
                        RequestOptions.builder()
                                .setIdempotencyKey(order.idempotencyKey())
                                .build());
    }

    @Override
    public Optional<RefundAnswer> findRefund(String clientId, RefundOrder order) {
        com.stripe.model.Refund made;
        try {
            made = among(clientId, order);
        } catch (StripeException e) {
            throw StripeErrors.lost(clientId, e);
        }
        if (made != null) {
            return Optional.of(answerOf(made, order));
        }
        Attempt attempt = attempts.find(clientId, order.idempotencyKey()).orElse(null);
        if (attempt == null) {
            return Optional.empty();
        }
        if (!clock.instant().isBefore(settlesAt(attempt))) {
            return Optional.of(new Refused(
                    "refund_not_made",
                    "Stripe never confirmed the refund and the charge has none: nothing was given back."
                            + " Ask for it anew if it is still wanted"));
        }
        if (attempt.savedError() || !mayRepeat(attempt)) {
            throw undecided(attempt);
        }
        return Optional.empty();
    }

    /** The charge's refund with that key. The list, unlike the search, knows a refund as soon as it is made. */
    private com.stripe.model.@Nullable Refund among(String clientId, RefundOrder order) throws StripeException {
        StripeClient stripe = accounts.of(clientId);
        @Nullable String after = null;
        while (true) {
            RefundListParams.Builder wanted =
                    RefundListParams.builder().setCharge(order.chargeId()).setLimit(PAGE);
            StripeCollection<com.stripe.model.Refund> page =
                    stripe.v1().refunds().list((after == null ? wanted : wanted.setStartingAfter(after)).build());
            for (com.stripe.model.Refund refund : page.getData()) {
                if (order.idempotencyKey().equals(refund.getMetadata().get(KEY_METADATA))) {
                    return refund;
                }
            }
            if (!Boolean.TRUE.equals(page.getHasMore()) || page.getData().isEmpty()) {
                return null;
            }
            after = page.getData().getLast().getId();
        }
    }

    private static RefundAnswer answerOf(com.stripe.model.Refund made, RefundOrder order) {
        Refund refund = new Refund(
                made.getId(),
                made.getCharge(),
                order.idempotencyKey(),
                MinorUnits.toMoney(made.getAmount(), made.getCurrency()),
                Instant.ofEpochSecond(made.getCreated()));
        if (!refund.amount().equals(order.amount()) || !order.chargeId().equals(refund.chargeId())) {
            return keyWasUsed();
        }
        return switch (String.valueOf(made.getStatus())) {
            case "succeeded" -> new RefundAnswer.Refunded(refund);
            case "failed" ->
                new Refused(
                        "refund_failed",
                        "Stripe could not give the money back (" + orElse(made.getFailureReason(), "no reason given")
                                + "); it is on the account's balance again");
            case "canceled" -> new Refused("refund_canceled", "the refund was cancelled at Stripe");
            case "requires_action" ->
                new RefundAnswer.Pending(refund, "the customer, who was asked by e-mail where the money shall go");
            default -> new RefundAnswer.Pending(refund, waitsFor(made.getPendingReason()));
        };
    }

    private static String waitsFor(@Nullable String pendingReason) {
        return switch (pendingReason) {
            case "insufficient_funds" -> "the account's balance at Stripe, which is too low";
            case "charge_pending" -> "the charge, which has not settled yet";
            case null, default -> "the bank";
        };
    }

    private static String orElse(@Nullable String text, String other) {
        return text == null ? other : text;
    }

    private static Refused keyWasUsed() {
        return new Refused("idempotency_conflict", "the idempotency key was used for another refund before");
    }

    private boolean mayRepeat(Attempt attempt) {
        return clock.instant().isBefore(attempt.firstSentAt().plus(properties.repeatWithin()));
    }

    private Instant settlesAt(Attempt attempt) {
        return attempt.firstSentAt().plus(properties.settleAfter());
    }

    private UndecidedException undecided(Attempt attempt) {
        return new UndecidedException(words(attempt));
    }

    private UndecidedException undecided(Attempt attempt, Throwable cause) {
        return new UndecidedException(words(attempt), cause);
    }

    private String words(Attempt attempt) {
        return "Stripe has only an error to say about the refund, and the charge has none so far: nothing is sent any more,"
                + " and the charge is looked at until " + settlesAt(attempt);
    }
}
