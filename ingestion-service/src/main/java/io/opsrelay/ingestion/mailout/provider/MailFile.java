package io.opsrelay.ingestion.mailout.provider;

import java.io.IOException;
import java.io.InputStream;

/**
 * A file that a mail carries. Its bytes are read while it is sent, and never stand in memory as a whole.
 *
 * @param name safe to be shown; may hold any letters
 * @param type its media type
 * @param size bytes
 * @param content opens it, as often as it is needed
 */
public record MailFile(String name, String type, long size, Content content) {

    /** The bytes. */
    @FunctionalInterface
    public interface Content {

        /** @throws IOException if they cannot be had now */
        InputStream open() throws IOException;
    }

    /** What it is called is somebody's. */
    @Override
    public String toString() {
        return "MailFile[" + size + " bytes of " + type + "]";
    }
}
