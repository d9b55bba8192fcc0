package io.opsrelay.ingestion.stats;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The dashboards' numbers.
 *
 * @param interval how often this instance looks for steps to count
 * @param batch most steps that one transaction counts
 * @param tellAtMost least time between two records on a client's feed
 * @param tellAgain how soon an active client's dashboards are told again what has not changed
 * @param tellQuiet the same for a client in which nothing has changed for a while
 * @param keepMinutes how long numbers are kept for each minute
 * @param keepQuarters how long numbers are kept for each quarter of an hour; those of days are kept for ever
 */
@ConfigurationProperties("opsrelay.numbers")
record StatsProperties(
        @DefaultValue("500ms") Duration interval,
        @DefaultValue("5000") int batch,
        @DefaultValue("1s") Duration tellAtMost,
        @DefaultValue("10s") Duration tellAgain,
        @DefaultValue("1m") Duration tellQuiet,
        @DefaultValue("8d") Duration keepMinutes,
        @DefaultValue("100d") Duration keepQuarters) {

    StatsProperties {
        if (interval.toMillis() < 10 || interval.compareTo(Duration.ofMinutes(1)) > 0) {
            throw new IllegalArgumentException(
                    "opsrelay.numbers.interval must lie between 10ms and 1m, not " + interval);
        }
        if (batch < 1 || batch > 50_000) {
            throw new IllegalArgumentException("opsrelay.numbers.batch must lie between 1 and 50000, not " + batch);
        }
        if (tellAtMost.isNegative()) {
            throw new IllegalArgumentException(
                    "opsrelay.numbers.tell-at-most must not be negative, but is " + tellAtMost);
        }
        if (tellAgain.compareTo(tellAtMost) < 0 || tellAgain.toMillis() < 100 || tellQuiet.compareTo(tellAgain) < 0) {
            throw new IllegalArgumentException("opsrelay.numbers.tell-again must be at least tell-at-most and 100ms, "
                    + "tell-quiet at least tell-again");
        }
        if (keepMinutes.toDays() < 2 || keepQuarters.toDays() < 95) {
            throw new IllegalArgumentException("opsrelay.numbers.keep-minutes must be at least 2d, keep-quarters 95d");
        }
    }
}
