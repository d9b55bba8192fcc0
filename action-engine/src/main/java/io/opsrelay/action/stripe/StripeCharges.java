package io.opsrelay.action.stripe;

import com.stripe.StripeClient;
import com.stripe.exception.StripeException;
import com.stripe.model.PaymentIntent;
import com.stripe.model.StripeCollection;
import com.stripe.param.ChargeListParams;
import com.stripe.param.ChargeRetrieveParams;
import com.stripe.param.ChargeSearchParams;
import com.stripe.param.PaymentIntentSearchParams;
import io.opsrelay.action.payment.Charge;
import io.opsrelay.contracts.Money;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Finds the charge of an order by its metadata. Stripe's search is behind by a minute, sometimes by more, so what it does not
 * know is looked for among the newest charges, too. A charge takes its metadata from its payment intent when it is made; what
 * the shop adds to the intent later is found on the intent.
 */
@Component
class StripeCharges {

    private static final Logger LOG = LoggerFactory.getLogger(StripeCharges.class);
    private static final long PAGE = 100;

    private final StripeAccounts accounts;
    private final StripeProperties properties;
    private final Clock clock;

    StripeCharges(StripeAccounts accounts, StripeProperties properties, Clock clock) {
        this.accounts = accounts;
        this.properties = properties;
        this.clock = clock;
    }

    /** The order's charge: of several that succeeded the newest of which something is left. */
    Optional<Charge> find(String clientId, String orderId) throws StripeException {
        StripeClient stripe = accounts.of(clientId);
        String metadata = accounts.settings(clientId).orderMetadata();
        Optional<Charge> found = best(searched(stripe, metadata, orderId), orderId);
        if (found.isEmpty()) {
            found = best(searchedByIntent(stripe, metadata, orderId), orderId);
        }
        return found.isPresent() ? found : best(recent(stripe, metadata, orderId), orderId);
    }

    /** A charge by its id, for an order of that number. */
    Optional<Charge> get(String clientId, String chargeId) throws StripeException {
        return charge(
                accounts.of(clientId)
                        .v1()
                        .charges()
                        .retrieve(chargeId, ChargeRetrieveParams.builder().build()),
                "");
    }

    private static List<com.stripe.model.Charge> searched(StripeClient stripe, String metadata, String orderId)
            throws StripeException {
        return stripe
                .v1()
                .charges()
                .search(ChargeSearchParams.builder()
                        .setQuery(query(metadata, orderId))
                        .setLimit(PAGE)
                        .addExpand("data.customer")
                        .build())
                .getData()
                .stream()
                .filter(charge -> orderId.equals(charge.getMetadata().get(metadata)))
                .toList();
    }

    private static List<com.stripe.model.Charge> searchedByIntent(StripeClient stripe, String metadata, String orderId)
            throws StripeException {
        return stripe
                .v1()
                .paymentIntents()
                .search(PaymentIntentSearchParams.builder()
                        .setQuery(query(metadata, orderId))
                        .setLimit(PAGE)
                        .addExpand("data.latest_charge.customer")
                        .build())
                .getData()
                .stream()
                .filter(intent -> orderId.equals(intent.getMetadata().get(metadata)))
                .map(PaymentIntent::getLatestChargeObject)
                .filter(Objects::nonNull)
                .toList();
    }

    private List<com.stripe.model.Charge> recent(StripeClient stripe, String metadata, String orderId)
            throws StripeException {
        List<com.stripe.model.Charge> found = new ArrayList<>();
        ChargeListParams.Created since = ChargeListParams.Created.builder()
                .setGte(clock.instant().minus(properties.recent()).getEpochSecond())
                .build();
        @Nullable String after = null;
        for (int page = 0; page < properties.recentPages() && found.isEmpty(); page++) {
            ChargeListParams.Builder wanted =
                    ChargeListParams.builder().setCreated(since).setLimit(PAGE).addExpand("data.customer");
            StripeCollection<com.stripe.model.Charge> charges =
                    stripe.v1().charges().list((after == null ? wanted : wanted.setStartingAfter(after)).build());
            charges.getData().stream()
                    .filter(charge -> orderId.equals(charge.getMetadata().get(metadata)))
                    .forEach(found::add);
            if (!Boolean.TRUE.equals(charges.getHasMore()) || charges.getData().isEmpty()) {
                break;
            }
            after = charges.getData().getLast().getId();
        }
        return found;
    }

    /** Stripe's query language puts values in quotes. */
    static String query(String metadata, String value) {
        return "metadata[\"" + metadata + "\"]:\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    private static Optional<Charge> best(List<com.stripe.model.Charge> found, String orderId) {
        return found.stream()
                .filter(charge -> "succeeded".equals(charge.getStatus()) && Boolean.TRUE.equals(charge.getCaptured()))
                .flatMap(charge -> charge(charge, orderId).stream())
                .max(Comparator.<Charge, Boolean>comparing(
                                charge -> charge.left().amount().signum() > 0)
                        .thenComparing(Charge::createdAt)
                        .thenComparing(Charge::chargeId));
    }

    private static Optional<Charge> charge(com.stripe.model.Charge charge, String orderId) {
        try {
            Money amount = MinorUnits.toMoney(charge.getAmountCaptured(), charge.getCurrency());
            return Optional.of(new Charge(
                    charge.getId(),
                    orderId,
                    amount,
                    MinorUnits.toMoney(charge.getAmountRefunded(), charge.getCurrency()),
                    emailOf(charge),
                    Instant.ofEpochSecond(charge.getCreated())));
        } catch (IllegalArgumentException e) {
            LOG.warn("Charge {} is in a currency that is not known here: {}", charge.getId(), charge.getCurrency());
            return Optional.empty();
        }
    }

    /** The shop's own record of the customer counts before what was typed in when paying. */
    private static String emailOf(com.stripe.model.Charge charge) {
        if (charge.getCustomerObject() != null && charge.getCustomerObject().getEmail() != null) {
            return charge.getCustomerObject().getEmail();
        }
        if (charge.getBillingDetails() != null && charge.getBillingDetails().getEmail() != null) {
            return charge.getBillingDetails().getEmail();
        }
        return charge.getReceiptEmail() == null ? "" : charge.getReceiptEmail();
    }
}
