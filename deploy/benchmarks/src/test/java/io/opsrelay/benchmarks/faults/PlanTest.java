package io.opsrelay.benchmarks.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.benchmarks.faults.Fault.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PlanTest {

    private static final Set<String> TARGETS = Set.of("a", "b", "c", "redis");

    @Test
    void aSeedIsAlwaysTheSamePlanAndAnotherOneAnother() {
        assertThat(Plan.ofSeed(7, 50, true, TARGETS)).isEqualTo(Plan.ofSeed(7, 50, true, TARGETS));
        assertThat(Plan.ofSeed(8, 50, true, TARGETS)).isNotEqualTo(Plan.ofSeed(7, 50, true, TARGETS));
    }

    @Test
    void itHoldsTheKillsAskedForAndEachRoundHitsEachTargetOnce() {
        List<Fault> faults = Plan.ofSeed(7, 50, false, TARGETS).faults();

        assertThat(faults).filteredOn(fault -> fault.kind() == Kind.KILL).hasSize(50);
        assertThat(faults).filteredOn(fault -> fault.kind() == Kind.STOP).isNotEmpty();
        assertThat(faults).filteredOn(fault -> fault.kind() == Kind.FLUSH).isNotEmpty();
        assertThat(faults).noneMatch(fault -> fault.lasts().compareTo(Duration.ofSeconds(5)) > 0);
        assertThat(faults.subList(0, 4).stream().map(Fault::target).collect(Collectors.toSet()))
                .isEqualTo(TARGETS);
    }

    @Test
    void longStopsAreThereIfWanted() {
        assertThat(Plan.ofSeed(7, 200, true, TARGETS).faults())
                .anyMatch(fault -> fault.lasts().equals(Duration.ofSeconds(60)));
    }

    @Test
    void aRoundOfStopsHitsEachTargetOnceForAsLongAsIsSaid() {
        assertThat(Plan.stops(List.of("a", "b"), Duration.ofSeconds(60)).faults())
                .containsExactly(
                        new Fault(Kind.STOP, "a", Duration.ofSeconds(60)),
                        new Fault(Kind.STOP, "b", Duration.ofSeconds(60)));
    }

    @Test
    void eachTargetIsAwayOnceForAsLongAsIsSaid() {
        assertThat(Plan.away(List.of("a", "b"), Duration.ofSeconds(60)).faults())
                .containsExactly(
                        new Fault(Kind.AWAY, "a", Duration.ofSeconds(60)),
                        new Fault(Kind.AWAY, "b", Duration.ofSeconds(60)));
    }

    @Test
    void aRoundOfKillsHitsEachTargetOnce() {
        assertThat(Plan.kills(List.of("a", "b")).faults())
                .containsExactly(new Fault(Kind.KILL, "a", Duration.ZERO), new Fault(Kind.KILL, "b", Duration.ZERO));
    }

    @Test
    void onePartMayBeKilledAgainAndAgain() {
        assertThat(Plan.kills("a", 3).faults()).hasSize(3).containsOnly(new Fault(Kind.KILL, "a", Duration.ZERO));
    }
}
