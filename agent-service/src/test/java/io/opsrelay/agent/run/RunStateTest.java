package io.opsrelay.agent.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.agent.run.RunState.Finished;
import io.opsrelay.agent.run.RunState.Parked;
import io.opsrelay.agent.run.RunState.Queued;
import io.opsrelay.agent.run.RunState.Step;
import io.opsrelay.agent.run.RunState.Working;
import io.opsrelay.contracts.RunEvent.Outcome;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RunStateTest {

    private static final UUID ACTION = UUID.randomUUID();
    private static final RunState QUEUED = new Queued();
    private static final RunState WORKING = new Working();
    private static final RunState PARKED = new Parked(ACTION);
    private static final RunState FINISHED = new Finished(Outcome.RESOLVED);
    private static final Step BEGIN = new Step.Begin();
    private static final Step PARK = new Step.Park(ACTION);
    private static final Step STOP = new Step.Stop();
    private static final RunState STOPPED = new Finished(Outcome.ESCALATED);
    private static final Step FAIL = new Step.Fail();
    private static final RunState FAILED = new Finished(Outcome.FAILED);
    private static final Step FINISH = new Step.Finish(Outcome.RESOLVED);

    static Stream<Arguments> table() {
        return Stream.of(
                Arguments.of(QUEUED, BEGIN, WORKING),
                Arguments.of(QUEUED, PARK, null),
                Arguments.of(QUEUED, FINISH, null),
                Arguments.of(WORKING, BEGIN, WORKING),
                Arguments.of(WORKING, PARK, PARKED),
                Arguments.of(WORKING, FINISH, FINISHED),
                Arguments.of(PARKED, BEGIN, null),
                Arguments.of(PARKED, PARK, null),
                Arguments.of(PARKED, FINISH, FINISHED),
                Arguments.of(QUEUED, STOP, STOPPED),
                Arguments.of(WORKING, STOP, STOPPED),
                Arguments.of(PARKED, STOP, null),
                Arguments.of(FINISHED, STOP, null),
                Arguments.of(QUEUED, FAIL, FAILED),
                Arguments.of(WORKING, FAIL, FAILED),
                Arguments.of(PARKED, FAIL, FAILED),
                Arguments.of(FINISHED, FAIL, null),
                Arguments.of(FINISHED, BEGIN, null),
                Arguments.of(FINISHED, PARK, null),
                Arguments.of(FINISHED, FINISH, null));
    }

    @ParameterizedTest
    @MethodSource("table")
    void fromEachStateEachStepLeadsWhereTheTableSaysOrNowhere(RunState from, Step step, RunState to) {
        assertThat(from.after(step)).isEqualTo(Optional.ofNullable(to));
    }
}
