package io.opsrelay.benchmarks.faults;

import io.opsrelay.benchmarks.history.FeedLog;
import io.opsrelay.benchmarks.history.History;
import io.opsrelay.benchmarks.history.History.Action;
import io.opsrelay.benchmarks.history.History.Approval;
import io.opsrelay.benchmarks.history.History.Dashboard;
import io.opsrelay.benchmarks.history.History.Effect;
import io.opsrelay.benchmarks.history.History.Entry;
import io.opsrelay.benchmarks.history.History.Run;
import io.opsrelay.benchmarks.history.History.Said;
import io.opsrelay.benchmarks.history.History.Step;
import io.opsrelay.benchmarks.history.History.Ticket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** How the system stands when it has come to rest, read through its public API. */
final class Aftermath {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long POLL_MILLIS = 500;
    private static final int TOGETHER = 8;
    private static final List<String> OPEN_TICKETS = List.of("received", "analyzing", "awaiting_approval", "acting");
    private static final List<String> OPEN_ACTIONS =
            List.of("requested", "prepared", "awaiting_approval", "approved", "executing", "unknown", "settling");

    private final Collection<Caller> admins;
    private final String run;
    private final Instant began;
    private final ExecutorService threads;

    Aftermath(Collection<Caller> admins, String run, Instant began, ExecutorService threads) {
        this.admins = admins;
        this.run = run;
        this.began = began;
        this.threads = threads;
    }

    /** Waits until nothing is under way; false if something still is after the limit. */
    boolean awaitRest(Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (System.nanoTime() - end < 0) {
            if (isAtRest()) {
                return true;
            }
            Thread.sleep(POLL_MILLIS);
        }
        return false;
    }

    private boolean isAtRest() throws InterruptedException {
        for (Caller admin : admins) {
            for (String status : OPEN_TICKETS) {
                if (any(admin, "/api/v1/tickets?limit=1&status=" + status)) {
                    return false;
                }
            }
            for (String status : OPEN_ACTIONS) {
                if (any(admin, "/api/v1/actions?limit=1&status=" + status)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Whether there is something of this run (the newest stands first), or nobody can say. */
    private boolean any(Caller admin, String path) throws InterruptedException {
        Caller.Reply reply = admin.get(path);
        JsonNode newest = reply.json().path("items").path(0);
        return reply.status() != 200 || (!newest.isMissingNode() && isOfThisRun(newest));
    }

    private boolean isOfThisRun(JsonNode item) {
        return !Instant.parse(text(item, "created_at")).isBefore(began);
    }

    /** Adds to what was recorded how everything ended. */
    History read(Journal journal, Eyes eyes, List<Screen> screens, Poison poison, FeedLog feed)
            throws InterruptedException {
        List<Ticket> tickets = new ArrayList<>();
        List<Run> runs = new ArrayList<>();
        List<Approval> approvals = new ArrayList<>();
        List<Action> actions = new ArrayList<>();
        List<Effect> effects = new ArrayList<>();
        for (Caller admin : admins) {
            String client = admin.client();
            for (Worked worked : tickets(admin)) {
                tickets.add(worked.ticket());
                runs.addAll(worked.runs());
            }
            for (JsonNode approval : admin.all("/api/v1/approvals", PATIENCE)) {
                String id = text(approval, "approval_id");
                approvals.add(new Approval(
                        client, id, text(approval, "action_id"), text(approval, "status"), journal.decision(id)));
            }
            Set<String> olderKeys = new HashSet<>();
            for (JsonNode action : admin.all("/api/v1/actions", PATIENCE)) {
                if (isOfThisRun(action)) {
                    actions.add(action(client, action));
                } else {
                    olderKeys.add("opsrelay-" + text(action, "action_id"));
                }
            }
            admin.all("/api/v1/sandbox/payments", PATIENCE).forEach(payment -> effects(client, payment).stream()
                    .filter(effect -> !olderKeys.contains(effect.idempotencyKey()))
                    .forEach(effects::add));
        }
        Map<String, String> owners = new HashMap<>();
        tickets.forEach(ticket -> owners.put(ticket.ticketId(), ticket.client()));
        approvals.forEach(approval -> owners.put(approval.approvalId(), approval.client()));
        actions.forEach(action -> owners.put(action.actionId(), action.client()));
        return new History(
                journal.load(),
                journal.posts(),
                tickets,
                approvals,
                actions,
                effects,
                dashboards(screens),
                eyes.foreign(owners),
                journal.poison(),
                poison.deadLetters(),
                runs,
                feed.read());
    }

    static List<Dashboard> dashboards(List<Screen> screens) {
        return screens.stream().map(Screen::dashboard).toList();
    }

    /** A ticket and what the agent did about it. */
    private record Worked(Ticket ticket, List<Run> runs) {}

    /** The run's tickets, each with its timeline and the agent's runs. */
    private List<Worked> tickets(Caller admin) throws InterruptedException {
        List<String> ids = new ArrayList<>();
        for (JsonNode item : admin.all("/api/v1/tickets", PATIENCE)) {
            if (isOfThisRun(item)) {
                ids.add(text(item, "ticket_id"));
            }
        }
        List<Worked> tickets = new ArrayList<>();
        for (int from = 0; from < ids.size(); from += TOGETHER) {
            List<Future<@Nullable Worked>> futures = new ArrayList<>();
            for (String id : ids.subList(from, Math.min(ids.size(), from + TOGETHER))) {
                futures.add(threads.submit(() -> ticket(admin, id)));
            }
            for (Future<@Nullable Worked> future : futures) {
                Worked ticket = result(future);
                if (ticket != null) {
                    tickets.add(ticket);
                }
            }
        }
        return tickets;
    }

    private static @Nullable Worked result(Future<@Nullable Worked> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /** Null if it is not of this run. */
    private @Nullable Worked ticket(Caller admin, String id) throws InterruptedException {
        JsonNode ticket = admin.insist("/api/v1/tickets/" + id, PATIENCE);
        String key = text(ticket.path("metadata"), "wish");
        if (!key.startsWith(run + "-")) {
            return null;
        }
        List<Entry> timeline = new ArrayList<>();
        for (JsonNode entry : ticket.path("timeline")) {
            Map<String, String> data = new HashMap<>();
            entry.path("data").forEachEntry((name, value) -> data.put(name, value.toString()));
            for (String name : List.of("action_id", "run_id")) {
                if (entry.path("data").has(name)) {
                    data.put(name, text(entry.path("data"), name));
                }
            }
            timeline.add(new Entry(entry.path("seq").asLong(), text(entry, "event"), data));
        }
        return new Worked(new Ticket(admin.client(), id, key, text(ticket, "status"), timeline), runs(admin, id));
    }

    private static List<Run> runs(Caller admin, String ticketId) throws InterruptedException {
        List<Run> runs = new ArrayList<>();
        for (JsonNode run : admin.insist("/api/v1/agent/runs?ticket_id=" + ticketId, PATIENCE)
                .path("items")) {
            String id = text(run, "run_id");
            List<Said> messages = new ArrayList<>();
            for (JsonNode message : admin.insist("/api/v1/agent/runs/" + id + "/transcript", PATIENCE)
                    .path("messages")) {
                List<String> calls = new ArrayList<>();
                message.path("calls").forEach(call -> calls.add(text(call, "id")));
                messages.add(new Said(calls, optional(message, "call_id")));
            }
            runs.add(new Run(admin.client(), id, ticketId, text(run, "status"), messages));
        }
        return runs;
    }

    private static Action action(String client, JsonNode action) {
        List<Step> steps = new ArrayList<>();
        action.path("steps").forEach(step -> steps.add(new Step(text(step, "step"), Instant.parse(text(step, "at")))));
        return new Action(
                client,
                text(action, "action_id"),
                optional(action.path("arguments"), "order_id"),
                text(action, "status"),
                optional(action.path("failure"), "code"),
                optional(action, "approval_id"),
                optional(action.path("result"), "refund_id"),
                steps);
    }

    private static List<Effect> effects(String client, JsonNode payment) {
        List<Effect> effects = new ArrayList<>();
        for (JsonNode refund : payment.path("refunds")) {
            effects.add(new Effect(
                    client,
                    text(refund, "refund_id"),
                    text(payment, "order_id"),
                    text(refund, "idempotency_key"),
                    Instant.parse(text(refund, "created_at"))));
        }
        return effects;
    }

    private static String text(JsonNode node, String field) {
        return node.path(field).asString("");
    }

    private static @Nullable String optional(JsonNode node, String field) {
        String text = text(node, field);
        return text.isEmpty() ? null : text;
    }
}
