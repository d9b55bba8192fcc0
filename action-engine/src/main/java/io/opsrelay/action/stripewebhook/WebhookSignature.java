package io.opsrelay.action.stripewebhook;

import io.opsrelay.security.seal.Hmac;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The header {@code Stripe-Signature: t=<seconds>,v1=<hex>,v1=<hex>,v0=...}: HMAC-SHA256 over {@code t.body}, the bytes as
 * they came. Of several v1 any may hold, for any of the secrets; other schemes are no proof. Pure.
 */
final class WebhookSignature {

    static final Duration TOLERANCE = Duration.ofMinutes(5);

    private static final int LONGEST_HEADER = 4096;
    private static final int MOST_SIGNATURES = 16;

    private WebhookSignature() {}

    /** Why it does not prove that one of the secrets' holders sent that body just now; null where it does. */
    static @Nullable String objection(@Nullable String header, byte[] body, List<String> secrets, Instant now) {
        if (header == null || header.isBlank()) {
            return "the header Stripe-Signature is missing";
        }
        Parsed parsed = parse(header);
        if (parsed == null) {
            return "the header Stripe-Signature must hold one t=<seconds> and at least one v1=<hex>";
        }
        if (!matches(parsed, body, secrets)) {
            return "no signature in Stripe-Signature fits the body and this endpoint's secret";
        }
        // Judged after the signature: who cannot sign learns nothing of the clock.
        if (Duration.between(parsed.at(), now).abs().compareTo(TOLERANCE) > 0) {
            return "the signature is of " + parsed.at() + ", which is more than 5 minutes from now";
        }
        return null;
    }

    private static @Nullable Parsed parse(String header) {
        if (header.length() > LONGEST_HEADER) {
            return null;
        }
        String seconds = null;
        List<byte[]> signatures = new ArrayList<>();
        for (String part : header.split(",", -1)) {
            String item = part.strip();
            if (item.startsWith("t=")) {
                if (seconds != null) {
                    return null;
                }
                seconds = item.substring(2);
            } else if (item.startsWith("v1=")) {
                byte[] signature = bytes(item.substring(3));
                if (signature != null && signatures.size() < MOST_SIGNATURES) {
                    signatures.add(signature);
                }
            }
        }
        if (seconds == null || signatures.isEmpty() || !seconds.matches("[0-9]{1,12}")) {
            return null;
        }
        return new Parsed(seconds, Instant.ofEpochSecond(Long.parseLong(seconds)), signatures);
    }

    private static byte @Nullable [] bytes(String hex) {
        try {
            return HexFormat.of().parseHex(hex);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Compares with each, so that the time tells nothing of which one came near. */
    private static boolean matches(Parsed parsed, byte[] body, List<String> secrets) {
        boolean matches = false;
        for (String secret : secrets) {
            byte[] expected = sign(secret, parsed.seconds(), body);
            for (byte[] signature : parsed.signatures()) {
                matches |= Hmac.same(expected, signature);
            }
        }
        return matches;
    }

    private static byte[] sign(String secret, String seconds, byte[] body) {
        return Hmac.with(secret).add(seconds + ".").add(body).bytes();
    }

    private record Parsed(String seconds, Instant at, List<byte[]> signatures) {}
}
