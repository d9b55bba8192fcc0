package io.opsrelay.action;

import io.opsrelay.action.payment.Charge;
import io.opsrelay.action.payment.PaymentProvider;
import io.opsrelay.action.payment.RefundAnswer;
import io.opsrelay.action.payment.RefundOrder;
import io.opsrelay.contracts.Money;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;

/** Stands before the sandbox and fails once per key, the way it is told. */
@TestConfiguration(proxyBeanMethods = false)
public class FaultyPayments {

    /** What goes wrong with the next refund of a key. */
    public enum Fault {
        /** The connection breaks before the provider hears anything. */
        BREAK_BEFORE,
        /** The provider does it, and the connection breaks before its answer. */
        DO_AND_BREAK,
        /** The provider does it and answers long after anybody waits. */
        DO_AND_HANG,
        /** Our worker dies with the intent committed and the provider not called. */
        DIE_BEFORE,
        /** Our worker dies after the provider did it. */
        DO_AND_DIE
    }

    private static final Set<String> CARELESS = ConcurrentHashMap.newKeySet();

    /** From now on whoever calls with that key is made to call with another one each time. */
    public static void withAFreshKeyPerAttempt(String idempotencyKey) {
        CARELESS.add(idempotencyKey);
    }

    private static final Map<String, Fault> FAULTS = new ConcurrentHashMap<>();

    /** Makes the next refund with that key fail. */
    public static void next(String idempotencyKey, Fault fault) {
        FAULTS.put(idempotencyKey, fault);
    }

    @Bean
    static BeanPostProcessor faults() {
        return new BeanPostProcessor() {
            @Override
            public Object postProcessAfterInitialization(Object bean, String name) {
                return bean instanceof PaymentProvider provider ? new Faulty(provider) : bean;
            }
        };
    }

    private record Faulty(PaymentProvider real) implements PaymentProvider {

        @Override
        public String name() {
            return real.name();
        }

        @Override
        public Optional<Charge> findCharge(String clientId, String orderId) {
            return real.findCharge(clientId, orderId);
        }

        @Override
        public RefundAnswer refund(String clientId, RefundOrder wanted) {
            Fault fault = FAULTS.remove(wanted.idempotencyKey());
            RefundOrder order = CARELESS.contains(wanted.idempotencyKey()) ? withFreshKey(wanted) : wanted;
            if (fault == null) {
                return real.refund(clientId, order);
            }
            switch (fault) {
                case BREAK_BEFORE -> throw new IllegalStateException("connection reset");
                case DIE_BEFORE -> throw new WorkerDied();
                case DO_AND_BREAK, DO_AND_HANG, DO_AND_DIE -> real.refund(clientId, order);
            }
            if (fault == Fault.DO_AND_DIE) {
                throw new WorkerDied();
            }
            if (fault == Fault.DO_AND_HANG) {
                hang();
            }
            throw new IllegalStateException("connection reset");
        }

        @Override
        public boolean serves(String clientId) {
            return real.serves(clientId);
        }

        @Override
        public Optional<String> objection(Money amount) {
            return real.objection(amount);
        }

        @Override
        public Optional<RefundAnswer> findRefund(String clientId, RefundOrder order) {
            return real.findRefund(clientId, order);
        }

        private static RefundOrder withFreshKey(RefundOrder order) {
            return new RefundOrder(order.idempotencyKey() + "-" + UUID.randomUUID(), order.chargeId(), order.amount());
        }

        /** Longer than anybody waits; the thread is a virtual one and ends with the JVM. */
        private static void hang() {
            java.util.concurrent.locks.LockSupport.parkNanos(
                    java.time.Duration.ofMinutes(5).toNanos());
        }
    }

    /** No exception that anything catches: nothing is recorded, as when the process is killed. */
    private static final class WorkerDied extends Error {
        WorkerDied() {
            super("killed", null, false, false);
        }
    }
}
