package io.opsrelay.ingestion.ticket;

import java.util.function.Supplier;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.dao.PessimisticLockingFailureException;

/** Tries again what another transaction has undone by being there at the same moment. */
public final class Collisions {

    private static final int MOST_TRIES = 4;

    private Collisions() {}

    /**
     * Does it, and again, up to four times in all, if the same thing was being stored at the same moment, and is there now; or
     * if somebody held what this waited for, and waited for what this held.
     *
     * @param transaction all of a transaction: a part of one cannot be tried again
     * @throws org.springframework.dao.DataAccessException of the last try, or of any other kind
     */
    public static <T> T retried(Supplier<T> transaction) {
        for (int tries = 1; ; tries++) {
            try {
                return transaction.get();
            } catch (DuplicateKeyException | PessimisticLockingFailureException e) {
                if (tries == MOST_TRIES) {
                    throw e;
                }
            }
        }
    }
}
