package io.opsrelay.ingestion.blob;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.UUID;

/** Bytes under keys. A key is written once: bytes are whole or not there, and never change. Thread-safe. */
public interface BlobStore {

    /**
     * Keeps all of {@code content} under the key. When this returns they survive a crash; if it throws nothing is to be
     * seen under the key. Memory is bounded whatever the length.
     *
     * @param key of {@link #keyOf}
     * @throws IOException of {@code content}, as it is
     * @throws BlobStoreException if the store cannot take them now
     */
    void put(String key, InputStream content) throws IOException;

    /**
     * The bytes from an offset on; the caller closes them.
     *
     * @param from bytes left out at the beginning; at most the length
     * @return empty if nothing is under the key
     * @throws BlobStoreException if the store cannot answer now
     */
    Optional<InputStream> open(String key, long from);

    /**
     * Takes away what is under the key, and what a {@link #put} that a crash ended left behind; nothing there is fine.
     *
     * @throws BlobStoreException if the store cannot answer now
     */
    void delete(String key);

    /**
     * The key of a client's bytes. It begins with the client; nothing of it was chosen by a sender.
     *
     * @param clientId a valid client id
     */
    static String keyOf(String clientId, UUID id) {
        String text = id.toString();
        // The end of an id is random: no folder holds more than a 256th of a client's files.
        return clientId + "/" + text.substring(text.length() - 2) + "/" + text;
    }
}
