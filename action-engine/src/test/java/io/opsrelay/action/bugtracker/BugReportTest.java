package io.opsrelay.action.bugtracker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opsrelay.contracts.TicketEvent.Customer;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class BugReportTest {

    private static final Customer MARY = new Customer(UUID.randomUUID(), "Mary.Major@example.org", true);

    @Test
    void addressesThatWereLeftInAreTakenOut() {
        BugReport report = BugReport.from(
                Map.of(
                        "title",
                        "mary.major@example.org cannot\nexport",
                        "description",
                        "Ask x@y.example or MARY.MAJOR@EXAMPLE.ORG"),
                MARY);

        assertThat(report).isEqualTo(new BugReport("[e-mail] cannot export", "Ask [e-mail] or [e-mail]", "normal"));
    }

    @Test
    void whatIsPreparedReadsAsItself() {
        BugReport report = BugReport.from(
                Map.of("title", "a  b\u202e", "description", " c\r\n\r\nd ", "priority", "urgent"), MARY);

        assertThat(BugReport.from(report.arguments(), null)).isEqualTo(report);
    }

    @Test
    void badInputIsRefusedWithItsReason() {
        assertRefused(Map.of("description", "y"), "title must be a text that is not empty");
        assertRefused(Map.of("title", " ", "description", "y"), "title must be a text that is not empty");
        assertRefused(Map.of("title", 7, "description", "y"), "title must be a text that is not empty");
        assertRefused(Map.of("title", "x".repeat(201), "description", "y"), "title must have at most 200 characters");
        assertRefused(
                Map.of("title", "x", "description", "y".repeat(8_001)),
                "description must have at most 8000 characters");
        assertRefused(
                Map.of("title", "x", "description", "y", "priority", "asap"),
                "priority must be one of low, normal, high, urgent");
        assertRefused(Map.of("title", "x", "description", "y", "repo", "z"), "repo is no argument of a bug report");
    }

    private static void assertRefused(Map<String, Object> arguments, String reason) {
        assertThatThrownBy(() -> BugReport.from(arguments, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(reason);
    }
}
