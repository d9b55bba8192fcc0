package io.opsrelay.approval.webhook;

import io.opsrelay.approval.webhook.Receiver.Received;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Checks a webhook as its receiver does, written from the text of Standard Webhooks and from nothing else. */
final class Verifier {

    private static final Duration TOLERANCE = Duration.ofMinutes(5);

    private Verifier() {}

    static boolean verifies(String secret, Received request) {
        String id = request.header("webhook-id");
        String timestamp = request.header("webhook-timestamp");
        String signatures = request.header("webhook-signature");
        if (!secret.startsWith("whsec_") || id == null || timestamp == null || signatures == null) {
            return false;
        }
        Duration age = Duration.between(Instant.ofEpochSecond(Long.parseLong(timestamp)), Instant.now());
        if (age.abs().compareTo(TOLERANCE) > 0) {
            return false;
        }
        byte[] expected = hmac(
                Base64.getDecoder().decode(secret.substring("whsec_".length())),
                id + '.' + timestamp + '.' + request.body());
        return Arrays.stream(signatures.split(" "))
                .map(signature -> signature.split(",", 2))
                .filter(parts -> parts.length == 2 && parts[0].equals("v1"))
                .anyMatch(parts ->
                        MessageDigest.isEqual(expected, Base64.getDecoder().decode(parts[1])));
    }

    private static byte[] hmac(byte[] key, String content) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(content.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
