package io.opsrelay.action.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.action.execution.ActionState.Edit;
import io.opsrelay.action.execution.ActionState.Status;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every cell of the table, the forbidden ones too. */
class LifecycleTest {

    private static final UUID APPROVAL = UUID.randomUUID();
    private static final Edit EDIT = new Edit(Map.of("amount", "1.00"), "user:a");

    private static final List<ActionState> STATES = List.of(
            new ActionState.Requested(null),
            new ActionState.Prepared(),
            new ActionState.AwaitingApproval(APPROVAL),
            new ActionState.Approved(APPROVAL, "user:a"),
            new ActionState.Executing(1),
            new ActionState.Unknown(1, "lost"),
            new ActionState.Succeeded(Map.of()),
            new ActionState.Failed("code", "reason"),
            new ActionState.Rejected("user:a", "no"),
            new ActionState.Expired());

    private static final List<Change> CHANGES = List.of(
            new Change.Prepare(),
            new Change.RefusePreparation("order_not_found", "none"),
            new Change.AskApproval(APPROVAL),
            new Change.EditArguments(APPROVAL, EDIT),
            new Change.Reject(APPROVAL, "user:a", "no"),
            new Change.Expire(APPROVAL),
            new Change.Approve(APPROVAL, "user:a"),
            new Change.MissApproval(APPROVAL),
            new Change.Begin(),
            new Change.Succeed(Map.of()),
            new Change.BeRefused("amount_too_large", "no"),
            new Change.LoseAnswer("lost"));

    /** Rows as CHANGES, columns as STATES; a dot is forbidden. */
    private static final String TABLE = """
            prepared . . . . . . . . .
            failed . . . . . . . . .
            . awaiting_approval . . . . . . . .
            . requested requested . . . . . . .
            . rejected rejected . . . . . . .
            . expired expired . . . . . . .
            . approved approved . . . . . . .
            . failed failed . . . . . . .
            . . . executing . executing . . . .
            . . . . succeeded succeeded . . . .
            . . . . failed . . . . .
            . . . . unknown . . . . .
            """;

    static Stream<Arguments> cells() {
        List<String[]> rows = TABLE.lines().map(line -> line.trim().split(" ")).toList();
        Stream.Builder<Arguments> cells = Stream.builder();
        for (int change = 0; change < CHANGES.size(); change++) {
            for (int state = 0; state < STATES.size(); state++) {
                cells.add(Arguments.of(STATES.get(state), CHANGES.get(change), rows.get(change)[state]));
            }
        }
        return cells.build();
    }

    @ParameterizedTest
    @MethodSource("cells")
    void everyCellOfTheTable(ActionState state, Change change, String expected) {
        ActionState next = Lifecycle.next(state, change);

        assertThat(next == null ? "." : next.status().wireName()).isEqualTo(expected);
    }

    @Test
    void theTableKnowsEveryStateAndEveryChange() {
        assertThat(STATES).extracting(Object::getClass).containsAll(leaves(ActionState.class));
        assertThat(CHANGES).extracting(Object::getClass).containsAll(leaves(Change.class));
    }

    private static List<Class<?>> leaves(Class<?> family) {
        return Arrays.<Class<?>>stream(family.getPermittedSubclasses()).toList();
    }

    @Test
    void whatAnotherApprovalDecidesIsNotForThisAction() {
        ActionState awaiting = new ActionState.AwaitingApproval(APPROVAL);
        UUID other = UUID.randomUUID();

        assertThat(Stream.of(
                        new Change.EditArguments(other, EDIT),
                        new Change.Reject(other, "user:a", "no"),
                        new Change.Expire(other),
                        new Change.Approve(other, "user:a"),
                        new Change.MissApproval(other)))
                .allSatisfy(
                        change -> assertThat(Lifecycle.next(awaiting, change)).isNull());
    }

    @Test
    void eachAttemptIsCounted() {
        assertThat(Lifecycle.next(new ActionState.Unknown(3, "lost"), new Change.Begin()))
                .isEqualTo(new ActionState.Executing(4));
        assertThat(Lifecycle.next(new ActionState.Executing(4), new Change.LoseAnswer("again")))
                .isEqualTo(new ActionState.Unknown(4, "again"));
    }

    @Test
    void everyStatusHasAStateButTheReservedOne() {
        Map<Status, ActionState> byStatus = new LinkedHashMap<>();
        STATES.forEach(state -> byStatus.put(state.status(), state));

        assertThat(Status.values())
                .filteredOn(status -> !byStatus.containsKey(status))
                .containsExactly(Status.CANCELLED);
    }
}
