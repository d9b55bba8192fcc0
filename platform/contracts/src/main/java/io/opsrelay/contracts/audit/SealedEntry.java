package io.opsrelay.contracts.audit;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A link of a client's chain in one service.
 *
 * @param seq 1, 2, 3 and so on without a gap
 * @param previous hash of the entry before it; {@link #NOTHING_BEFORE} for the first
 * @param entry the canonical text (see {@link CanonicalJson})
 * @param hash SHA-256 in hex of the UTF-8 bytes of {@code previous LF seq LF entry}
 */
public record SealedEntry(long seq, String previous, String entry, String hash) {

    /** What the first entry names as the hash before it. */
    public static final String NOTHING_BEFORE = "0".repeat(64);

    /** What {@link #hash} must be. */
    public String expectedHash() {
        return hash(previous, seq, entry);
    }

    /** The hash of an entry at its place in the chain. */
    public static String hash(String previous, long seq, String entry) {
        return sha256(previous + "\n" + seq + "\n" + entry);
    }

    /** SHA-256 of the UTF-8 bytes, in hex. */
    public static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** The link that follows {@code before}. */
    public static SealedEntry after(SealedEntry before, String entry) {
        return at(before.seq() + 1, before.hash(), entry);
    }

    /** The first link of a chain. */
    public static SealedEntry first(String entry) {
        return at(1, NOTHING_BEFORE, entry);
    }

    private static SealedEntry at(long seq, String previous, String entry) {
        return new SealedEntry(seq, previous, entry, hash(previous, seq, entry));
    }
}
