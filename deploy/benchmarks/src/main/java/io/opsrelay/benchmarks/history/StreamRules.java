package io.opsrelay.benchmarks.history;

import io.opsrelay.benchmarks.history.History.Dashboard;
import io.opsrelay.benchmarks.history.History.Sight;
import io.opsrelay.benchmarks.history.History.Ticket;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A dashboard that keeps to the protocol saw each event of its channels in order, or was told that it had not. */
final class StreamRules {

    private static final String TICKETS = "tickets";

    private final Dashboard dashboard;
    private final Map<String, Position> positions = new HashMap<>();
    private final Map<String, BitSet> versions = new HashMap<>();
    private final Map<String, Long> lastVersions = new HashMap<>();
    private final List<String> violations = new ArrayList<>();
    private boolean told;

    private StreamRules(Dashboard dashboard) {
        this.dashboard = dashboard;
    }

    static StreamRules of(Dashboard dashboard, List<Ticket> tickets) {
        StreamRules rules = new StreamRules(dashboard);
        dashboard.sights().forEach(rules::take);
        rules.positions.forEach((channel, position) -> rules.checkTold(channel, position));
        if (!rules.told) {
            tickets.stream()
                    .filter(ticket -> ticket.client().equals(dashboard.client()))
                    .forEach(rules::checkComplete);
        }
        return rules;
    }

    List<String> violations() {
        return violations;
    }

    private void take(Sight sight) {
        switch (sight) {
            case Sight.Connected connected ->
                positions.values().forEach(position -> {
                    position.onConnection = -1;
                    position.live = false;
                });
            case Sight.Subscribed subscribed -> subscribed(subscribed);
            case Sight.Frame frame -> frame(frame);
            case Sight.Resync resync -> {
                told = true;
                Position position = positions.computeIfAbsent(resync.channel(), channel -> new Position());
                position.lossToTell = false;
                position.jumps = true;
            }
            case Sight.Complete complete ->
                positions.values().stream()
                        .filter(position -> position.live)
                        .forEach(position -> position.last = Math.max(position.last, complete.offset()));
            case Sight.SentAway away -> positions.values().forEach(position -> position.sentAway = true);
        }
    }

    private void subscribed(Sight.Subscribed subscribed) {
        Position position = positions.computeIfAbsent(subscribed.channel(), channel -> new Position());
        checkTold(subscribed.channel(), position);
        if (position.sentAway && subscribed.asked() != null && !subscribed.recovered()) {
            violations.add(of(subscribed.channel())
                    + "a gateway that stopped had sent it away, and it could not go on from %d elsewhere"
                            .formatted(subscribed.asked()));
        }
        position.sentAway = false;
        position.live = true;
        if (subscribed.asked() == null) {
            position.last = Math.max(position.last, subscribed.offset());
        } else if (!subscribed.recovered()) {
            position.lossToTell = true;
        }
    }

    private void checkTold(String channel, Position position) {
        if (position.lossToTell) {
            violations.add(
                    of(channel) + "the gateway could not replay from %d and told no resync".formatted(position.last));
            position.lossToTell = false;
        }
    }

    private void frame(Sight.Frame frame) {
        Position position = positions.computeIfAbsent(frame.channel(), channel -> new Position());
        checkTold(frame.channel(), position);
        if (frame.offset() <= position.onConnection) {
            violations.add(of(frame.channel())
                    + "offset %d came behind %d on one connection".formatted(frame.offset(), position.onConnection));
        }
        position.onConnection = frame.offset();
        if (frame.offset() <= position.last) {
            return; // by the client's rule: seen already
        }
        if (!position.jumps && frame.prev() != null && frame.prev() > position.last) {
            violations.add(of(frame.channel())
                    + "offset %d is missing between %d and %d".formatted(frame.prev(), position.last, frame.offset()));
        }
        position.jumps = false;
        position.last = frame.offset();
        if (frame.channel().equals(TICKETS)) {
            ticketFrame(frame);
        }
    }

    private void ticketFrame(Sight.Frame frame) {
        long before = lastVersions.getOrDefault(frame.key(), 0L);
        if (frame.version() <= before) {
            violations.add(of(frame.channel())
                    + "version %d of ticket %s came behind version %d".formatted(frame.version(), frame.key(), before));
        }
        lastVersions.put(frame.key(), frame.version());
        versions.computeIfAbsent(frame.key(), key -> new BitSet()).set((int) frame.version());
    }

    private void checkComplete(Ticket ticket) {
        BitSet seen = versions.getOrDefault(ticket.ticketId(), new BitSet());
        int last = ticket.timeline().size();
        int missing = seen.nextClearBit(1);
        if (missing <= last) {
            violations.add(of(TICKETS)
                    + "it never saw version %d of %d of ticket %s and was told no resync"
                            .formatted(missing, last, ticket.ticketId()));
        }
    }

    private String of(String channel) {
        return "%s's dashboard %s, channel %s: ".formatted(dashboard.client(), dashboard.name(), channel);
    }

    /** How far a channel was seen. */
    private static final class Position {
        private long last = -1;
        private long onConnection = -1;
        /** A resync was told: the next frame may lie anywhere. */
        private boolean jumps;
        /** A replay was refused, and a resync must follow. */
        private boolean lossToTell;
        /** Subscribed to on this connection. */
        private boolean live;
        /** By a gateway that stopped, and it has not subscribed since. */
        private boolean sentAway;
    }
}
