package io.opsrelay.agent.learning;

/** An example cannot be read. The message says why, for the person who wrote it. */
public final class BadExampleException extends RuntimeException {
    private final long line;

    BadExampleException(long line, String reason) {
        super(reason);
        this.line = line;
    }

    /** The line it stands in, or begins in, counted from 1. */
    public long line() {
        return line;
    }
}
