package io.opsrelay.agent.draft;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a reply may state. A fact that is missing is an error here, never a gap in a reply. */
public sealed interface Facts {

    /** For replies that state nothing. */
    record Nothing() implements Facts {}

    /** An order that was verified to be the customer's. */
    record Order(String orderId) implements Facts {
        public Order {
            requireText("orderId", orderId);
        }
    }

    /**
     * How an order stands that was verified to be the customer's.
     *
     * @param status in the client's words, e.g. shipped
     * @param tracking the carrier's reference, where there is one
     * @param expectedAt when it should arrive, where that is known
     */
    record OrderStatus(
            String orderId,
            String status,
            @Nullable String tracking,
            @Nullable Instant expectedAt) implements Facts {
        public OrderStatus {
            requireText("orderId", orderId);
            requireText("status", status);
        }
    }

    /**
     * A refund that was made, as the payment provider reported it.
     *
     * @param amount in units of {@code currency}, such as 25.00; positive
     * @param currency ISO 4217 code, upper-case
     * @param refundId the provider's id of the refund
     * @param at when the provider made it
     */
    record Refund(String orderId, BigDecimal amount, String currency, String refundId, Instant at) implements Facts {
        public Refund {
            requireText("orderId", orderId);
            requireText("refundId", refundId);
            Objects.requireNonNull(at, "at");
            if (Objects.requireNonNull(amount, "amount").signum() <= 0) {
                throw new IllegalArgumentException("amount must be positive, was " + amount);
            }
            if (requireText("currency", currency).length() != 3) {
                throw new IllegalArgumentException("currency must be an ISO 4217 code, was '" + currency + "'");
            }
        }
    }

    /**
     * A request that a person decided against.
     *
     * @param reason in words meant for the customer
     */
    record Rejection(String orderId, String reason) implements Facts {
        public Rejection {
            requireText("orderId", orderId);
            requireText("reason", reason);
        }
    }

    /**
     * An action that was carried out.
     *
     * @param action what was done, in the words of the action catalogue
     */
    record Action(String action) implements Facts {
        public Action {
            requireText("action", action);
        }
    }

    /**
     * What was made of a request in another system.
     *
     * @param reference as that system names it
     */
    record Reference(String reference) implements Facts {
        public Reference {
            requireText("reference", reference);
        }
    }

    /**
     * Why something is not done.
     *
     * @param reason in words meant for the customer
     */
    record Reason(String reason) implements Facts {
        public Reason {
            requireText("reason", reason);
        }
    }

    /**
     * A passage of the client's knowledge base.
     *
     * @param title of the article it stands in
     * @param quote word for word
     */
    record Passage(String title, String quote) implements Facts {
        public Passage {
            requireText("title", title);
            requireText("quote", quote);
        }
    }

    private static String requireText(String name, String value) {
        if (Objects.requireNonNull(value, name).isBlank()) {
            throw new IllegalArgumentException(name + " must not be blank");
        }
        return value;
    }
}
