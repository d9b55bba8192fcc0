package io.opsrelay.standalone.demo;

import java.util.Locale;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What a letter is about. */
enum Kind {
    REFUND_QUESTION(7, "question", 0.15),
    SHIPPING_QUESTION(8, "question", 0.15),
    HOURS_QUESTION(6, "question", 0.15),
    INVOICE(9, "question", 0.15),
    REFUND(15, "refund", 0.2),
    REFUND_WITHOUT_ORDER(6, "refund_without_order", 0.75),
    DELIVERY(12, "delivery", 0.25),
    OUTAGE(4, "outage", 0.2),
    DEGRADED(7, null, 0),
    PRAISE(10, null, 0),
    COMPLAINT(8, null, 0),
    SPAM(8, null, 0);

    /** How many of a hundred letters are of this kind, where nothing special happens. */
    private final int weight;

    private final @Nullable String again;
    private final double againChance;

    Kind(int weight, @Nullable String again, double againChance) {
        this.weight = weight;
        this.again = again;
        this.againChance = againChance;
    }

    static Kind draw(RandomGenerator random) {
        int total = 0;
        for (Kind kind : values()) {
            total += kind.weight;
        }
        int left = random.nextInt(total);
        for (Kind kind : values()) {
            left -= kind.weight;
            if (left < 0) {
                return kind;
            }
        }
        throw new IllegalStateException("the weights do not add up");
    }

    /** Whether the customer writes once more about such a letter. */
    boolean drawAgain(RandomGenerator random) {
        return random.nextDouble() < againChance;
    }

    /** Whether the letter is about one of the customer's orders, named or not. */
    boolean hasOrder() {
        return this == REFUND || this == REFUND_WITHOUT_ORDER;
    }

    boolean hasService() {
        return this == OUTAGE || this == DEGRADED;
    }

    String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The section with what is written the second time. */
    String againSection() {
        if (again == null) {
            throw new IllegalStateException("nobody writes again about " + this);
        }
        return again + ".again";
    }
}
