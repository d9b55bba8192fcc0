package io.opsrelay.benchmarks.history;

import io.opsrelay.benchmarks.history.History.Dashboard;
import io.opsrelay.benchmarks.history.History.Sight;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * By what a dashboard was sent alone: events of a channel come in order, each names the one before it, and whoever cannot
 * go on where it was is told so. What the feed holds is looked at elsewhere.
 */
final class StreamRules {

    private final Dashboard dashboard;
    private final Map<String, Position> positions = new HashMap<>();
    private final List<String> violations = new ArrayList<>();

    private StreamRules(Dashboard dashboard) {
        this.dashboard = dashboard;
    }

    static List<String> violations(Dashboard dashboard) {
        StreamRules rules = new StreamRules(dashboard);
        dashboard.sights().forEach(rules::take);
        rules.positions.forEach((channel, position) -> rules.checkTold(channel, position));
        return rules.violations;
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
