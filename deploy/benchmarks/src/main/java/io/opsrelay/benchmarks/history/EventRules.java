package io.opsrelay.benchmarks.history;

import io.opsrelay.benchmarks.history.History.Dashboard;
import io.opsrelay.benchmarks.history.History.Sight;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** What a client was sent on its event channels is what was written for it: all of it, and nothing else. */
final class EventRules {

    private final Dashboard dashboard;
    private final String user;
    private final NavigableMap<Long, Written> written = new TreeMap<>();
    private final Map<String, Progress> channels = new HashMap<>();
    private final List<String> violations = new ArrayList<>();

    private EventRules(Dashboard dashboard, String user, List<String> subscribed, List<Written> all) {
        this.dashboard = dashboard;
        this.user = user;
        for (Written one : all) {
            // Offsets of other clients may be the same: they lie in another partition.
            if (one.client().equals(dashboard.client())) {
                written.put(one.offset(), one);
            }
        }
        for (String channel : subscribed) {
            if (!Written.STATES.contains(channel)) {
                channels.put(channel, new Progress(channel));
            }
        }
    }

    /**
     * What was broken, a sentence each.
     *
     * @param user whose dashboard it is
     * @param channels what it subscribes to
     * @param written what the feed holds, at least since the dashboard came
     */
    static List<String> violations(Dashboard dashboard, String user, List<String> channels, List<Written> written) {
        EventRules rules = new EventRules(dashboard, user, channels, written);
        dashboard.sights().forEach(rules::take);
        rules.channels.values().forEach(Progress::end);
        return rules.violations;
    }

    private void take(Sight sight) {
        switch (sight) {
            case Sight.Connected connected -> channels.values().forEach(channel -> channel.live = false);
            case Sight.Subscribed subscribed -> of(subscribed.channel()).subscribed(subscribed);
            case Sight.Frame frame -> of(frame.channel()).frame(frame);
            case Sight.Resync resync -> of(resync.channel()).resync();
            case Sight.Complete complete -> channels.values().forEach(channel -> channel.complete(complete.offset()));
            case Sight.SentAway away -> {} // what must follow is looked at elsewhere
        }
    }

    private Progress of(String channel) {
        return channels.computeIfAbsent(channel, name -> {
            violations.add(name() + " was sent something of channel " + name + ", which it never asked for");
            return new Progress(name);
        });
    }

    private String name() {
        return dashboard.client() + "'s dashboard " + dashboard.name();
    }

    /** How far a client that keeps to its rule has come on a channel. */
    private final class Progress {

        private final String channel;
        private final NavigableMap<Long, Written> due = new TreeMap<>();
        private final Map<String, Long> versions = new HashMap<>();
        private long last = -1;
        private boolean begun;
        private boolean live;
        /** A position was refused: the resync that follows explains what lies before the new one, no more. */
        private boolean refused;
        /** A resync was told: the next frame may lie anywhere. */
        private boolean jumps;

        Progress(String channel) {
            this.channel = channel;
            written.values().stream()
                    .filter(one -> one.isFor(user, channel))
                    .forEach(one -> due.put(one.offset(), one));
        }

        void subscribed(Sight.Subscribed subscribed) {
            begun = true;
            live = true;
            if (subscribed.asked() == null) {
                last = Math.max(last, subscribed.offset());
            } else if (!subscribed.recovered()) {
                last = Math.max(last, subscribed.offset());
                refused = true;
            }
        }

        void resync() {
            jumps |= !refused;
            refused = false;
        }

        void complete(long offset) {
            if (live && offset > last) {
                Long missed = due.higherKey(last);
                if (!jumps && missed != null && missed <= offset) {
                    say("it was told that all up to %d is there, and never saw offset %d".formatted(offset, missed));
                }
                last = offset;
                jumps = false;
            }
        }

        void frame(Sight.Frame frame) {
            Written one = due.get(frame.offset());
            if (one == null) {
                say(strange(frame));
                return;
            }
            if (!one.key().equals(frame.key()) || one.version() != frame.version()) {
                say("offset %d holds version %d of %s, and it was sent version %d of %s"
                        .formatted(frame.offset(), one.version(), one.key(), frame.version(), frame.key()));
            }
            Long before = due.lowerKey(frame.offset());
            if (frame.prev() != null && !frame.prev().equals(before) && !isOlderThanAll(frame.prev())) {
                say("offset %d says that %d is before it, and %s is".formatted(frame.offset(), frame.prev(), before));
            }
            if (frame.offset() <= last) {
                return; // by the client's rule: seen already
            }
            Long next = due.higherKey(last);
            if (!jumps && next != null && next < frame.offset()) {
                say("offset %d never came between %d and %d, and no resync".formatted(next, last, frame.offset()));
            }
            jumps = false;
            last = frame.offset();
            long version = versions.getOrDefault(frame.key(), 0L);
            if (frame.version() <= version) {
                say("version %d of %s came behind version %d".formatted(frame.version(), frame.key(), version));
            }
            versions.put(frame.key(), frame.version());
        }

        /** What was written long ago need not have been read. */
        private boolean isOlderThanAll(long offset) {
            return offset < written.firstKey();
        }

        private String strange(Sight.Frame frame) {
            Written other = written.get(frame.offset());
            if (other == null) {
                return "it was sent offset %d, which nobody wrote for its client".formatted(frame.offset());
            }
            return "it was sent offset %d, which is for %s on channel %s"
                    .formatted(frame.offset(), other.key(), other.channel());
        }

        void end() {
            if (!begun) {
                say("it could never subscribe");
                return;
            }
            Long missed = due.higherKey(last);
            if (!jumps && missed != null) {
                say("offset %d never came, nor any of the %d from there on"
                        .formatted(missed, due.tailMap(missed).size()));
            }
        }

        private void say(String what) {
            violations.add(name() + ", channel " + channel + ": " + what);
        }
    }
}
