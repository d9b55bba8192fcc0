package io.opsrelay.approval.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.approval.request.ApprovalState.Decision;
import io.opsrelay.approval.request.Lifecycle.Outcome;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every cell of the table, the forbidden ones too. */
class LifecycleTest {

    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
    private static final Decision BY_A = new Decision("user:a", "because", NOW);
    private static final Decision BY_B = new Decision("user:b", "because", NOW);
    private static final Decision BY_C = new Decision("user:c", "because", NOW);
    private static final Map<String, Object> CHANGES = Map.of("amount", "1.00");

    private static final List<ApprovalState> STATES = List.of(
            new ApprovalState.Pending(NOW.plusSeconds(1), 1, List.of()),
            new ApprovalState.Pending(NOW, 1, List.of()),
            new ApprovalState.Pending(NOW.plusSeconds(1), 2, List.of(BY_A)),
            new ApprovalState.Approved(BY_A, List.of(BY_A)),
            new ApprovalState.Approved(BY_C, List.of(BY_A, BY_C)),
            new ApprovalState.Rejected(BY_A, List.of()),
            new ApprovalState.Responded(BY_A, List.of()),
            new ApprovalState.Edited(BY_A, CHANGES, List.of()),
            new ApprovalState.Expired(NOW, List.of()),
            new ApprovalState.Withdrawn("gone", NOW, List.of()));

    private static final List<Command> COMMANDS = List.of(
            new Command.Approve(BY_A),
            new Command.Reject(BY_A),
            new Command.Respond(BY_A),
            new Command.Edit(BY_A, CHANGES),
            new Command.Approve(BY_B),
            new Command.Expire(NOW),
            new Command.Withdraw("gone", NOW));

    /**
     * Columns as STATES: pending, lapsed, pending with one of two votes, approved, approved by two, rejected, responded,
     * edited, expired, withdrawn.
     */
    private static final String TABLE = """
        approved  refused   same      same    same    refused refused refused refused refused
        rejected  refused   rejected  refused refused same    refused refused refused refused
        responded refused   responded refused refused refused same    refused refused refused
        cancelled refused   cancelled refused refused refused refused same    refused refused
        approved  refused   approved  refused refused refused refused refused refused refused
        refused   expired   refused   refused refused refused refused refused refused refused
        cancelled cancelled cancelled refused refused refused refused refused refused refused
        """;

    static Stream<Arguments> cells() {
        List<String[]> rows = TABLE.lines().map(line -> line.trim().split(" +")).toList();
        Stream.Builder<Arguments> cells = Stream.builder();
        for (int command = 0; command < COMMANDS.size(); command++) {
            for (int state = 0; state < STATES.size(); state++) {
                cells.add(Arguments.of(STATES.get(state), COMMANDS.get(command), rows.get(command)[state]));
            }
        }
        return cells.build();
    }

    @ParameterizedTest
    @MethodSource("cells")
    void everyCellOfTheTable(ApprovalState state, Command command, String expected) {
        String outcome =
                switch (Lifecycle.apply(state, command)) {
                    case Outcome.Moved moved -> moved.to().status().name().toLowerCase(Locale.ROOT);
                    case Outcome.Repeated repeated -> "same";
                    case Outcome.Refused refused -> "refused";
                };

        assertThat(outcome).isEqualTo(expected);
    }

    @Test
    void oneYesOfThreeLeavesTwoToWaitFor() {
        Outcome first =
                Lifecycle.apply(new ApprovalState.Pending(NOW.plusSeconds(1), 3, List.of()), new Command.Approve(BY_A));
        assertThat(first).isEqualTo(new Outcome.Moved(new ApprovalState.Pending(NOW.plusSeconds(1), 3, List.of(BY_A))));

        Outcome second = Lifecycle.apply(((Outcome.Moved) first).to(), new Command.Approve(BY_B));
        assertThat(Lifecycle.apply(((Outcome.Moved) second).to(), new Command.Approve(BY_B)))
                .isInstanceOf(Outcome.Repeated.class);
        assertThat(Lifecycle.apply(((Outcome.Moved) second).to(), new Command.Approve(BY_C)))
                .isEqualTo(new Outcome.Moved(new ApprovalState.Approved(BY_C, List.of(BY_A, BY_B, BY_C))));
    }

    @Test
    void anEditWithOtherArgumentsIsAnotherDecision() {
        assertThat(Lifecycle.apply(
                        new ApprovalState.Edited(BY_A, CHANGES, List.of()),
                        new Command.Edit(BY_A, Map.of("amount", "2.00"))))
                .isInstanceOf(Outcome.Refused.class);
    }

    @Test
    void aRefusalSaysWhoWasFirst() {
        assertThat(Lifecycle.apply(new ApprovalState.Rejected(BY_A, List.of()), new Command.Approve(BY_B)))
                .isEqualTo(new Outcome.Refused("this request is rejected by user:a already"));
    }
}
