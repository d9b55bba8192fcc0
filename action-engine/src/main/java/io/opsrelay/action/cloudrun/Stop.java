package io.opsrelay.action.cloudrun;

import io.opsrelay.action.catalogue.OutcomeUnknownException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Whether this service is being ended: whoever waits for Cloud Run waits on this. Thread-safe. */
final class Stop {

    private volatile CountDownLatch asked = new CountDownLatch(1);

    /** Waits that long; whether it was asked for by then, or the thread was interrupted. */
    boolean within(Duration pause) {
        try {
            return asked.await(pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /** What a wait that was ended so leaves behind. */
    OutcomeUnknownException unknown() {
        String reason = "this service is being ended; its successor asks for the outcome";
        return new OutcomeUnknownException(reason, new CancellationException(reason));
    }

    void ask() {
        asked.countDown();
    }

    void takeBack() {
        asked = new CountDownLatch(1);
    }
}
