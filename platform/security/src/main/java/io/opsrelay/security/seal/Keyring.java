package io.opsrelay.security.seal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** The keys under which values are sealed (AES-256-GCM): the newest seals, every one of them opens. Thread-safe. */
public final class Keyring {

    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,32}");

    private final String property;
    private final Map<String, SecretKey> keys;
    private final String newest;
    private final SecureRandom random = new SecureRandom();

    private Keyring(String property, Map<String, SecretKey> keys, String newest) {
        this.property = property;
        this.keys = keys;
        this.newest = newest;
    }

    /**
     * Something sealed.
     *
     * @param keyId which key opens it
     * @param bytes nonce, then the encrypted content with its tag
     */
    public record Sealed(String keyId, byte[] bytes) {}

    /**
     * Reads a file of keys.
     *
     * @param property what names the file, for messages
     * @throws IllegalStateException if the file is no list of keys
     */
    public static Keyring read(Path file, String property) {
        try {
            return of(Files.readAllLines(file), property);
        } catch (IOException e) {
            throw new UncheckedIOException(property + ": cannot read " + file, e);
        }
    }

    /** Of lines as {@code id base64}, the newest first. The content of a wrong line is not told: it may be a key. */
    public static Keyring of(List<String> lines, String property) {
        Map<String, SecretKey> keys = new LinkedHashMap<>();
        for (String line : lines) {
            if (line.isBlank()) {
                continue;
            }
            String[] parts = line.strip().split("\\s+");
            if (parts.length != 2 || !ID.matcher(parts[0]).matches()) {
                throw new IllegalStateException(property + ": each line must be 'id base64'");
            }
            if (keys.put(parts[0], new SecretKeySpec(bytes(parts[0], parts[1], property), "AES")) != null) {
                throw new IllegalStateException(property + ": two keys have the id " + parts[0]);
            }
        }
        if (keys.isEmpty()) {
            throw new IllegalStateException(property + ": the file holds no key");
        }
        return new Keyring(property, keys, keys.keySet().iterator().next());
    }

    private static byte[] bytes(String id, String base64, String property) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException(property + ": key " + id + " is no base64");
        }
        if (bytes.length != KEY_BYTES) {
            throw new IllegalStateException(property + ": key " + id + " must have 32 bytes, not " + bytes.length);
        }
        return bytes;
    }

    /** Seals; it can be opened only with the same {@code belongsTo}. */
    public Sealed seal(byte[] content, String belongsTo) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            byte[] encrypted =
                    cipher(Cipher.ENCRYPT_MODE, newest, nonce, belongsTo).doFinal(content);
            return new Sealed(
                    newest,
                    ByteBuffer.allocate(NONCE_BYTES + encrypted.length)
                            .put(nonce)
                            .put(encrypted)
                            .array());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot seal", e);
        }
    }

    /**
     * Opens what was sealed.
     *
     * @throws IllegalStateException if the key is not there, or what was sealed belongs elsewhere or was changed
     */
    public byte[] open(Sealed sealed, String belongsTo) {
        if (!keys.containsKey(sealed.keyId())) {
            throw new IllegalStateException(property + ": there is no key " + sealed.keyId());
        }
        ByteBuffer bytes = ByteBuffer.wrap(sealed.bytes());
        byte[] nonce = new byte[NONCE_BYTES];
        bytes.get(nonce);
        byte[] encrypted = new byte[bytes.remaining()];
        bytes.get(encrypted);
        try {
            return cipher(Cipher.DECRYPT_MODE, sealed.keyId(), nonce, belongsTo).doFinal(encrypted);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("what was sealed under key " + sealed.keyId() + " cannot be opened", e);
        }
    }

    private Cipher cipher(int mode, String keyId, byte[] nonce, String belongsTo) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, keys.get(keyId), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(belongsTo.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}
