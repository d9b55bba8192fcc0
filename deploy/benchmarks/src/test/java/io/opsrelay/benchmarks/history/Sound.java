package io.opsrelay.benchmarks.history;

import io.opsrelay.benchmarks.history.History.Action;
import io.opsrelay.benchmarks.history.History.Answer;
import io.opsrelay.benchmarks.history.History.Approval;
import io.opsrelay.benchmarks.history.History.Dashboard;
import io.opsrelay.benchmarks.history.History.DeadLetter;
import io.opsrelay.benchmarks.history.History.Effect;
import io.opsrelay.benchmarks.history.History.Entry;
import io.opsrelay.benchmarks.history.History.Load;
import io.opsrelay.benchmarks.history.History.Post;
import io.opsrelay.benchmarks.history.History.Run;
import io.opsrelay.benchmarks.history.History.Said;
import io.opsrelay.benchmarks.history.History.Sight;
import io.opsrelay.benchmarks.history.History.Step;
import io.opsrelay.benchmarks.history.History.Ticket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** A sound history with one of everything, whose parts a test replaces by worse ones. */
final class Sound {

    static final String ACTION = "0197b3c1-0000-7000-8000-000000000001";
    static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
    static final Sight STEP = new Sight.Frame("actions", 202, 201L, ACTION, 2);
    private static final Map<String, String> ITS_ACTION = Map.of("action_id", ACTION);

    Set<String> givenUp = Set.of();
    List<Post> posts = new ArrayList<>(List.of(
            new Post("acme", "r1", true, List.of(new Answer(503, null), new Answer(202, "t1"), new Answer(200, "t1"))),
            new Post("globex", "q1", true, List.of(new Answer(202, "t2"))),
            new Post("globex", "lost", true, List.of()),
            new Post("acme", "bad", false, List.of(new Answer(400, null)))));
    List<Entry> refund = new ArrayList<>(List.of(
            new Entry(1, "ticket_received", Map.of()),
            new Entry(2, "ticket_analyzing", Map.of("run_id", "run1")),
            new Entry(3, "ticket_classified", Map.of("run_id", "run1")),
            new Entry(4, "action_proposed", ITS_ACTION),
            new Entry(5, "action_prepared", ITS_ACTION),
            new Entry(6, "approval_requested", ITS_ACTION),
            new Entry(7, "approval_granted", ITS_ACTION),
            new Entry(8, "action_started", ITS_ACTION),
            new Entry(9, "action_outcome_unknown", ITS_ACTION),
            new Entry(10, "action_outcome_unknown", ITS_ACTION),
            new Entry(11, "action_succeeded", ITS_ACTION),
            new Entry(12, "ticket_resolved", Map.of("run_id", "run1"))));
    String status = "resolved";
    List<Ticket> others = new ArrayList<>(List.of(new Ticket(
            "globex",
            "t2",
            "q1",
            "escalated",
            List.of(new Entry(1, "ticket_received", Map.of()), new Entry(2, "ticket_escalated", Map.of())))));
    List<Approval> approvals = new ArrayList<>(List.of(new Approval("acme", "a1", ACTION, "approved", "approve")));
    List<Action> actions = new ArrayList<>(List.of(action("succeeded")));
    List<Effect> effects = new ArrayList<>(List.of(effect("re_1", "opsrelay-" + ACTION)));
    List<Sight> sights = new ArrayList<>();
    List<Sight> desk = new ArrayList<>();
    List<Written> alsoFed = new ArrayList<>();
    Predicate<Written> lost = written -> false;
    List<String> foreign = new ArrayList<>();
    Set<String> poison = Set.of("poison-1");
    List<DeadLetter> deadLetters =
            new ArrayList<>(List.of(new DeadLetter("ticket.v1-dlt", "poison-1", "not a CloudEvent")));

    List<Said> talk = new ArrayList<>(List.of(
            new Said(List.of(), null),
            new Said(List.of("call-0-0", "call-0-1"), null),
            new Said(List.of(), "call-0-1"),
            new Said(List.of(), "call-0-0"),
            new Said(List.of("call-1-0"), null)));
    String runStatus = "resolved";
    List<Run> otherRuns = new ArrayList<>(List.of(new Run("globex", "run2", "t2", "escalated", List.of())));

    /**
     * Two connections; on the second the last two frames of the first come again. Another dashboard follows what is done and
     * decided.
     */
    Sound() {
        sights.add(new Sight.Connected());
        sights.add(new Sight.Subscribed("tickets", null, 100, false));
        LongStream.rangeClosed(1, 8).forEach(version -> sights.add(frame(version)));
        sights.add(new Sight.Connected());
        sights.add(new Sight.Subscribed("tickets", 106L, 112, true));
        LongStream.rangeClosed(7, 12).forEach(version -> sights.add(frame(version)));
        desk.add(new Sight.Connected());
        desk.add(new Sight.Subscribed("actions", null, 150, false));
        desk.add(new Sight.Subscribed("approvals", null, 150, false));
        desk.add(new Sight.Frame("actions", 201, null, ACTION, 1));
        desk.add(STEP);
        desk.add(new Sight.Frame("approvals", 301, null, "a1", 1));
        desk.add(new Sight.Frame("approvals", 302, 301L, "a1", 2));
        desk.add(new Sight.Complete(302));
    }

    static Sight.Frame frame(long version) {
        return new Sight.Frame("tickets", 100 + version, version == 1 ? null : 99 + version, "t1", version);
    }

    static Action action(String status) {
        return action(status, null);
    }

    static Action action(String status, @Nullable String failureCode) {
        return new Action(
                "acme",
                ACTION,
                "A-1001",
                status,
                failureCode,
                "a1",
                status.equals("succeeded") ? "re_1" : null,
                List.of(new Step("approved", NOON.minusSeconds(1)), new Step("executing", NOON)));
    }

    static Effect effect(String id, String key) {
        return new Effect("acme", id, "A-1001", key, NOON);
    }

    History history() {
        List<Ticket> tickets = new ArrayList<>(List.of(new Ticket("acme", "t1", "r1", status, refund)));
        tickets.addAll(others);
        return new History(
                new Load(6, 2, givenUp, Duration.ofSeconds(3)),
                posts,
                tickets,
                approvals,
                actions,
                effects,
                List.of(new Dashboard("acme", "viewer", sights), new Dashboard("acme", "desk", desk)),
                foreign,
                poison,
                deadLetters,
                runs(),
                feed());
    }

    /** Each change of what there is, of each client in its own partition. */
    private List<Written> feed() {
        List<Written> feed = new ArrayList<>();
        tell(feed, 100, "acme", "tickets", "t1", refund.size());
        for (Ticket other : others) {
            tell(
                    feed,
                    1000 + feed.size(),
                    other.client(),
                    "tickets",
                    other.ticketId(),
                    other.timeline().size());
        }
        actions.forEach(action -> tell(
                feed,
                200,
                action.client(),
                "actions",
                action.actionId(),
                action.steps().size()));
        approvals.forEach(approval -> tell(feed, 300, approval.client(), "approvals", approval.approvalId(), 2));
        feed.removeIf(lost);
        feed.addAll(alsoFed);
        return feed;
    }

    private static void tell(List<Written> feed, long before, String client, String channel, String key, int last) {
        for (int version = 1; version <= last; version++) {
            feed.add(new Written(before + version, client, channel, key, version));
        }
    }

    private List<Run> runs() {
        List<Run> runs = new ArrayList<>(List.of(new Run("acme", "run1", "t1", runStatus, talk)));
        runs.addAll(otherRuns);
        return runs;
    }
}
