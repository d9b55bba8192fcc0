package io.opsrelay.messaging;

import io.opsrelay.contracts.Event;
import io.opsrelay.contracts.EventCatalog;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a consumer group does with the events of a topic. Declared as a bean; events it has no handler for are skipped
 * by their type, undecoded. Immutable.
 */
public final class Subscription {

    private final String group;
    private final String topic;
    private final Map<String, Route<?>> routes;
    private final Consumer<List<Event>> before;
    private final Consumer<String> meeting;

    private Subscription(
            String group,
            String topic,
            Map<String, Route<?>> routes,
            Consumer<List<Event>> before,
            Consumer<String> meeting) {
        this.group = group;
        this.topic = topic;
        this.routes = routes;
        this.before = before;
        this.meeting = meeting;
    }

    /**
     * Begins one.
     *
     * @param group consumer group, {@code <service>.<purpose>}; also the name under which the inbox remembers events
     * @param topic one of {@link io.opsrelay.contracts.Topics}
     */
    public static Subscription of(String group, String topic) {
        return new Subscription(group, topic, Map.of(), events -> {}, client -> {});
    }

    /**
     * Adds a handler. It runs inside the transaction of the event's client in which the inbox remembers the event:
     * its effect happens once. It may be called again after a rollback, so it must have no effect outside the
     * database; slow work is left to a job.
     */
    public <E extends Event> Subscription on(Class<E> event, EventHandler<E> handler) {
        Map<String, Route<?>> more = new LinkedHashMap<>(routes);
        String type = EventCatalog.typeOf(event).value();
        if (more.put(type, new Route<>(event, handler)) != null) {
            throw new IllegalArgumentException(group + " handles " + type + " twice");
        }
        return new Subscription(group, topic, Map.copyOf(more), before, meeting);
    }

    /**
     * Has {@code reading} see all events that one transaction will apply before the first of them is handled. What their
     * handlers need can be read at once then: on a machine with too much to do each trip to the database waits for its
     * turn, and a trip for each event is what makes a consumer fall behind.
     */
    public Subscription before(Consumer<List<Event>> reading) {
        return new Subscription(group, topic, routes, reading, meeting);
    }

    /**
     * Has {@code meeting} told the client of every event that comes, of skipped ones too where they name one: outside any
     * transaction, before the event is applied, and again if that fails. It has to be quick with a client that it knows.
     */
    public Subscription meeting(Consumer<String> meeting) {
        return new Subscription(group, topic, routes, before, meeting);
    }

    /** The consumer group. */
    public String group() {
        return group;
    }

    /** The topic without its prefix. */
    public String topic() {
        return topic;
    }

    /** Shows the events to {@link #before}'s reading, if there is one. */
    public void announce(List<Event> events) {
        before.accept(events);
    }

    /** Tells {@link #meeting} of an event's client, if it wants to know. */
    public void meet(String clientId) {
        meeting.accept(clientId);
    }

    /** The route for a CloudEvents type, if this subscription handles it. */
    public @Nullable Route<?> routeFor(String type) {
        return routes.get(type);
    }

    /** Applies an event. */
    @FunctionalInterface
    public interface EventHandler<E extends Event> {

        /**
         * Applies {@code event}.
         *
         * @throws PoisonException if it can never be applied
         */
        void handle(Envelope envelope, E event);
    }

    /** An event class and what is done with it. */
    public record Route<E extends Event>(Class<E> event, EventHandler<E> handler) {

        /** Hands an instance of the class to the handler. */
        public void handle(Envelope envelope, Event instance) {
            handler.handle(envelope, event.cast(instance));
        }
    }
}
