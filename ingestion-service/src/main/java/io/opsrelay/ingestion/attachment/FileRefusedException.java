package io.opsrelay.ingestion.attachment;

/** A file is not taken, whoever sends it again; the message says why, for whoever sent it. Nothing of it is kept. */
public class FileRefusedException extends RuntimeException {

    /** The reason completes a sentence that begins with the file: "must not be a program". */
    public FileRefusedException(String reason) {
        super(reason);
    }

    /** The reason. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
