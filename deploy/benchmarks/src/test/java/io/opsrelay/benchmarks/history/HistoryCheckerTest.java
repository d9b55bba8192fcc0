package io.opsrelay.benchmarks.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.opsrelay.benchmarks.history.History.Action;
import io.opsrelay.benchmarks.history.History.Answer;
import io.opsrelay.benchmarks.history.History.Approval;
import io.opsrelay.benchmarks.history.History.DeadLetter;
import io.opsrelay.benchmarks.history.History.Effect;
import io.opsrelay.benchmarks.history.History.Entry;
import io.opsrelay.benchmarks.history.History.Post;
import io.opsrelay.benchmarks.history.History.Run;
import io.opsrelay.benchmarks.history.History.Said;
import io.opsrelay.benchmarks.history.History.Sight;
import io.opsrelay.benchmarks.history.History.Step;
import io.opsrelay.benchmarks.history.History.Ticket;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each rule goes red on a history that breaks it and nothing else. */
class HistoryCheckerTest {

    @Test
    void aSoundHistoryAndAnEmptyOneBreakNothing() {
        assertThat(HistoryChecker.violations(new Sound().history())).isEmpty();
        assertThat(HistoryChecker.violations(History.empty())).isEmpty();
    }

    @Test
    void aTicketThatPeopleSettleAndGiveToTheAgentAgainIsSound() {
        Sound again = new Sound();
        again.others.set(
                0,
                new Ticket(
                        "globex",
                        "t2",
                        "q1",
                        "closed",
                        List.of(
                                new Entry(1, "ticket_received", Map.of()),
                                new Entry(2, "ticket_escalated", Map.of()),
                                new Entry(3, "ticket_retried", Map.of("run_id", "run3")),
                                new Entry(4, "ticket_analyzing", Map.of("run_id", "run3")),
                                new Entry(5, "ticket_resolved", Map.of("run_id", "run3")),
                                new Entry(6, "ticket_reopened", Map.of("run_id", "run4")),
                                new Entry(7, "ticket_status_set", Map.of("from", "received", "to", "escalated")),
                                new Entry(8, "ticket_merged", Map.of("from", "escalated", "to", "closed")))));
        again.otherRuns.add(new Run("globex", "run3", "t2", "resolved", List.of()));
        again.otherRuns.add(new Run("globex", "run4", "t2", "escalated", List.of()));

        assertThat(HistoryChecker.violations(again.history())).isEmpty();
    }

    static Stream<Arguments> intake() {
        return Stream.of(
                broken("a lost ticket", "was acknowledged and is not stored", it -> it.others.clear()),
                broken("a ticket stored twice", "is stored as several tickets", it -> it.others.add(again("t3", "q1"))),
                broken(
                        "two acknowledgements of different tickets",
                        "was acknowledged as several tickets",
                        it -> it.posts.set(1, post("q1", new Answer(202, "t2"), new Answer(200, "t3"))),
                        it -> it.others.add(again("t3", "q1"))),
                broken(
                        "accepted twice",
                        "was accepted as new 2 times",
                        it -> it.posts.set(1, post("q1", new Answer(202, "t2"), new Answer(202, "t2")))),
                broken(
                        "a good request refused",
                        "was refused with 422",
                        it -> it.posts.set(2, post("lost", new Answer(422, null)))),
                broken(
                        "a bad request acknowledged",
                        "bad request bad was acknowledged",
                        it -> it.posts.set(3, new Post("acme", "bad", false, List.of(new Answer(202, null))))),
                broken(
                        "a bad request stored",
                        "is stored as ticket t3",
                        it -> it.posts.set(3, new Post("globex", "bad", false, List.of())),
                        it -> it.others.add(again("t3", "bad"))),
                broken(
                        "a good request that is never served",
                        "good post lost was never served, and its sender gave up",
                        it -> it.givenUp = Set.of("lost")),
                broken("a ticket of nobody", "which nobody posted", it -> it.others.add(again("t3", "strange"))));
    }

    static Stream<Arguments> tickets() {
        return Stream.of(
                broken("no end", "it has come to no end", it -> it.refund.removeLast(), it -> it.status = "acting"),
                broken("a run in which hardly anything is done", "only 1 of 21 tickets were resolved", it -> {
                    for (int i = 3; i < 22; i++) {
                        it.others.add(again("t" + i, "q" + i));
                    }
                }),
                broken("a status without its events", "its status is failed", it -> it.status = "failed"),
                broken(
                        "an event applied twice",
                        "ticket_classified was applied twice",
                        it -> it.refund.add(3, it.refund.get(2)),
                        HistoryCheckerTest::numberAnew),
                broken("a gap", "entry 13 follows entry 11", it -> it.refund.set(11, end(13, "resolved"))),
                broken(
                        "two ends",
                        "ticket_escalated (entry 13) cannot follow the status resolved",
                        it -> it.refund.add(end(13, "escalated")),
                        it -> it.status = "escalated"),
                broken(
                        "a person's step from where the ticket is not",
                        "ticket_status_set (entry 13) cannot lead from resolved to closed",
                        it -> it.refund.add(
                                new Entry(13, "ticket_status_set", Map.of("from", "escalated", "to", "closed"))),
                        it -> it.status = "closed"),
                broken(
                        "a second reception",
                        "ticket_received is entry 3",
                        it -> it.refund.set(2, new Entry(3, "ticket_received", Map.of("a", "b")))),
                broken(
                        "an effect before its approval",
                        "action_started of action " + Sound.ACTION + " came without approval_granted",
                        it -> it.refund.add(6, it.refund.remove(7)),
                        HistoryCheckerTest::numberAnew),
                broken(
                        "an analysis after the decision",
                        "ticket_analyzing (entry 9) cannot follow the status acting",
                        it -> it.refund.add(8, new Entry(9, "ticket_analyzing", Map.of("run_id", "run2"))),
                        HistoryCheckerTest::numberAnew));
    }

    static Stream<Arguments> actions() {
        return Stream.of(
                broken("an unknown outcome", "it is not settled but unknown", it -> {
                    it.actions.set(0, Sound.action("unknown"));
                    it.effects.clear();
                }),
                broken(
                        "two effects",
                        "the provider did it 2 times",
                        it -> it.effects.add(Sound.effect("re_1", "opsrelay-" + Sound.ACTION + "-second"))),
                broken("a success without effect", "the provider knows nothing of it", it -> it.effects.clear()),
                broken(
                        "an effect of a rejected action",
                        "the provider did it (re_1), and it is rejected",
                        it -> it.actions.set(0, Sound.action("rejected"))),
                broken(
                        "an approved action that we could not do",
                        "failed by a cause of ours: provider_unreachable",
                        it -> {
                            it.actions.set(0, Sound.action("failed", "provider_unreachable"));
                            it.effects.clear();
                        }),
                broken("an approval that came too late", "failed by a cause of ours: approval_invalid", it -> {
                    Action late = Sound.action("failed", "approval_invalid");
                    it.actions.set(
                            0,
                            new Action(
                                    "acme",
                                    Sound.ACTION,
                                    late.order(),
                                    late.status(),
                                    late.failureCode(),
                                    "a1",
                                    null,
                                    List.of()));
                    it.effects.clear();
                }),
                broken("a failure without a word", "failed by a cause of ours: null", it -> {
                    it.actions.set(0, Sound.action("failed"));
                    it.effects.clear();
                }),
                broken("an approval that nobody heeded", "it was approved, and is expired", it -> {
                    it.actions.set(0, Sound.action("expired"));
                    it.effects.clear();
                }),
                broken("no approval", "it was done without an approval", it -> it.approvals.clear()),
                broken(
                        "an approval of another action",
                        "it was done without an approval",
                        it -> it.approvals.set(0, new Approval("acme", "a1", "other", "approved", "approve"))),
                broken(
                        "an expired approval",
                        "its approval a1 is expired",
                        it -> it.approvals.set(0, new Approval("acme", "a1", Sound.ACTION, "expired", null))),
                broken(
                        "a person said no",
                        "a person had said reject",
                        it -> it.approvals.set(0, new Approval("acme", "a1", Sound.ACTION, "approved", "reject"))),
                broken(
                        "an effect of nobody",
                        "belongs to no action",
                        it -> it.effects.add(Sound.effect("re_2", "another-key"))),
                broken(
                        "another effect than told",
                        "it tells of effect re_1, the provider of re_9",
                        it -> it.effects.set(0, Sound.effect("re_9", "opsrelay-" + Sound.ACTION))),
                broken(
                        "an effect on another's order",
                        "fell on globex's order G-2001",
                        it -> it.effects.set(
                                0, new Effect("globex", "re_1", "G-2001", "opsrelay-" + Sound.ACTION, Sound.NOON))),
                broken(
                        "a call before the intent",
                        "is older than any intent",
                        it -> it.actions.set(
                                0,
                                new Action(
                                        "acme",
                                        Sound.ACTION,
                                        "A-1001",
                                        "succeeded",
                                        null,
                                        "a1",
                                        "re_1",
                                        List.of(new Step("executing", Sound.NOON.plusMillis(1)))))));
    }

    static Stream<Arguments> streams() {
        return Stream.of(
                broken("a gap", "offset 103 is missing between 102 and 104", it -> {
                    it.sights.remove(4);
                    it.sights.add(2, new Sight.Resync("tickets"));
                }),
                broken(
                        "an event that never came",
                        "channel tickets: offset 112 never came, nor any of the 1 from there on",
                        it -> it.sights.removeLast()),
                broken(
                        "a step of an action that a heartbeat passes over",
                        "channel actions: it was told that all up to 302 is there, and never saw offset 202",
                        it -> it.desk.remove(Sound.STEP)),
                broken(
                        "a step of an action that never came",
                        "channel actions: offset 202 never came, nor any of the 1 from there on",
                        it -> it.desk.removeLast(),
                        it -> it.desk.remove(Sound.STEP)),
                broken(
                        "approvals that never came",
                        "channel approvals: offset 301 never came, nor any of the 2 from there on",
                        it -> it.desk.subList(5, it.desk.size()).clear()),
                broken(
                        "an action's step on the channel of approvals",
                        "it was sent offset 202, which is for " + Sound.ACTION + " on channel actions",
                        it -> it.desk.set(4, new Sight.Frame("approvals", 202, null, Sound.ACTION, 2))),
                broken(
                        "a resync of another channel",
                        "channel actions: offset 202 never came",
                        it -> it.desk.removeLast(),
                        it -> it.desk.set(4, new Sight.Resync("approvals"))),
                broken(
                        "a resync that explains less than is missing",
                        "channel tickets: offset 111 never came, nor any of the 2 from there on",
                        it -> it.sights.subList(11, it.sights.size()).clear(),
                        it -> it.sights.add(new Sight.Subscribed("tickets", 108L, 110, false)),
                        it -> it.sights.add(new Sight.Resync("tickets"))),
                broken(
                        "offsets that go back",
                        "offset 111 came behind 112 on one connection",
                        it -> it.sights.add(Sound.frame(11))),
                broken(
                        "versions that go back",
                        "version 12 of t1 came behind version 12",
                        it -> it.alsoFed.add(new Written(113, "acme", "tickets", "t1", 12)),
                        it -> it.sights.add(new Sight.Frame("tickets", 113, 112L, "t1", 12))),
                broken(
                        "a loss that is not told",
                        "could not replay from 108 and told no resync",
                        it -> it.sights.set(11, new Sight.Subscribed("tickets", 108L, 112, false))));
    }

    static Stream<Arguments> feed() {
        return Stream.of(
                broken(
                        "a change of a ticket that nobody was told",
                        "tickets t1: version 5 of 12 is not in the feed",
                        it -> it.lost = one -> one.channel().equals("tickets") && one.version() == 5),
                broken(
                        "a step of an action that nobody was told",
                        "actions " + Sound.ACTION + ": version 2 of 2 is not in the feed",
                        it -> it.lost = one -> one.channel().equals("actions") && one.version() == 2),
                broken(
                        "a request for approval that nobody was told",
                        "approvals a1: version 1 of 2 is not in the feed",
                        it -> it.lost = one -> one.channel().equals("approvals") && one.version() == 1),
                broken(
                        "a decision that nobody was told",
                        "approvals a1: version 2 of 2 is not in the feed",
                        it -> it.lost = one -> one.channel().equals("approvals") && one.version() == 2),
                broken(
                        "a subscription that begins too late",
                        "was told to begin behind 201, and offset 201 is of this run",
                        it -> it.desk.set(1, new Sight.Subscribed("actions", null, 201, false))));
    }

    static Stream<Arguments> runs() {
        return Stream.of(
                broken("a run without an end", "it has come to no end and is parked", it -> it.runStatus = "parked"),
                broken("a ticket that nobody took up", "took it up 0 times", it -> it.otherRuns.clear()),
                broken(
                        "a ticket taken up twice",
                        "took it up 2 times",
                        it -> it.otherRuns.add(new Run("globex", "run3", "t2", "resolved", List.of()))),
                broken(
                        "two replies",
                        "2 replies of the kind answer in run run1",
                        it -> it.refund.add(reply("one text")),
                        it -> it.refund.add(reply("another"))),
                broken("a call without a result", "asked on without results of [call-0-0]", it -> it.talk.remove(3)),
                broken(
                        "two results",
                        "call call-0-0 has two results",
                        it -> it.talk.add(4, new Said(List.of(), "call-0-0"))),
                broken(
                        "a result of nothing",
                        "answers call call-9-9, which nobody made",
                        it -> it.talk.add(new Said(List.of(), "call-9-9"))),
                broken(
                        "a call made twice",
                        "call call-0-0 was made twice",
                        it -> it.talk.add(new Said(List.of("call-0-0"), null))));
    }

    private static Entry reply(String text) {
        return new Entry(13, "reply_drafted", Map.of("run_id", "run1", "kind", "answer", "text", text));
    }

    static Stream<Arguments> rest() {
        return Stream.of(
                broken(
                        "a foreign byte",
                        "acme was shown globex's ticket",
                        it -> it.foreign.add("acme was shown globex's ticket t2")),
                broken(
                        "a good event set aside",
                        "was no poison",
                        it -> it.deadLetters.add(new DeadLetter("ticket.v1-dlt", "t1", "a fault"))),
                broken(
                        "poison that vanished",
                        "is in no dead-letter topic",
                        it -> it.poison = Set.of("poison-1", "poison-2")));
    }

    @Test
    void anApprovedActionThatSomebodyOutsideRefusesIsSound() {
        Sound refused = new Sound();
        refused.actions.set(0, Sound.action("failed", "amount_too_large"));
        refused.effects.clear();
        assertThat(HistoryChecker.violations(refused.history())).isEmpty();
    }

    @Test
    void theFirstFrameMayNameOneFromBeforeTheRun() {
        Sound history = new Sound();
        history.sights.set(2, new Sight.Frame("tickets", 101, 40L, "t1", 1));
        assertThat(HistoryChecker.violations(history.history())).isEmpty();

        history.desk.set(4, new Sight.Frame("actions", 202, 150L, Sound.ACTION, 2));
        assertThat(HistoryChecker.violations(history.history()))
                .singleElement()
                .asString()
                .contains("offset 202 says that 150 is before it, and 201 is");
    }

    @Test
    void whatNobodyApprovedMayFailByAnyCause() {
        Sound failed = new Sound();
        Action action = Sound.action("failed", "nothing_left_to_refund");
        failed.actions.set(
                0,
                new Action(
                        "acme",
                        Sound.ACTION,
                        action.order(),
                        action.status(),
                        action.failureCode(),
                        null,
                        null,
                        List.of(new Step("requested", Sound.NOON), new Step("failed", Sound.NOON))));
        failed.approvals.set(0, new Approval("acme", "a1", Sound.ACTION, "rejected", "reject"));
        failed.effects.clear();

        assertThat(HistoryChecker.violations(failed.history())).isEmpty();
    }

    @Test
    void aRequestThatCannotBeServedMayBeGivenUp() {
        Sound history = new Sound();
        history.givenUp = Set.of("bad");

        assertThat(HistoryChecker.violations(history.history())).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"intake", "tickets", "actions", "streams", "feed", "runs", "rest"})
    void whatIsBrokenIsSaid(String what, String said, Consumer<Sound> breaking) {
        Sound history = new Sound();
        breaking.accept(history);

        assertThat(HistoryChecker.violations(history.history())).anyMatch(violation -> violation.contains(said));
    }

    @Test
    void aDashboardThatWasToldToResyncNeedNotHaveSeenAll() {
        Sound history = new Sound();
        history.sights.subList(11, history.sights.size()).clear();
        history.sights.add(new Sight.Subscribed("tickets", 108L, 500, false));
        history.sights.add(new Sight.Resync("tickets"));
        history.sights.add(new Sight.Frame("tickets", 501, 112L, "t9", 1));
        history.alsoFed.add(new Written(501, "acme", "tickets", "t9", 1));

        assertThat(HistoryChecker.violations(history.history())).isEmpty();
    }

    @SafeVarargs
    @SuppressWarnings("varargs") // they are only read
    private static Arguments broken(String what, String said, Consumer<Sound>... steps) {
        return arguments(what, said, (Consumer<Sound>) it -> Stream.of(steps).forEach(step -> step.accept(it)));
    }

    private static Post post(String key, Answer... answers) {
        return new Post("globex", key, true, List.of(answers));
    }

    private static Ticket again(String id, String key) {
        return new Ticket(
                "globex", id, key, "failed", List.of(new Entry(1, "ticket_received", Map.of()), end(2, "failed")));
    }

    private static Entry end(long seq, String outcome) {
        return new Entry(seq, "ticket_" + outcome, Map.of("run_id", "run1"));
    }

    private static void numberAnew(Sound history) {
        List<Entry> before = List.copyOf(history.refund);
        history.refund.clear();
        before.forEach(entry -> history.refund.add(new Entry(history.refund.size() + 1, entry.event(), entry.data())));
        // The dashboard saw all of them.
        history.sights.subList(2, history.sights.size()).clear();
        before.forEach(entry -> history.sights.add(Sound.frame(history.sights.size() - 1)));
    }
}
