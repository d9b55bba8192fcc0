package io.opsrelay.ingestion.attachment;

/** A file has more bytes than one may have. It was read up to that many; nothing of it is kept. */
public final class FileTooLargeException extends FileRefusedException {

    /** @param limit bytes that a file may have */
    public FileTooLargeException(long limit) {
        super("must have at most " + limit + " bytes");
    }
}
