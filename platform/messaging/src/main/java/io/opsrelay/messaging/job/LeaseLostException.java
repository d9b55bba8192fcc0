package io.opsrelay.messaging.job;

/** The lease ran out and another worker claimed the job: what was done here must be rolled back. */
public final class LeaseLostException extends RuntimeException {

    LeaseLostException(long jobId) {
        super("job " + jobId + " belongs to another worker by now");
    }
}
