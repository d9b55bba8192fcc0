package io.opsrelay.contracts;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Every event there is, read off the sealed families. */
public final class EventCatalog {

    private static final List<Class<? extends Event>> ALL = Stream.of(
                    TicketEvent.class,
                    RunEvent.class,
                    ActionEvent.class,
                    ApprovalEvent.class,
                    ClientEvent.class,
                    ExportEvent.class)
            .flatMap(family -> Arrays.stream(family.getPermittedSubclasses()))
            .<Class<? extends Event>>map(type -> type.asSubclass(Event.class))
            .toList();

    private EventCatalog() {}

    /** All event records, family by family in the order of their declaration. */
    public static List<Class<? extends Event>> all() {
        return ALL;
    }

    /** @throws IllegalArgumentException if the class carries no {@link EventType} */
    public static EventType typeOf(Class<? extends Event> event) {
        EventType type = event.getAnnotation(EventType.class);
        if (type == null) {
            throw new IllegalArgumentException(event.getName() + " carries no @EventType");
        }
        return type;
    }
}
