package io.opsrelay.action.remote;

import io.opsrelay.security.seal.Hmac;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/** Signs requests as Standard Webhooks do: HMAC-SHA-256 over {@code id.timestamp.payload}. */
public final class Signature {

    private static final String PREFIX = "whsec_";

    private Signature() {}

    /**
     * The headers of a signed request.
     *
     * @param secret {@code whsec_} and base64, or any other text as it stands
     * @param payload the body; empty where there is none
     */
    public static Map<String, String> headers(String secret, String id, Instant at, byte[] payload) {
        long timestamp = at.getEpochSecond();
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Webhook-Id", id);
        headers.put("Webhook-Timestamp", Long.toString(timestamp));
        headers.put("Webhook-Signature", "v1," + of(secret, id + "." + timestamp + ".", payload));
        return headers;
    }

    private static String of(String secret, String before, byte[] payload) {
        byte[] key = secret.startsWith(PREFIX)
                ? Base64.getDecoder().decode(secret.substring(PREFIX.length()))
                : secret.getBytes(StandardCharsets.UTF_8);
        return Hmac.with(key).add(before).add(payload).base64();
    }
}
