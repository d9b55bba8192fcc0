package io.opsrelay.benchmarks.runs;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the agent has to say about each ticket, and has said: each ticket is begun, classified, answered with its own number
 * and completed, once and in this order.
 */
final class RunBooks {

    private static final List<String> ORDER = List.of(
            "io.opsrelay.run.started.v1",
            "io.opsrelay.ticket.classified.v1",
            "io.opsrelay.run.tools_called.v1",
            "io.opsrelay.ticket.reply_drafted.v1",
            "io.opsrelay.run.completed.v1");

    private static final JsonMapper JSON = JsonMapper.shared();

    private final Map<String, Page> pages = new HashMap<>();
    private final List<String> wrong = new ArrayList<>();
    private final Map<String, Integer> otherEnds = new HashMap<>();
    private long completed;

    /** A ticket was written. */
    void written(String ticket, long number) {
        pages.put(ticket, new Page(number));
    }

    /** The agent said something; of tickets that are not in these books nothing is noted. */
    void seen(String ticket, String type, byte[] data) {
        Page page = pages.get(ticket);
        if (page == null) {
            return;
        }
        String due = page.said < ORDER.size() ? ORDER.get(page.said) : null;
        if (!type.equals(due)) {
            wrong.add(ticket + ": " + type + " instead of " + (due == null ? "nothing more" : due));
            return;
        }
        page.said++;
        if (page.said == ORDER.size()) {
            completed++;
            end(ticket, page, JSON.readTree(new String(data, StandardCharsets.UTF_8)));
        }
    }

    private void end(String ticket, Page page, JsonNode completion) {
        String outcome = completion.path("outcome").asString("");
        if (!outcome.equals("resolved")) {
            otherEnds.merge(outcome + ": " + completion.path("reason").asString(""), 1, Integer::sum);
        } else if (!completion.path("reply").asString("").contains(" number " + page.number + ".")) {
            wrong.add(ticket + " was not answered with its number " + page.number);
        }
    }

    /** Tickets whose runs are completed. */
    long completed() {
        return completed;
    }

    /** Tickets that were written and are not completed. */
    long missing() {
        return pages.values().stream().filter(page -> page.said < ORDER.size()).count();
    }

    /** What was said twice, too early, or on the wrong ticket. */
    List<String> wrong() {
        return List.copyOf(wrong);
    }

    /** How many ended otherwise than resolved, by why. */
    Map<String, Integer> otherEnds() {
        return Map.copyOf(otherEnds);
    }

    /** A ticket's. */
    private static final class Page {
        private final long number;
        private int said;

        Page(long number) {
            this.number = number;
        }
    }
}
