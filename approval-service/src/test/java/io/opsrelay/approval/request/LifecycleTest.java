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
    private static final Map<String, Object> CHANGES = Map.of("amount", "1.00");

    private static final List<ApprovalState> STATES = List.of(
            new ApprovalState.Pending(NOW.plusSeconds(1)),
            new ApprovalState.Pending(NOW),
            new ApprovalState.Approved(BY_A),
            new ApprovalState.Rejected(BY_A),
            new ApprovalState.Responded(BY_A),
            new ApprovalState.Edited(BY_A, CHANGES),
            new ApprovalState.Expired(NOW),
            new ApprovalState.Withdrawn("gone", NOW));

    private static final List<Command> COMMANDS = List.of(
            new Command.Approve(BY_A),
            new Command.Reject(BY_A),
            new Command.Respond(BY_A),
            new Command.Edit(BY_A, CHANGES),
            new Command.Approve(BY_B),
            new Command.Expire(NOW),
            new Command.Withdraw("gone", NOW));

    /** Columns as STATES: pending, lapsed, approved, rejected, responded, edited, expired, withdrawn. */
    private static final String TABLE = """
            approved  refused   same    refused refused refused refused refused
            rejected  refused   refused same    refused refused refused refused
            responded refused   refused refused same    refused refused refused
            cancelled refused   refused refused refused same    refused refused
            approved  refused   refused refused refused refused refused refused
            refused   expired   refused refused refused refused refused refused
            cancelled cancelled refused refused refused refused refused refused
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
    void anEditWithOtherArgumentsIsAnotherDecision() {
        assertThat(Lifecycle.apply(
                        new ApprovalState.Edited(BY_A, CHANGES), new Command.Edit(BY_A, Map.of("amount", "2.00"))))
                .isInstanceOf(Outcome.Refused.class);
    }

    @Test
    void aRefusalSaysWhoWasFirst() {
        assertThat(Lifecycle.apply(new ApprovalState.Rejected(BY_A), new Command.Approve(BY_B)))
                .isEqualTo(new Outcome.Refused("this request is rejected by user:a already"));
    }
}
