package io.opsrelay.action.sandbox;

import io.opsrelay.action.payment.Charge;
import io.opsrelay.action.payment.Refund;
import io.opsrelay.security.Caller;
import io.opsrelay.security.RequiresRole;
import io.opsrelay.security.Role;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.security.web.Cursor;
import io.opsrelay.security.web.Page;
import io.opsrelay.security.web.PageRequest;
import io.opsrelay.security.web.ProblemException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The sandbox's books, for people who want to check what really happened. */
@RestController
@RequestMapping("/api/v1/sandbox/payments")
@RequiresRole(Role.ADMIN)
class SandboxController {

    private final ClientTransactions transactions;
    private final LedgerStore store;

    SandboxController(ClientTransactions transactions, LedgerStore store) {
        this.transactions = transactions;
        this.store = store;
    }

    @GetMapping(params = "order_id")
    Payment one(Caller caller, @RequestParam("order_id") String orderId) {
        return transactions.read(caller.clientId(), () -> {
            Charge charge = store.findByOrder(orderId).orElseThrow(() -> ProblemException.notFound("order", orderId));
            return Payment.of(charge, store.refundsOf(List.of(charge.chargeId())));
        });
    }

    @GetMapping
    Page<Payment> list(Caller caller, PageRequest request) {
        return transactions.read(caller.clientId(), () -> {
            Page<LedgerStore.Row> page = Page.of(
                    store.list(request),
                    request.limit(),
                    row -> new Cursor(row.charge().createdAt(), row.id()));
            Map<String, List<Refund>> refunds =
                    store
                            .refundsOf(page.items().stream()
                                    .map(row -> row.charge().chargeId())
                                    .toList())
                            .stream()
                            .collect(Collectors.groupingBy(Refund::chargeId));
            return new Page<>(
                    page.items().stream()
                            .map(row -> Payment.of(
                                    row.charge(),
                                    refunds.getOrDefault(row.charge().chargeId(), List.of())))
                            .toList(),
                    page.nextCursor());
        });
    }

    /** An order's money: what was taken and what went back. */
    record Payment(String orderId, ChargeResource charge, List<RefundResource> refunds) {

        static Payment of(Charge charge, List<Refund> refunds) {
            return new Payment(
                    charge.orderId(),
                    new ChargeResource(
                            charge.chargeId(),
                            charge.amount().amount().toPlainString(),
                            charge.amount().currency(),
                            charge.customerEmail(),
                            charge.createdAt(),
                            SandboxLedger.NAME),
                    refunds.stream()
                            .map(refund -> new RefundResource(
                                    refund.refundId(),
                                    refund.amount().amount().toPlainString(),
                                    refund.amount().currency(),
                                    refund.createdAt(),
                                    refund.idempotencyKey()))
                            .toList());
        }
    }

    /** @param amount decimal, in major units */
    record ChargeResource(
            String chargeId,
            String amount,
            String currency,
            String customerEmail,
            Instant createdAt,
            String provider) {}

    /** @param amount decimal, in major units */
    record RefundResource(String refundId, String amount, String currency, Instant createdAt, String idempotencyKey) {}
}
