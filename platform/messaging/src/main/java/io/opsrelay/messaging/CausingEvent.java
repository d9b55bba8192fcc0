package io.opsrelay.messaging;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Which event the current thread is applying: what it publishes names it as its cause. */
public final class CausingEvent {

    private static final ScopedValue<UUID> CURRENT = ScopedValue.newInstance();

    private CausingEvent() {}

    /** The event being applied, if one is. */
    public static @Nullable UUID current() {
        return CURRENT.isBound() ? CURRENT.get() : null;
    }

    /** Runs {@code work}, whose published events name {@code eventId} as their cause. For jobs that an event started. */
    public static void run(UUID eventId, Runnable work) {
        ScopedValue.where(CURRENT, eventId).run(work);
    }
}
