package io.opsrelay.security.seal;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import javax.crypto.Cipher;
import javax.crypto.KeyGenerator;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;

/**
 * Content that anybody can seal for one reader, in parts small enough for a Kafka record. It is compressed and cut; each part
 * is encrypted under a fresh key (AES-256-GCM), which is wrapped with the reader's public key (RSA-3072, OAEP with SHA-256).
 * A part opens only in its place, among as many as there were, and for what it was sealed for. Without the private key
 * nobody opens it, its writer neither. Keys and parts are texts in base64.
 */
public final class SealedParts {

    /** Most bytes of a part before base64, sealed. */
    public static final int MOST_BYTES = 256 * 1024;

    private static final Base64.Encoder TO_TEXT = Base64.getEncoder();
    private static final Base64.Decoder FROM_TEXT = Base64.getDecoder();
    private static final int RSA_BITS = 3072;
    private static final int WRAPPED_BYTES = RSA_BITS / 8;
    private static final int AES_BITS = 256;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BYTES = 16;
    private static final int MOST_PLAIN_BYTES = MOST_BYTES - WRAPPED_BYTES - NONCE_BYTES - TAG_BYTES;

    private SealedParts() {}

    /**
     * The keys of a reader.
     *
     * @param publicKey seals; may be known to anybody
     * @param privateKey opens
     */
    public record Keys(String publicKey, String privateKey) {

        /** The private one stays out of logs. */
        @Override
        public String toString() {
            return "Keys[" + publicKey + "]";
        }
    }

    /** New keys. Takes up to some seconds of computing. */
    public static Keys newKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(RSA_BITS);
            KeyPair keys = generator.generateKeyPair();
            return new Keys(
                    TO_TEXT.encodeToString(keys.getPublic().getEncoded()),
                    TO_TEXT.encodeToString(keys.getPrivate().getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK makes RSA keys", e);
        }
    }

    /**
     * Seals.
     *
     * @param belongsTo what it is sealed for: it opens with the same text only
     * @return one part at least
     * @throws IllegalArgumentException if that is no public key of {@link #newKeys}
     */
    public static List<String> seal(String publicKey, byte[] content, String belongsTo) {
        byte[] packed = pack(content);
        int parts = (packed.length + MOST_PLAIN_BYTES - 1) / MOST_PLAIN_BYTES;
        List<String> sealed = new ArrayList<>(parts);
        try {
            var key = KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(FROM_TEXT.decode(publicKey)));
            for (int part = 1; part <= parts; part++) {
                byte[] piece = Arrays.copyOfRange(
                        packed, (part - 1) * MOST_PLAIN_BYTES, Math.min(packed.length, part * MOST_PLAIN_BYTES));
                SecretKey secret = newSecret();
                Cipher wrapping = rsa();
                wrapping.init(Cipher.WRAP_MODE, key, oaep());
                byte[] wrapped = wrapping.wrap(secret);
                if (wrapped.length != WRAPPED_BYTES) {
                    throw new IllegalArgumentException("the public key must have " + RSA_BITS + " bits");
                }
                Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
                cipher.init(Cipher.ENCRYPT_MODE, secret);
                cipher.updateAAD(placeOf(part, parts, belongsTo));
                byte[] encrypted = cipher.doFinal(piece);
                sealed.add(TO_TEXT.encodeToString(ByteBuffer.allocate(WRAPPED_BYTES + NONCE_BYTES + encrypted.length)
                        .put(wrapped)
                        .put(cipher.getIV())
                        .put(encrypted)
                        .array()));
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("cannot seal with this public key", e);
        }
        return sealed;
    }

    /**
     * Opens all parts of a content.
     *
     * @param sealed in their order
     * @throws IllegalArgumentException if one is missing, was changed, stands in another's place, was sealed for something else
     *     or with another key
     */
    public static byte[] open(String privateKey, List<String> sealed, String belongsTo) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try {
            var key = KeyFactory.getInstance("RSA")
                    .generatePrivate(new PKCS8EncodedKeySpec(FROM_TEXT.decode(privateKey)));
            for (int part = 1; part <= sealed.size(); part++) {
                byte[] bytes = FROM_TEXT.decode(sealed.get(part - 1));
                if (bytes.length < WRAPPED_BYTES + NONCE_BYTES + TAG_BYTES) {
                    throw new IllegalArgumentException("part " + part + " is too short to have been sealed");
                }
                Cipher unwrapping = rsa();
                unwrapping.init(Cipher.UNWRAP_MODE, key, oaep());
                var secret = unwrapping.unwrap(Arrays.copyOf(bytes, WRAPPED_BYTES), "AES", Cipher.SECRET_KEY);
                Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
                cipher.init(
                        Cipher.DECRYPT_MODE,
                        secret,
                        new GCMParameterSpec(TAG_BYTES * 8, bytes, WRAPPED_BYTES, NONCE_BYTES));
                cipher.updateAAD(placeOf(part, sealed.size(), belongsTo));
                int from = WRAPPED_BYTES + NONCE_BYTES;
                packed.writeBytes(cipher.doFinal(bytes, from, bytes.length - from));
            }
            return unpack(packed.toByteArray());
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException("what was sealed for " + belongsTo + " cannot be opened", e);
        }
    }

    private static byte[] pack(byte[] content) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }

    private static byte[] unpack(byte[] packed) throws IOException {
        try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            return gzip.readAllBytes();
        }
    }

    private static byte[] placeOf(int part, int parts, String belongsTo) {
        return (belongsTo + "/" + part + "/" + parts).getBytes(StandardCharsets.UTF_8);
    }

    private static SecretKey newSecret() throws GeneralSecurityException {
        KeyGenerator generator = KeyGenerator.getInstance("AES");
        generator.init(AES_BITS);
        return generator.generateKey();
    }

    private static Cipher rsa() throws GeneralSecurityException {
        return Cipher.getInstance("RSA/ECB/OAEPPadding");
    }

    /** Both digests named: the JDK's own default for the mask is SHA-1. */
    private static OAEPParameterSpec oaep() {
        return new OAEPParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, PSource.PSpecified.DEFAULT);
    }
}
