package io.opsrelay.ingestion.ticket;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class DeskRulesTest {

    /** What people and customers may do: yes, or a dot. */
    private static final String TABLE = """
            now                set_received set_analyzing set_awaiting_approval set_acting set_resolved set_escalated set_failed set_closed retry be_merged reply
            received           .            .             .                     .          yes          yes           .          yes        .     yes       added
            analyzing          .            .             .                     .          yes          yes           .          yes        .     yes       added
            awaiting_approval  .            .             .                     .          .            .             .          .          .     .         added
            acting             .            .             .                     .          .            .             .          .          .     .         added
            resolved           .            .             .                     .          .            yes           .          yes        .     yes       reopens
            escalated          .            .             .                     .          yes          .             .          yes        yes   yes       added
            failed             .            .             .                     .          yes          yes           .          yes        yes   yes       added
            closed             .            .             .                     .          .            .             .          .          .     yes       opens_another
            """;

    @TestFactory
    Stream<DynamicTest> everyCellOfTheTableHolds() {
        List<String> lines = TABLE.lines().toList();
        List<String> columns = cells(lines.getFirst());
        return lines.stream().skip(1).map(DeskRulesTest::cells).flatMap(row -> columns.stream()
                .skip(1)
                .map(column -> DynamicTest.dynamicTest(column + " when " + row.getFirst(), () -> assertThat(
                                cell(TicketStatus.of(row.getFirst()), column))
                        .isEqualTo(row.get(columns.indexOf(column))))));
    }

    @Test
    void theTableHasARowForEveryStatus() {
        assertThat(TABLE.lines().skip(1).map(line -> cells(line).getFirst()))
                .containsExactly(Arrays.stream(TicketStatus.values())
                        .map(TicketStatus::wireName)
                        .toArray(String[]::new));
    }

    @Test
    void aRefusalSaysWhatMayBeSet() {
        assertThat(DeskRules.refusal(TicketStatus.ESCALATED, TicketStatus.ESCALATED))
                .isEqualTo("the ticket is escalated and cannot be set to escalated, only to resolved or closed");
        assertThat(DeskRules.refusal(TicketStatus.ACTING, TicketStatus.CLOSED))
                .contains("an action of the ticket is under way");
        assertThat(DeskRules.refusal(TicketStatus.CLOSED, TicketStatus.RESOLVED))
                .contains("for good");
    }

    private static String cell(TicketStatus now, String column) {
        return switch (column) {
            case "retry" -> DeskRules.mayRetry(now) ? "yes" : ".";
            case "be_merged" -> DeskRules.mayBeMerged(now) ? "yes" : ".";
            case "reply" -> DeskRules.ofReply(now).name().toLowerCase(Locale.ROOT);
            default -> {
                Set<TicketStatus> settable = DeskRules.settable(now);
                yield settable.contains(TicketStatus.of(column.substring("set_".length()))) ? "yes" : ".";
            }
        };
    }

    private static List<String> cells(String line) {
        return Arrays.asList(line.strip().split("\\s+"));
    }
}
