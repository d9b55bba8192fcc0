package io.opsrelay.security.seal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HMAC-SHA256 of what is added to it, piece by piece. Each is good for one result. */
public final class Hmac {

    private static final String ALGORITHM = "HmacSHA256";
    private static final int PIECE = 64 * 1024;

    private final Mac mac;

    private Hmac(Mac mac) {
        this.mac = mac;
    }

    /** @throws IllegalArgumentException if the key is empty */
    public static Hmac with(byte[] key) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            return new Hmac(mac);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }

    /** With a key that is a text, in UTF-8. */
    public static Hmac with(String key) {
        return with(key.getBytes(StandardCharsets.UTF_8));
    }

    /** Adds bytes. */
    public Hmac add(byte[] bytes) {
        mac.update(bytes);
        return this;
    }

    /** Adds a text, in UTF-8. */
    public Hmac add(String text) {
        return add(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Adds a stream to its end, in pieces; it is not closed.
     *
     * @throws IOException of the stream
     */
    public Hmac add(InputStream content) throws IOException {
        byte[] piece = new byte[PIECE];
        for (int got = content.read(piece); got >= 0; got = content.read(piece)) {
            mac.update(piece, 0, got);
        }
        return this;
    }

    /** The 32 bytes. */
    public byte[] bytes() {
        return mac.doFinal();
    }

    /** In hexadecimal digits, small ones. */
    public String hex() {
        return HexFormat.of().formatHex(bytes());
    }

    /** In base64. */
    public String base64() {
        return Base64.getEncoder().encodeToString(bytes());
    }

    /** Whether both are the same, in a time that tells nothing of where they differ. */
    public static boolean same(byte[] one, byte[] other) {
        return MessageDigest.isEqual(one, other);
    }

    /** The same of texts. */
    public static boolean same(String one, String other) {
        return same(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }
}
