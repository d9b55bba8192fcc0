package io.opsrelay.security.token;

import io.opsrelay.security.Caller;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Remembers for a minute which tokens were found valid: a P-256 signature check costs more than all the rest of a
 * request. Keyed by the token's SHA-256, so that no token lies in memory; bounded.
 */
final class VerifiedTokens {

    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final int MOST = 20_000;

    private final Clock clock;
    private final Map<String, Verified> known = new ConcurrentHashMap<>();

    VerifiedTokens(Clock clock) {
        this.clock = clock;
    }

    /** The caller of a token, verified by {@code verify} unless that was done within the minute and it has not expired. */
    Caller callerOf(String token, Function<String, Caller> verify) {
        String key = hash(token);
        Instant now = clock.instant();
        Verified before = known.get(key);
        if (before != null && now.isBefore(before.until())) {
            return before.caller();
        }
        Caller caller = verify.apply(token);
        if (known.size() >= MOST) {
            known.clear();
        }
        Instant until = now.plus(LONGEST);
        known.put(key, new Verified(caller, until.isBefore(caller.expiresAt()) ? until : caller.expiresAt()));
        return caller;
    }

    private static String hash(String token) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private record Verified(Caller caller, Instant until) {}
}
