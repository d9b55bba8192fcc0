package io.opsrelay.security.tenant;

import java.util.function.Consumer;
import java.util.function.Supplier;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Something that lives as long as the running transaction: made when first asked for, gone when it ends. */
public final class PerTransaction<T> {

    private final Supplier<T> fresh;
    private final Consumer<T> beforeCommit;

    /** @param fresh makes the one of a transaction */
    public PerTransaction(Supplier<T> fresh) {
        this(fresh, value -> {});
    }

    /**
     * @param fresh makes the one of a transaction
     * @param beforeCommit is told of it before the transaction commits; not if it is rolled back
     */
    public PerTransaction(Supplier<T> fresh, Consumer<T> beforeCommit) {
        this.fresh = fresh;
        this.beforeCommit = beforeCommit;
    }

    /** Whether a transaction is under way. */
    public static boolean possible() {
        return TransactionSynchronizationManager.isActualTransactionActive();
    }

    /** @throws IllegalStateException outside a transaction */
    public T get() {
        if (!possible()) {
            throw new IllegalStateException("there is no transaction that this could live in");
        }
        @SuppressWarnings("unchecked") // Nobody else binds anything to this key.
        Held held = (Held) TransactionSynchronizationManager.getResource(this);
        if (held == null) {
            held = new Held(fresh.get());
            TransactionSynchronizationManager.bindResource(this, held);
            TransactionSynchronizationManager.registerSynchronization(held);
        }
        return held.value;
    }

    private final class Held implements TransactionSynchronization {
        private final T value;

        Held(T value) {
            this.value = value;
        }

        @Override
        public void suspend() {
            TransactionSynchronizationManager.unbindResource(PerTransaction.this);
        }

        @Override
        public void resume() {
            TransactionSynchronizationManager.bindResource(PerTransaction.this, this);
        }

        @Override
        public void beforeCommit(boolean readOnly) {
            beforeCommit.accept(value);
        }

        @Override
        public void afterCompletion(int status) {
            TransactionSynchronizationManager.unbindResourceIfPossible(PerTransaction.this);
        }
    }
}
