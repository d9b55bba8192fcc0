package io.opsrelay.ingestion.email.door;

import io.opsrelay.ingestion.email.Spool;
import io.opsrelay.security.seal.Hmac;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Signatures over raw bytes, compared in constant time. Bodies are read in pieces. */
final class Signatures {

    private static final int PIECE = 64 * 1024;
    private static final int MAX_DIGITS = 12;

    private Signatures() {}

    /** HMAC-SHA256 of a text and a body behind it. */
    static byte[] hmac(byte[] key, String before, @Nullable Spool body) throws IOException {
        Hmac hmac = Hmac.with(key).add(before);
        if (body != null) {
            try (InputStream in = body.open()) {
                hmac.add(in);
            }
        }
        return hmac.bytes();
    }

    /** Whether an ECDSA signature over SHA-256 of a text and a body behind it is good. */
    static boolean ecdsa(String publicKey, String before, Spool body, byte[] signature) throws IOException {
        try {
            PublicKey key = KeyFactory.getInstance("EC")
                    .generatePublic(
                            new X509EncodedKeySpec(Base64.getMimeDecoder().decode(publicKey)));
            Signature verifier = Signature.getInstance("SHA256withECDSA");
            verifier.initVerify(key);
            verifier.update(before.getBytes(StandardCharsets.UTF_8));
            try (InputStream in = body.open()) {
                byte[] piece = new byte[PIECE];
                for (int got = in.read(piece); got >= 0; got = in.read(piece)) {
                    verifier.update(piece, 0, got);
                }
            }
            return verifier.verify(signature);
        } catch (SignatureException e) {
            return false;
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalStateException("the channel's public key cannot be used", e);
        }
    }

    static boolean same(byte[] one, byte[] other) {
        return Hmac.same(one, other);
    }

    /** Whether a time in seconds since 1970 lies within the tolerance around now. */
    static boolean isTimely(@Nullable String seconds, Instant now, Duration tolerance) {
        if (seconds == null
                || seconds.isEmpty()
                || seconds.length() > MAX_DIGITS
                || !seconds.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return false;
        }
        Duration off = Duration.between(Instant.ofEpochSecond(Long.parseLong(seconds)), now)
                .abs();
        return off.compareTo(tolerance) <= 0;
    }

    /** Bytes of base64; none if it is not base64. */
    static byte[] base64(String text) {
        try {
            return Base64.getDecoder().decode(text.strip());
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }
}
