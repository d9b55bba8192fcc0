package io.opsrelay.ingestion.mailout.event;

import io.opsrelay.security.seal.Hmac;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Proofs over raw bytes, compared in constant time. */
final class Proof {

    private static final Duration TOLERANCE = Duration.ofMinutes(5);

    private Proof() {}

    /** Whether seconds since 1970 lie within five minutes of now. */
    static boolean isTimely(@Nullable String seconds, Clock clock) {
        return seconds != null
                && seconds.matches("[0-9]{1,12}")
                && Duration.between(Instant.ofEpochSecond(Long.parseLong(seconds)), clock.instant())
                                .abs()
                                .compareTo(TOLERANCE)
                        <= 0;
    }

    /** Whether the key has signed (ECDSA, SHA-256) the text and the bytes behind it. A key that is none has signed nothing. */
    static boolean isSigned(String publicKey, String before, byte[] bytes, String signature) {
        try {
            Signature verifier = Signature.getInstance("SHA256withECDSA");
            verifier.initVerify(KeyFactory.getInstance("EC")
                    .generatePublic(
                            new X509EncodedKeySpec(Base64.getMimeDecoder().decode(publicKey))));
            verifier.update(before.getBytes(StandardCharsets.UTF_8));
            verifier.update(bytes);
            return verifier.verify(Base64.getDecoder().decode(signature.strip()));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false;
        }
    }

    /** Whether it is the HMAC-SHA256 of the text, in hexadecimal digits. */
    static boolean isHmac(String key, String text, String hex) {
        try {
            return Hmac.same(Hmac.with(key).add(text).hex(), hex);
        } catch (IllegalArgumentException e) {
            return false; // an empty key has signed nothing
        }
    }

    static boolean isSame(String one, String other) {
        return Hmac.same(one, other);
    }
}
