package io.opsrelay.approval.edit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opsrelay.contracts.ActionEvent.ActionPrepared;
import io.opsrelay.contracts.Effect;
import io.opsrelay.security.web.ProblemException;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScaleEditTest {

    private static final Map<String, Object> REPLICAS =
            Map.of("service_name", "web", "target_type", "kubernetes", "replicas", 6, "reason", "load");
    private static final Map<String, Object> RANGE = Map.of(
            "service_name", "web", "target_type", "kubernetes", "min_replicas", 2, "max_replicas", 6, "reason", "load");

    @Test
    void whatTheActionSetsCanBeSetOtherwise() {
        assertThatCode(() -> check(REPLICAS, Map.of("replicas", 1))).doesNotThrowAnyException();
        assertThatCode(() -> check(REPLICAS, Map.of("replicas", 1000, "reason", "less will do")))
                .doesNotThrowAnyException();
        assertThatCode(() -> check(RANGE, Map.of("max_replicas", 4))).doesNotThrowAnyException();
        assertThatCode(() -> check(RANGE, Map.of("min_replicas", 5))).doesNotThrowAnyException();
    }

    @Test
    void whatIsOutOfRangeOrNotOfThisActionIsRefused() {
        for (Object count : List.of(0, -1, 1001, "3", 2.5, new BigDecimal("3"), true)) {
            assertThatThrownBy(() -> check(REPLICAS, Map.of("replicas", count)))
                    .as(String.valueOf(count))
                    .isInstanceOf(ProblemException.class)
                    .hasMessageContaining("whole number from 1 to 1000");
        }
        assertThatThrownBy(() -> check(REPLICAS, Map.of())).isInstanceOf(ProblemException.class);
        assertThatThrownBy(() -> check(REPLICAS, Map.of("max_replicas", 3))).hasMessageContaining("it sets replicas");
        assertThatThrownBy(() -> check(RANGE, Map.of("replicas", 3)))
                .hasMessageContaining("min_replicas and max_replicas");
        assertThatThrownBy(() -> check(RANGE, Map.of("min_replicas", 7))).hasMessageContaining("no range");
        assertThatThrownBy(() -> check(RANGE, Map.of("min_replicas", 6))).hasMessageContaining("no range");
        assertThatThrownBy(() -> check(REPLICAS, Map.of("service_name", "db"))).isInstanceOf(ProblemException.class);
        assertThatThrownBy(() -> check(REPLICAS, Map.of("reason", " "))).isInstanceOf(ProblemException.class);
    }

    @ParameterizedTest
    @CsvSource({
        // now, was wanted, is wanted, narrower
        "3, 6, 6, true",
        "3, 6, 5, true",
        "3, 6, 3, true",
        "3, 6, 7, false",
        "3, 6, 2, false",
        "3, 1, 2, true",
        "3, 1, 1, true",
        "3, 2, 1, false",
        "3, 1, 4, false",
    })
    void nearerToWhatRunsNowIsNarrower(int now, int was, int is, boolean narrower) {
        assertThat(Edits.narrows(
                        scaling(now, with(REPLICAS, "replicas", was)), scaling(now, with(REPLICAS, "replicas", is))))
                .isEqualTo(narrower);
    }

    @Test
    void aRangeInsideTheOneBeforeIsNarrower() {
        ActionPrepared before = scaling(3, RANGE);

        assertThat(Edits.narrows(before, scaling(3, with(RANGE, "max_replicas", 5))))
                .isTrue();
        assertThat(Edits.narrows(before, scaling(3, with(RANGE, "min_replicas", 3))))
                .isTrue();
        assertThat(Edits.narrows(before, scaling(3, with(RANGE, "max_replicas", 7))))
                .isFalse();
        assertThat(Edits.narrows(before, scaling(3, with(RANGE, "min_replicas", 1))))
                .isFalse();
        assertThat(Edits.narrows(before, scaling(3, REPLICAS))).isFalse();
        assertThat(Edits.narrows(before, scaling(3, with(RANGE, "service_name", "db"))))
                .isFalse();
    }

    private static void check(Map<String, Object> current, Map<String, Object> edited) {
        Edits.check(scaling(3, current), edited);
    }

    private static Map<String, Object> with(Map<String, Object> arguments, String field, Object value) {
        Map<String, Object> changed = new HashMap<>(arguments);
        changed.put(field, value);
        return changed;
    }

    private static ActionPrepared scaling(int now, Map<String, Object> arguments) {
        return new ActionPrepared(
                UUID.randomUUID(),
                null,
                1,
                "scale_deployment",
                arguments,
                "0".repeat(64),
                new Effect("Scale web", null, Map.of("replicas_now", now, "replicas_after", after(now, arguments))),
                "ai:flora",
                null,
                null);
    }

    private static int after(int now, Map<String, Object> arguments) {
        return arguments.get("replicas") instanceof Integer replicas
                ? replicas
                : Math.clamp(now, (Integer) arguments.get("min_replicas"), (Integer) arguments.get("max_replicas"));
    }

    @Test
    void aRangeThatMovesMoreReplicasIsNotNarrower() {
        // given an autoscaler between 2 and 10, wanted while 3 run
        ActionPrepared before = scaling(3, with(with(RANGE, "max_replicas", 10), "reason", "load"));

        // then 9 to 10 lies within, but takes 3 to 9
        assertThat(Edits.narrows(before, scaling(3, with(with(RANGE, "min_replicas", 9), "max_replicas", 10))))
                .isFalse();
        // and of a range that kept 9 running, one that takes them to 3
        assertThat(Edits.narrows(
                        scaling(9, with(RANGE, "max_replicas", 10)), scaling(9, with(RANGE, "max_replicas", 3))))
                .isFalse();
    }

    @Test
    void whatRunsMeanwhileDecidesWhetherAnEditIsNarrower() {
        assertThat(Edits.narrows(
                        scaling(10, with(REPLICAS, "replicas", 12)), scaling(2, with(REPLICAS, "replicas", 11))))
                .isFalse();
    }
}
