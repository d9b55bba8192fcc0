package io.opsrelay.benchmarks.actions;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.messaging.Failpoint;
import java.util.List;
import org.junit.jupiter.api.Test;

class KillTest {

    @Test
    void aRoundHasEachPointOnceAndTheNextAgain() {
        List<Kill> plan = Kill.ofSeed(21, 2 * Kill.ROUND);

        assertThat(plan.subList(0, Kill.ROUND)).extracting(Kill::point).containsExactlyInAnyOrder(Failpoint.values());
        assertThat(plan.subList(Kill.ROUND, plan.size()))
                .extracting(Kill::point)
                .containsExactlyInAnyOrder(Failpoint.values());
    }

    @Test
    void oneSeedIsOnePlan() {
        assertThat(Kill.ofSeed(7, 30)).isEqualTo(Kill.ofSeed(7, 30)).isNotEqualTo(Kill.ofSeed(8, 30));
    }
}
