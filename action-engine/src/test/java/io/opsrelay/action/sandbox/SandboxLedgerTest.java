package io.opsrelay.action.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opsrelay.action.ActionEngineTest;
import io.opsrelay.action.FaultyPayments;
import io.opsrelay.action.payment.Charge;
import io.opsrelay.action.payment.PaymentProvider;
import io.opsrelay.action.payment.PaymentProviderKit;
import io.opsrelay.action.payment.RefundAnswer;
import io.opsrelay.action.payment.RefundOrder;
import io.opsrelay.contracts.Money;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.testing.TestDatabase;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

@ActionEngineTest
class SandboxLedgerTest extends PaymentProviderKit {

    @Autowired
    @Qualifier("sandboxLedger")
    private PaymentProvider provider;

    @Autowired
    private ClientTransactions transactions;

    @Autowired
    private LedgerStore store;

    @Autowired
    private JdbcClient jdbc;

    @Autowired
    private TestDatabase database;

    @Override
    protected PaymentProvider provider() {
        return provider;
    }

    @Override
    protected String client() {
        return "sandbox-kit";
    }

    @Override
    protected Charge newCharge(Money amount) {
        String order = "T-" + UUID.randomUUID();
        JdbcClient.create(database.admin())
                .sql("""
                        insert into action.sandbox_charge (client_id, charge_id, id, order_id, amount, currency,
                            customer_email, created_at)
                        values ('sandbox-kit', 'ch_' || :order, gen_random_uuid(), :order, :amount, :currency,
                            'a@example.org', '2026-01-01T00:00:00Z')
                        """)
                .param("order", order)
                .param("amount", amount.amount())
                .param("currency", amount.currency())
                .update();
        return new Charge(
                "ch_" + order,
                order,
                amount,
                new Money(BigDecimal.ZERO, amount.currency()),
                "a@example.org",
                Instant.parse("2026-01-01T00:00:00Z"));
    }

    @Override
    protected void loseAnswer(String idempotencyKey, boolean done) {
        FaultyPayments.next(
                idempotencyKey, done ? FaultyPayments.Fault.DO_AND_BREAK : FaultyPayments.Fault.BREAK_BEFORE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update sandbox_charge set refunded = 0",
                "update sandbox_charge set amount = amount + 1",
                "delete from sandbox_charge",
                "update sandbox_refund set amount = 1",
                "delete from sandbox_refund",
                "delete from sandbox_call",
                "insert into sandbox_refund values ('sandbox-kit', 're_x', '%s', 'key-x', 100, 'EUR', now())",
                "insert into sandbox_refund values ('sandbox-kit', 're_y', '%s', 'key-y', 1, 'USD', now())",
            })
    void theDatabaseItselfKeepsTheBooksRight(String tampering) {
        Charge charge = newCharge(new Money(new BigDecimal("25.00"), "EUR"));
        provider.refund(
                client(),
                new RefundOrder("key-" + UUID.randomUUID(), charge.chargeId(), new Money(BigDecimal.ONE, "EUR")));

        String sql = tampering.formatted(charge.chargeId());
        assertThatThrownBy(() -> transactions.run(client(), () -> jdbc.sql(sql).update()))
                .isInstanceOf(DataAccessException.class);
    }

    @Test
    void everyCallStandsInTheJournal() {
        Charge charge = newCharge(new Money(new BigDecimal("25.00"), "EUR"));
        String key = "key-" + UUID.randomUUID();
        RefundOrder order = new RefundOrder(key, charge.chargeId(), new Money(BigDecimal.TEN, "EUR"));

        provider.refund(client(), order);
        provider.refund(client(), order);
        provider.findRefund(client(), order);

        assertThat(transactions.read(client(), () -> store.operationsWith(key)))
                .containsExactly("refund", "refund", "find_refund");
    }

    @Test
    void anotherClientsChargeDoesNotExist() {
        Charge charge = newCharge(new Money(new BigDecimal("25.00"), "EUR"));

        assertThat(provider.findCharge("globex", charge.orderId())).isEmpty();
        assertThat(provider.refund(
                        "globex",
                        new RefundOrder(
                                "key-" + UUID.randomUUID(), charge.chargeId(), new Money(BigDecimal.ONE, "EUR"))))
                .isInstanceOf(RefundAnswer.Refused.class);
    }

    @Test
    void seedingAgainAddsNothing() {
        assertThat(transactions.<Integer>call("acme", () -> store.seed("acme", DemoLedger.of("acme"))))
                .isZero();
    }
}
