package io.opsrelay.action.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.action.execution.ActionState.Edit;
import io.opsrelay.action.execution.ActionState.Status;
import java.time.Instant;
import java.util.Arrays;
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
    private static final Instant UNTIL = Instant.parse("2026-11-26T10:15:00Z");
    private static final Edit EDIT = new Edit(Map.of("amount", "1.00"), "user:a");

    private static final List<ActionState> STATES = List.of(
            new ActionState.Requested(null),
            new ActionState.Prepared(),
            new ActionState.AwaitingApproval(APPROVAL),
            new ActionState.Approved(APPROVAL, "user:a", UNTIL),
            new ActionState.Executing(1),
            new ActionState.Unknown(1, "lost"),
            new ActionState.Settling(1, Map.of()),
            new ActionState.Succeeded(Map.of()),
            new ActionState.Failed("code", "reason"),
            new ActionState.Rejected("user:a", "no"),
            new ActionState.Expired(),
            new ActionState.Cancelled("user:a", "no"));

    private static final List<Change> CHANGES = List.of(
            new Change.Prepare(),
            new Change.RefusePreparation("order_not_found", "none"),
            new Change.RefuseEdit("too much"),
            new Change.AskApproval(APPROVAL),
            new Change.EditArguments(APPROVAL, EDIT),
            new Change.Reject(APPROVAL, "user:a", "no"),
            new Change.Expire(APPROVAL),
            new Change.Approve(APPROVAL, "user:a", UNTIL),
            new Change.MissApproval(APPROVAL),
            new Change.Withdraw(APPROVAL, "the ticket went on"),
            new Change.Cancel("user:a", "no"),
            new Change.BeBarred("kill_switch", new Change.Guardrail("kill_switch", 0)),
            new Change.LoseType(),
            new Change.Begin(),
            new Change.Accept(Map.of("status", "pending")),
            new Change.Succeed(Map.of()),
            new Change.BeRefused("amount_too_large", "no"),
            new Change.LoseAnswer("lost"),
            new Change.Settle("user:a", true, "seen there"),
            new Change.Settle("user:a", false, "not there"));

    /** Rows as CHANGES, columns as STATES; a dot is forbidden. */
    private static final String TABLE = """
            prepared . . . . . . . . . . .
            failed . . . . . . . . . . .
            . . . . . . . . . . . .
            . awaiting_approval . . . . . . . . . .
            . requested requested . . . . . . . . .
            . rejected rejected . . . . . . . . .
            . expired expired . . . . . . . . .
            . approved approved . . . . . . . . .
            . failed failed failed . . . . . . . .
            cancelled cancelled cancelled . . . . . . . . .
            cancelled cancelled cancelled cancelled . . . . . . . .
            . . . failed . failed . . . . . .
            . . . failed . . . . . . . .
            . . . executing . executing . . . . . .
            . . . . settling settling settling . . . . .
            . . . . succeeded succeeded succeeded . . . . .
            . . . . failed failed failed . . . . .
            . . . . unknown . . . . . . .
            . . . . . succeeded succeeded . . . . .
            . . . . . failed failed . . . . .
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
                        new Change.Approve(other, "user:a", UNTIL),
                        new Change.MissApproval(other),
                        new Change.Withdraw(other, "the ticket went on")))
                .allSatisfy(
                        change -> assertThat(Lifecycle.next(awaiting, change)).isNull());
    }

    @Test
    void onlyAnEditCanBeRefusedAndLeadsBackToWhatWasPrepared() {
        assertThat(Lifecycle.next(new ActionState.Requested(EDIT), new Change.RefuseEdit("too much")))
                .isEqualTo(new ActionState.Prepared());
    }

    @Test
    void eachAttemptIsCounted() {
        assertThat(Lifecycle.next(new ActionState.Unknown(3, "lost"), new Change.Begin()))
                .isEqualTo(new ActionState.Executing(4));
        assertThat(Lifecycle.next(new ActionState.Executing(4), new Change.LoseAnswer("again")))
                .isEqualTo(new ActionState.Unknown(4, "again"));
    }

    @Test
    void whatIsAskedAfterKeepsItsAttempt() {
        assertThat(Lifecycle.next(new ActionState.Unknown(3, "lost"), new Change.Accept(Map.of("id", "re_1"))))
                .isEqualTo(new ActionState.Settling(3, Map.of("id", "re_1")));
        assertThat(Lifecycle.next(new ActionState.Settling(3, Map.of()), new Change.Accept(Map.of("id", "re_1"))))
                .isEqualTo(new ActionState.Settling(3, Map.of("id", "re_1")));
    }

    @Test
    void everyStatusHasAState() {
        assertThat(STATES).extracting(ActionState::status).containsExactlyInAnyOrder(Status.values());
    }
}
