package io.opsrelay.benchmarks.history;

import io.opsrelay.benchmarks.history.History.Entry;
import io.opsrelay.benchmarks.history.History.Run;
import io.opsrelay.benchmarks.history.History.Said;
import io.opsrelay.benchmarks.history.History.Ticket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The agent takes up a ticket once, and once more whenever it is given to it again, comes to an end, says each thing once, and each call of a model has one result. */
final class RunRules {

    private static final Set<String> ENDS = Set.of("resolved", "escalated", "failed");

    /** What gives a ticket to the agent once more. */
    private static final Set<String> AGAIN = Set.of("ticket_reopened", "ticket_retried");

    private RunRules() {}

    static List<String> violations(History history) {
        List<String> violations = new ArrayList<>();
        Map<String, List<Run>> byTicket = history.runs().stream().collect(Collectors.groupingBy(Run::ticketId));
        for (Ticket ticket : history.tickets()) {
            int runs = byTicket.getOrDefault(ticket.ticketId(), List.of()).size();
            long wanted = 1
                    + ticket.timeline().stream()
                            .filter(entry -> AGAIN.contains(entry.event()))
                            .count();
            if (runs != wanted) {
                violations.add("%s's ticket %s: the agent took it up %d times instead of %d"
                        .formatted(ticket.client(), ticket.ticketId(), runs, wanted));
            }
            checkReplies(ticket, violations);
        }
        for (Run run : history.runs()) {
            if (!ENDS.contains(run.status())) {
                violations.add(of(run) + "it has come to no end and is " + run.status());
            }
            checkCalls(run, violations);
        }
        return violations;
    }

    private static void checkReplies(Ticket ticket, List<String> violations) {
        Map<String, Integer> replies = new HashMap<>();
        for (Entry entry : ticket.timeline()) {
            if (entry.event().equals("reply_drafted")) {
                replies.merge(
                        "%s in run %s"
                                .formatted(
                                        entry.data().get("kind"), entry.data().get("run_id")),
                        1,
                        Integer::sum);
            }
        }
        replies.forEach((reply, times) -> {
            if (times > 1) {
                violations.add("%s's ticket %s: %d replies of the kind %s"
                        .formatted(ticket.client(), ticket.ticketId(), times, reply));
            }
        });
    }

    /** The calls of the last answer end the run: they may be left without a result. */
    private static void checkCalls(Run run, List<String> violations) {
        Set<String> open = new HashSet<>();
        Set<String> made = new HashSet<>();
        for (Said said : run.messages()) {
            if (said.answers() != null && !open.remove(said.answers())) {
                violations.add(of(run)
                        + (made.contains(said.answers())
                                ? "call %s has two results".formatted(said.answers())
                                : "a result answers call %s, which nobody made".formatted(said.answers())));
            }
            if (!said.calls().isEmpty()) {
                if (!open.isEmpty()) {
                    violations.add(of(run) + "the model was asked on without results of " + open);
                }
                for (String call : said.calls()) {
                    if (!made.add(call)) {
                        violations.add(of(run) + "call %s was made twice".formatted(call));
                    }
                }
                open = new HashSet<>(said.calls());
            }
        }
    }

    private static String of(Run run) {
        return "%s's run %s of ticket %s: ".formatted(run.client(), run.runId(), run.ticketId());
    }
}
