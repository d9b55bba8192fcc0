package io.opsrelay.benchmarks.history;

import io.opsrelay.benchmarks.history.History.Action;
import io.opsrelay.benchmarks.history.History.Approval;
import io.opsrelay.benchmarks.history.History.Dashboard;
import io.opsrelay.benchmarks.history.History.Sight;
import io.opsrelay.benchmarks.history.History.Ticket;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The feed holds every change of every ticket, action and approval, and each dashboard was there from the first one on. */
final class FeedRules {

    private static final String TICKETS = "tickets";
    private static final String ACTIONS = "actions";
    private static final String APPROVALS = "approvals";
    private static final Set<String> CHANNELS = Set.of(TICKETS, ACTIONS, APPROVALS);

    private final Map<Entity, BitSet> versions = new HashMap<>();
    /** Of a client's channel: where that begins which belongs to the run. */
    private final Map<Entity, Long> begins = new HashMap<>();

    private final List<String> violations = new ArrayList<>();

    private FeedRules() {}

    static List<String> violations(History history) {
        if (history.dashboards().isEmpty()) {
            return List.of(); // nobody watched, and the feed was not read
        }
        FeedRules rules = new FeedRules();
        for (Written one : history.feed()) {
            if (CHANNELS.contains(one.channel())) {
                rules.versions
                        .computeIfAbsent(new Entity(one.client(), one.channel(), one.key()), entity -> new BitSet())
                        .set((int) one.version());
            }
        }
        Set<String> actions = history.actions().stream().map(Action::actionId).collect(Collectors.toSet());
        for (Ticket ticket : history.tickets()) {
            rules.check(
                    new Entity(ticket.client(), TICKETS, ticket.ticketId()),
                    ticket.timeline().size());
        }
        for (Action action : history.actions()) {
            rules.check(
                    new Entity(action.client(), ACTIONS, action.actionId()),
                    action.steps().size());
        }
        for (Approval approval : history.approvals()) {
            // Others are of an older run.
            if (actions.contains(approval.actionId())) {
                rules.check(new Entity(approval.client(), APPROVALS, approval.approvalId()), changesOf(approval));
            }
        }
        history.feed().forEach(rules::noteBeginning);
        history.dashboards().forEach(rules::checkBeginning);
        return rules.violations;
    }

    /** At least so many: that it was claimed, or that somebody was reminded, is no part of the record. */
    private static int changesOf(Approval approval) {
        return approval.decision() == null || approval.status().equals("pending") ? 1 : 2;
    }

    private void check(Entity entity, int changes) {
        BitSet told = versions.computeIfAbsent(entity, none -> new BitSet());
        int last = Math.max(changes, told.length() - 1);
        int missing = told.nextClearBit(1);
        if (missing <= last) {
            violations.add("%s's %s %s: version %d of %d is not in the feed"
                    .formatted(entity.client, entity.channel, entity.key, missing, last));
        }
        begins.put(entity, Long.MAX_VALUE);
    }

    private void noteBeginning(Written one) {
        if (begins.containsKey(new Entity(one.client(), one.channel(), one.key()))) {
            begins.merge(new Entity(one.client(), one.channel(), ""), one.offset(), Math::min);
        }
    }

    private void checkBeginning(Dashboard dashboard) {
        for (Sight sight : dashboard.sights()) {
            if (sight instanceof Sight.Subscribed subscribed && subscribed.asked() == null) {
                Long begin = begins.get(new Entity(dashboard.client(), subscribed.channel(), ""));
                if (begin != null && begin <= subscribed.offset()) {
                    violations.add(
                            "%s's dashboard %s, channel %s: it was there before anything was done, was told to begin behind %d, and offset %d is of this run"
                                    .formatted(
                                            dashboard.client(),
                                            dashboard.name(),
                                            subscribed.channel(),
                                            subscribed.offset(),
                                            begin));
                }
            }
        }
    }

    /** @param key empty for all of the channel */
    private record Entity(String client, String channel, String key) {}
}
