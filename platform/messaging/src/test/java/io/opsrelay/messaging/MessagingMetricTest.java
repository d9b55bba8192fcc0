package io.opsrelay.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MessagingMetricTest {

    @Test
    void noTwoMetricsShareAName() {
        assertThat(Arrays.stream(MessagingMetric.values()).collect(Collectors.groupingBy(MessagingMetric::id)))
                .allSatisfy((id, metrics) -> assertThat(metrics).hasSize(1));
    }

    @ParameterizedTest
    @EnumSource
    void everyMetricHasANameAUnitAndAMeaning(MessagingMetric metric) {
        assertThat(metric.id()).matches("opsrelay(\\.[a-z]+)+");
        assertThat(metric.unit())
                .isIn("rows", "seconds", "batches", "boolean", "events", "deliveries", "records", "jobs", "tries");
        assertThat(metric.meaning()).matches("[A-Z1].{10,}[^.]");
    }

    @Test
    void noDropRetryDuplicateOrDeadLetterIsWithoutAMetric() {
        assertThat(Arrays.stream(MessagingMetric.values()).map(MessagingMetric::id))
                .contains(
                        "opsrelay.outbox.retries",
                        "opsrelay.outbox.refused",
                        "opsrelay.events.duplicate",
                        "opsrelay.events.skipped",
                        "opsrelay.events.retried",
                        "opsrelay.dead.letters");
    }
}
