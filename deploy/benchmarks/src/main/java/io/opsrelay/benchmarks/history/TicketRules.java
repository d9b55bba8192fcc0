package io.opsrelay.benchmarks.history;

import io.opsrelay.benchmarks.history.History.Entry;
import io.opsrelay.benchmarks.history.History.Ticket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A ticket's timeline is in order, without gaps and repetitions, and leads by legal steps to one end. */
final class TicketRules {

    private static final Set<String> ENDS = Set.of("resolved", "escalated", "failed", "closed");

    /** Statuses from which an event may lead on; the others change nothing. */
    private static final Map<String, Set<String>> FROM = Map.of(
            "ticket_analyzing", Set.of("received", "analyzing"),
            "approval_requested", Set.of("analyzing", "awaiting_approval", "acting"),
            "approval_granted", Set.of("analyzing", "awaiting_approval"),
            "ticket_resolved", Set.of("received", "analyzing", "awaiting_approval", "acting"),
            "ticket_escalated", Set.of("received", "analyzing", "awaiting_approval", "acting"),
            "ticket_failed", Set.of("received", "analyzing", "awaiting_approval", "acting"),
            "ticket_reopened", Set.of("resolved"),
            "ticket_retried", Set.of("failed", "escalated"));

    private static final Map<String, String> TO = Map.of(
            "ticket_analyzing", "analyzing",
            "approval_requested", "awaiting_approval",
            "approval_granted", "acting",
            "ticket_resolved", "resolved",
            "ticket_escalated", "escalated",
            "ticket_failed", "failed",
            "ticket_reopened", "received",
            "ticket_retried", "received");

    /** What people set: each entry says from what and to what. */
    private static final Set<String> BY_PEOPLE = Set.of("ticket_status_set", "ticket_merged");

    /** While an action is decided about or executed nobody settles the ticket; a closed one stays closed. */
    private static final Set<String> NOT_BY_PEOPLE = Set.of("awaiting_approval", "acting");

    /** Each of an action's events, and the one without which it cannot be. */
    private static final Map<String, String> CAUSE = Map.of(
            "action_prepared", "action_proposed",
            "approval_requested", "action_prepared",
            "approval_granted", "action_prepared",
            "approval_rejected", "approval_requested",
            "action_started", "approval_granted",
            "action_succeeded", "action_started",
            "action_outcome_unknown", "action_started");

    private static final Set<String> BACK_TO_THE_AGENT =
            Set.of("action_failed", "approval_rejected", "approval_responded", "approval_expired");

    /** An answer may be lost twice for the same reason. */
    private static final String REPEATABLE = "action_outcome_unknown";

    /** Too few to say anything about all of them. */
    private static final int FEW = 20;

    private TicketRules() {}

    /** Most of what the load asks can be answered: where not even half of it is, the rest shows nothing. */
    static List<String> violations(List<Ticket> tickets) {
        long resolved = tickets.stream()
                .filter(ticket -> ticket.status().equals("resolved"))
                .count();
        return tickets.size() < FEW || 2 * resolved >= tickets.size()
                ? List.of()
                : List.of("only %d of %d tickets were resolved: hardly anything was done"
                        .formatted(resolved, tickets.size()));
    }

    static List<String> violations(Ticket ticket) {
        List<String> violations = new ArrayList<>();
        String status = null;
        long seq = 0;
        Set<Object> told = new HashSet<>();
        Map<String, Set<String>> byAction = new HashMap<>();
        for (Entry entry : ticket.timeline()) {
            if (entry.seq() != seq + 1) {
                violations.add(of(ticket) + "entry %d follows entry %d".formatted(entry.seq(), seq));
            }
            seq = entry.seq();
            if (!entry.event().equals(REPEATABLE) && !told.add(List.of(entry.event(), entry.data()))) {
                violations.add(
                        of(ticket) + "%s was applied twice, again as entry %d".formatted(entry.event(), entry.seq()));
            }
            checkCause(ticket, entry, byAction, violations);
            status = next(ticket, status, entry, violations);
        }
        if (!ticket.status().equals(status)) {
            violations.add(
                    of(ticket) + "its status is %s, its timeline leads to %s".formatted(ticket.status(), status));
        }
        if (!ENDS.contains(ticket.status())) {
            violations.add(of(ticket) + "it has come to no end and is " + ticket.status());
        }
        return violations;
    }

    private static void checkCause(
            Ticket ticket, Entry entry, Map<String, Set<String>> byAction, List<String> violations) {
        String action = entry.data().get("action_id");
        if (action == null) {
            return;
        }
        Set<String> before = byAction.computeIfAbsent(action, id -> new HashSet<>());
        String cause = CAUSE.get(entry.event());
        if (cause != null && !before.contains(cause)) {
            violations.add(
                    of(ticket) + "%s of action %s came without %s before it".formatted(entry.event(), action, cause));
        }
        before.add(entry.event());
    }

    private static @Nullable String next(Ticket ticket, @Nullable String status, Entry entry, List<String> violations) {
        if (entry.event().equals("ticket_received") != (status == null)) {
            violations.add(of(ticket) + "%s is entry %d".formatted(entry.event(), entry.seq()));
        }
        if (entry.event().equals("ticket_received")) {
            return "received";
        }
        if (BACK_TO_THE_AGENT.contains(entry.event())) {
            return "awaiting_approval".equals(status) || "acting".equals(status) ? "analyzing" : status;
        }
        if (BY_PEOPLE.contains(entry.event())) {
            return setByPeople(ticket, status, entry, violations);
        }
        Set<String> from = FROM.get(entry.event());
        if (from == null) {
            return status;
        }
        if (status == null || !from.contains(status)) {
            violations.add(of(ticket)
                    + "%s (entry %d) cannot follow the status %s".formatted(entry.event(), entry.seq(), status));
        }
        return TO.get(entry.event());
    }

    private static @Nullable String setByPeople(
            Ticket ticket, @Nullable String status, Entry entry, List<String> violations) {
        String from = entry.data().get("from");
        String to = entry.data().get("to");
        boolean closedForGood = "closed".equals(status) && !"closed".equals(to);
        if (status == null || !status.equals(from) || NOT_BY_PEOPLE.contains(status) || closedForGood) {
            violations.add(of(ticket)
                    + "%s (entry %d) cannot lead from %s to %s".formatted(entry.event(), entry.seq(), status, to));
        }
        return to;
    }

    private static String of(Ticket ticket) {
        return "%s's ticket %s: ".formatted(ticket.client(), ticket.ticketId());
    }
}
