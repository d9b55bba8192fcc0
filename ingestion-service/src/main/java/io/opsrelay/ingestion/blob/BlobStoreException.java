package io.opsrelay.ingestion.blob;

/** The store of bytes is away, full or refuses; trying again later may help. */
public final class BlobStoreException extends RuntimeException {

    /** What could not be done, and why. */
    public BlobStoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
