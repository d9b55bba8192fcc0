package io.opsrelay.approval.webhook;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What follows from an attempt. */
sealed interface Outcome {

    /** The longest that an endpoint may ask to be left alone. */
    Duration LONGEST_WISH = Duration.ofHours(24);

    /** The word in metrics. */
    String code();

    /** It has arrived. */
    record Delivered() implements Outcome {
        @Override
        public String code() {
            return "delivered";
        }
    }

    /** It is tried again. */
    record Retry(Duration pause) implements Outcome {
        @Override
        public String code() {
            return "retry";
        }
    }

    /** It was tried often enough. */
    record GaveUp() implements Outcome {
        @Override
        public String code() {
            return "gave_up";
        }
    }

    /** The endpoint wants nothing any more. */
    record Gone() implements Outcome {
        @Override
        public String code() {
            return "gone";
        }
    }

    /**
     * Pure.
     *
     * @param tries how often it was tried, this attempt included
     * @param pauses before the second try, the third, and so on
     * @param stretch how much longer than planned the pause is, as a share of it
     */
    static Outcome of(Attempt attempt, int tries, List<Duration> pauses, double stretch) {
        Integer status = attempt.status();
        if (status != null && status >= 200 && status <= 299) {
            return new Delivered();
        }
        if (status != null && status == 410) {
            return new Gone();
        }
        if (tries > pauses.size()) {
            return new GaveUp();
        }
        Duration planned = longer(pauses.get(tries - 1), wish(attempt.retryAfter()));
        return new Retry(planned.plusMillis((long) (planned.toMillis() * stretch)));
    }

    private static Duration wish(@Nullable Duration retryAfter) {
        if (retryAfter == null) {
            return Duration.ZERO;
        }
        return retryAfter.compareTo(LONGEST_WISH) > 0 ? LONGEST_WISH : retryAfter;
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
