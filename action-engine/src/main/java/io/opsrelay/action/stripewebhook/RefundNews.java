package io.opsrelay.action.stripewebhook;

import io.opsrelay.action.stripe.StripePayments;
import io.opsrelay.contracts.ContractJson;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * What of a Stripe event is about a refund of ours. Pure.
 *
 * @param account the connected account that it is about, if it is about one
 * @param failed whether it says that the refund failed
 */
record RefundNews(UUID actionId, @Nullable String account, String refundId, boolean failed) {

    private static final Set<String> TYPES =
            Set.of("refund.created", "refund.updated", "refund.failed", "charge.refund.updated");
    private static final Pattern KEY = Pattern.compile("opsrelay-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})");

    /**
     * The news in that event; empty where it has none for us.
     *
     * @throws IllegalArgumentException if it is no event at all
     */
    static Optional<RefundNews> in(byte[] event) {
        JsonNode json;
        try {
            json = ContractJson.mapper().readTree(event);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("the body is not JSON", e);
        }
        if (json == null || !json.path("type").isString()) {
            throw new IllegalArgumentException("the body is not an event: it has no type");
        }
        JsonNode refund = json.path("data").path("object");
        Matcher key = KEY.matcher(
                refund.path("metadata").path(StripePayments.KEY_METADATA).asString(""));
        if (!TYPES.contains(json.path("type").asString())
                || !"refund".equals(refund.path("object").asString(""))
                || !key.matches()) {
            return Optional.empty();
        }
        return Optional.of(new RefundNews(
                UUID.fromString(key.group(1)),
                json.path("account").isString() ? json.path("account").asString() : null,
                refund.path("id").asString(""),
                "failed".equals(refund.path("status").asString(""))));
    }
}
