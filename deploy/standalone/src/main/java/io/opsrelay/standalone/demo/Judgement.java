package io.opsrelay.standalone.demo;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * What a person decides about an approval request.
 *
 * @param decision approve, reject, edit or respond
 * @param amount what an edit changes the amount to
 */
record Judgement(String decision, String reason, Optional<String> amount) {

    private static final int REJECTED = 15;
    private static final int RESPONDED = 10;
    private static final int EDITED = 12;

    /**
     * About a refund: most are approved.
     *
     * @param words of the customer's language, since reasons and answers are told to the customer
     * @param amount that would be paid back; one that was edited before is not edited again
     */
    static Judgement onRefund(RandomGenerator random, Phrases words, String amount, boolean editedBefore) {
        int drawn = random.nextInt(100);
        if (drawn < REJECTED) {
            return of("reject", words, random);
        }
        if (drawn < REJECTED + RESPONDED) {
            return of("respond", words, random);
        }
        Optional<String> part = editedBefore ? Optional.empty() : part(random, amount);
        return drawn < REJECTED + RESPONDED + EDITED && part.isPresent()
                ? new Judgement("edit", words.draw("edit", random), part)
                : of("approve", words, random);
    }

    /** About an action on the system itself. */
    static Judgement onRestart(RandomGenerator random, Phrases words) {
        return random.nextInt(100) < REJECTED
                ? new Judgement("reject", words.draw("refuse_restart", random), Optional.empty())
                : new Judgement("approve", "", Optional.empty());
    }

    private static Judgement of(String decision, Phrases words, RandomGenerator random) {
        return new Judgement(decision, words.draw(decision, random), Optional.empty());
    }

    /** A fifth to four fifths of the amount; empty where nothing would be left. */
    private static Optional<String> part(RandomGenerator random, String amount) {
        try {
            BigDecimal whole = new BigDecimal(amount);
            BigDecimal part = whole.multiply(BigDecimal.valueOf(2 + random.nextInt(7)))
                    .divide(BigDecimal.TEN, whole.scale(), RoundingMode.DOWN);
            return part.signum() > 0 ? Optional.of(part.toPlainString()) : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** The body of the request to decide. */
    Map<String, Object> body() {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("decision", decision);
        if (!reason.isEmpty()) {
            body.put("reason", reason);
        }
        amount.ifPresent(value -> body.put("arguments", Map.of("amount", value)));
        return body;
    }
}
