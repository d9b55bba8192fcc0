package io.opsrelay.agent.run;

import io.opsrelay.agent.owntool.Told;
import io.opsrelay.agent.privacy.Redactor;
import io.opsrelay.agent.tool.Call;
import io.opsrelay.agent.tool.Tool;
import io.opsrelay.contracts.RunEvent.ToolCall;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What one answer of a model had tools look up, as it is told to people. */
final class ToolCalls {

    /** Outcome of a call that was not made. */
    static final String REFUSED = "refused";

    /** Outcome of a call that nobody answered. */
    static final String FAILED = "failed";

    private static final int LONGEST_VALUE = 500;

    /** What a model writes goes to everybody who may read the ticket, so it is read once more. */
    private static final Redactor REDACTOR = Redactor.shipped();

    private final List<ToolCall> calls = new ArrayList<>();

    void searched(String query, int passages, double millis) {
        add(
                Tool.SEARCH_KNOWLEDGE_BASE.code(),
                Map.of("query", query),
                passages == 0 ? "nothing_found" : "answered",
                passages == 0 ? null : passages == 1 ? "1 passage" : passages + " passages",
                millis);
    }

    /** What an order is like stands in the transcript; here that it was told. */
    void lookedUp(String orderId, Told found) {
        add(
                Tool.CHECK_ORDER_STATUS.code(),
                Map.of("order_id", orderId),
                found.kind() == Told.Kind.FAILED ? FAILED : "answered",
                found.kind() == Told.Kind.FAILED ? found.text() : null,
                (double) found.millis());
    }

    void asked(Call.Ask ask, Told found) {
        add(
                ask.tool().code(),
                ask.arguments(),
                switch (found.kind()) {
                    case ANSWER -> "answered";
                    case DECLINED -> "declined";
                    case FAILED -> FAILED;
                },
                found.status(),
                (double) found.millis());
    }

    void refused(@Nullable String tool, Map<String, Object> arguments, String reason) {
        add(tool == null || tool.isBlank() ? "unknown" : tool, arguments, REFUSED, reason, null);
    }

    /** Tells of them, if there are any. In the run's transaction. */
    void tell(Announcements announcements, Run run, int answer) {
        if (!calls.isEmpty()) {
            announcements.called(run, answer, calls);
        }
    }

    private void add(
            String tool,
            Map<String, Object> arguments,
            String outcome,
            @Nullable String detail,
            @Nullable Double millis) {
        Map<String, Object> shown = new LinkedHashMap<>();
        arguments.forEach((name, value) -> shown.put(shown(name), value instanceof String text ? shown(text) : value));
        calls.add(new ToolCall(shown(tool), shown, outcome, detail == null ? null : shown(detail), millis));
    }

    private static String shown(String text) {
        String redacted = REDACTOR.redact(text).text();
        if (redacted.length() <= LONGEST_VALUE) {
            return redacted;
        }
        int end = Character.isHighSurrogate(redacted.charAt(LONGEST_VALUE - 1)) ? LONGEST_VALUE - 1 : LONGEST_VALUE;
        return redacted.substring(0, end) + "...";
    }
}
