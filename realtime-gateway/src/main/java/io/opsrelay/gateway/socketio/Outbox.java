package io.opsrelay.gateway.socketio;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Packets that wait until the client takes them, bounded however slow it is: of each figure the newest, of activities so
 * many, and what the protocol itself has to say, which is little.
 */
final class Outbox {

    private final int mostEvents;
    private final Queue<String> control = new ArrayDeque<>();
    private final Queue<String> events = new ArrayDeque<>();
    private final Map<String, String> state = new LinkedHashMap<>();
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicLong conflated = new AtomicLong();

    Outbox(int mostEvents) {
        this.mostEvents = mostEvents;
    }

    /** Goes before all else. */
    void control(String packet) {
        control.add(packet);
    }

    /** @return whether there was room; if not, the oldest has gone, since dashboards show the newest */
    boolean event(String packet) {
        boolean room = events.size() < mostEvents;
        if (!room) {
            events.remove();
            dropped.incrementAndGet();
        }
        events.add(packet);
        return room;
    }

    /** Takes the place of what waits for the same name. */
    void state(String name, String packet) {
        if (state.put(name, packet) != null) {
            conflated.incrementAndGet();
        }
    }

    /** Events that went without having been sent. For administrators, from any thread. */
    long dropped() {
        return dropped.get();
    }

    /** Figures whose place a newer one took before they were sent. For administrators, from any thread. */
    long conflated() {
        return conflated.get();
    }

    boolean isEmpty() {
        return control.isEmpty() && events.isEmpty() && state.isEmpty();
    }

    void clear() {
        control.clear();
        events.clear();
        state.clear();
    }

    /** Takes out what goes next. */
    List<String> take(int most) {
        List<String> taken = new ArrayList<>();
        while (taken.size() < most && !isEmpty()) {
            taken.add(next());
        }
        return taken;
    }

    private String next() {
        if (!control.isEmpty()) {
            return control.remove();
        }
        if (!events.isEmpty()) {
            return events.remove();
        }
        Iterator<String> first = state.values().iterator();
        String packet = first.next();
        first.remove();
        return packet;
    }
}
