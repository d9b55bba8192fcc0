package io.opsrelay.ingestion.ticket;

import java.util.HexFormat;

/**
 * What a sender calls a request, so that sending it again does nothing twice.
 *
 * @param key as in the {@code Idempotency-Key} header
 * @param requestHash of what was asked, in hexadecimal: the same key must not stand for two requests
 */
public record RequestKey(String key, String requestHash) {

    /** With the hash as bytes. */
    public static RequestKey of(String key, byte[] requestHash) {
        return new RequestKey(key, HexFormat.of().formatHex(requestHash));
    }
}
