package io.opsrelay.action.sandbox;

import io.opsrelay.action.payment.Charge;
import io.opsrelay.action.payment.PaymentProvider;
import io.opsrelay.action.payment.Refund;
import io.opsrelay.action.payment.RefundAnswer;
import io.opsrelay.action.payment.RefundOrder;
import io.opsrelay.contracts.Money;
import io.opsrelay.messaging.Ids;
import io.opsrelay.security.tenant.ClientTransactions;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The sandbox payment provider: charges and refunds in PostgreSQL, with idempotency keys and a journal of every call.
 * It behaves as an outside system does: each call is a transaction of its own.
 */
@Component
class SandboxLedger implements PaymentProvider {

    static final String NAME = "sandbox";

    private final ClientTransactions transactions;
    private final LedgerStore store;
    private final Ids ids;
    private final Clock clock;

    SandboxLedger(ClientTransactions transactions, LedgerStore store, Ids ids, Clock clock) {
        this.transactions = transactions;
        this.store = store;
        this.ids = ids;
        this.clock = clock;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean serves(String clientId) {
        return true;
    }

    @Override
    public Optional<String> objection(Money amount) {
        return Optional.empty();
    }

    @Override
    public Optional<Charge> findCharge(String clientId, String orderId) {
        return transactions.call(clientId, () -> {
            Optional<Charge> charge = store.findByOrder(orderId);
            store.journal(
                    clientId,
                    now(),
                    "find_charge",
                    null,
                    Map.of("order_id", orderId),
                    charge.<Map<String, Object>>map(found -> Map.of("charge_id", found.chargeId()))
                            .orElse(Map.of()));
            return charge;
        });
    }

    @Override
    public RefundAnswer refund(String clientId, RefundOrder order) {
        return transactions.call(clientId, () -> {
            RefundAnswer answer = book(clientId, order);
            store.journal(clientId, now(), "refund", order.idempotencyKey(), asMap(order), asMap(answer));
            return answer;
        });
    }

    private RefundAnswer book(String clientId, RefundOrder order) {
        // The lock comes first: of two calls with one key the second must see what the first has booked.
        Charge charge = store.lock(order.chargeId()).orElse(null);
        Refund earlier = store.findRefund(order.idempotencyKey()).orElse(null);
        if (earlier != null) {
            return answerOf(earlier, order);
        }
        RefundAnswer.Refused refusal = refusalOf(charge, order);
        if (refusal != null) {
            return refusal;
        }
        Refund refund = new Refund(
                "re_" + ids.next().toString().replace("-", ""),
                order.chargeId(),
                order.idempotencyKey(),
                order.amount(),
                now());
        store.insert(clientId, refund);
        return new RefundAnswer.Refunded(refund);
    }

    private static RefundAnswer.@Nullable Refused refusalOf(@Nullable Charge charge, RefundOrder order) {
        if (charge == null) {
            return new RefundAnswer.Refused("charge_not_found", "there is no charge " + order.chargeId());
        }
        if (!charge.amount().currency().equals(order.amount().currency())) {
            return new RefundAnswer.Refused(
                    "currency_mismatch", "the charge is in " + charge.amount().currency());
        }
        if (!charge.covers(order.amount().amount())) {
            return new RefundAnswer.Refused(
                    "amount_too_large",
                    "only " + charge.left().amount().toPlainString() + " "
                            + charge.left().currency() + " of the charge is left");
        }
        return null;
    }

    @Override
    public Optional<RefundAnswer> findRefund(String clientId, RefundOrder order) {
        return transactions.call(clientId, () -> {
            Optional<RefundAnswer> answer =
                    store.findRefund(order.idempotencyKey()).map(refund -> answerOf(refund, order));
            store.journal(
                    clientId,
                    now(),
                    "find_refund",
                    order.idempotencyKey(),
                    Map.of(),
                    answer.map(SandboxLedger::asMap).orElse(Map.of()));
            return answer;
        });
    }

    /** A key is good for one order only. */
    private static RefundAnswer answerOf(Refund earlier, RefundOrder order) {
        return earlier.chargeId().equals(order.chargeId()) && earlier.amount().equals(order.amount())
                ? new RefundAnswer.Refunded(earlier)
                : new RefundAnswer.Refused(
                        "idempotency_conflict", "the idempotency key was used for another refund before");
    }

    private static Map<String, Object> asMap(RefundOrder order) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("charge_id", order.chargeId());
        map.put("amount", order.amount().amount().toPlainString());
        map.put("currency", order.amount().currency());
        return map;
    }

    private static Map<String, Object> asMap(RefundAnswer answer) {
        return switch (answer) {
            case RefundAnswer.Refunded refunded ->
                Map.of("refund_id", refunded.refund().refundId());
            case RefundAnswer.Pending pending ->
                Map.of("refund_id", pending.refund().refundId());
            case RefundAnswer.Refused refused -> Map.of("refused", refused.code());
        };
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
