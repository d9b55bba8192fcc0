package io.opsrelay.ingestion.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimesTest {

    private static final Percentage STATED = Percentage.withPercentage(100 * Times.ERROR + 0.001);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void aPercentileIsRightWithinTheStatedErrorHoweverTheTimesLie(long seed) {
        Random random = new Random(seed);
        double[] millis = new double[1 + random.nextInt(20_000)];
        for (int i = 0; i < millis.length; i++) {
            millis[i] = switch ((int) seed) {
                case 1 -> 1 + random.nextInt(1_000_000);
                case 2 -> Math.max(1, Math.exp(random.nextGaussian() * 3 + 8));
                case 3 -> random.nextBoolean() ? 20 : 86_400_000;
                case 4 -> 1000.0 * (1 + i);
                default -> 1 / Math.max(1e-9, random.nextDouble());
            };
        }
        Times times =
                Times.of(classesOf(millis), Math.round(Arrays.stream(millis).sum()));
        Arrays.sort(millis);

        for (double fraction : new double[] {0.001, 0.1, 0.5, 0.9, 0.95, 0.99, 1}) {
            double exact = millis[Math.max(1, (int) Math.ceil(fraction * millis.length)) - 1] / 1000;
            assertThat(times.percentileSeconds(fraction))
                    .as("p%s", fraction * 100)
                    .isCloseTo(exact, STATED);
        }
        assertThat(times.count()).isEqualTo(millis.length);
        assertThat(times.meanSeconds())
                .isCloseTo(Arrays.stream(millis).average().orElseThrow() / 1000, Percentage.withPercentage(0.1));
    }

    @Test
    void ofNoTimesThereIsNoPercentile() {
        Times none = Times.of(Map.of(), 0);

        assertThat(none.count()).isZero();
        assertThat(none.meanSeconds()).isNull();
        assertThat(none.percentileSeconds(0.5)).isNull();
    }

    @Test
    void whatIsBelowAMillisecondCountsAsOne() {
        Times times = Times.of(classesOf(0, 0.2, 1), 1);

        assertThat(times.count()).isEqualTo(3);
        assertThat(times.percentileSeconds(1)).isCloseTo(0.001, STATED);
    }

    private static Map<String, Long> classesOf(double... millis) {
        Map<String, Long> classes = new HashMap<>();
        for (double one : millis) {
            classes.merge(Times.classOf(one), 1L, Long::sum);
        }
        return classes;
    }
}
