package io.opsrelay.approval.webhook;

import io.opsrelay.security.seal.Hmac;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/** What an endpoint's owner and we alone know. Compare and print it nowhere. */
final class Secret {

    private static final String PREFIX = "whsec_";
    private static final int BYTES = 32;

    private final byte[] key;

    Secret(byte[] key) {
        this.key = key.clone();
    }

    static Secret random(SecureRandom random) {
        byte[] key = new byte[BYTES];
        random.nextBytes(key);
        return new Secret(key);
    }

    byte[] key() {
        return key.clone();
    }

    /** As its owner is shown it, once. */
    String shown() {
        return PREFIX + Base64.getEncoder().encodeToString(key);
    }

    /** The header {@code webhook-signature}: one signature for each secret that is in use, the newest first. */
    static String signatures(List<Secret> secrets, String messageId, long timestamp, String payload) {
        String signed = messageId + "." + timestamp + "." + payload;
        return secrets.stream().map(secret -> "v1," + secret.sign(signed)).collect(Collectors.joining(" "));
    }

    private String sign(String content) {
        return Hmac.with(key).add(content).base64();
    }
}
