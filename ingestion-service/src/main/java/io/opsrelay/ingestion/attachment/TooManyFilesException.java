package io.opsrelay.ingestion.attachment;

/** A message has as many files as one may have. */
public final class TooManyFilesException extends FileRefusedException {

    /** @param limit files that a message may have */
    public TooManyFilesException(int limit) {
        super("must be at most " + limit + " on one message");
    }
}
