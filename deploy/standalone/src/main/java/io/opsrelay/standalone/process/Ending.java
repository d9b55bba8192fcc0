package io.opsrelay.standalone.process;

import java.time.Duration;
import java.util.List;

/**
 * How a process is brought to its end: each step's signal is sent, then up to its patience is waited, then the next
 * step follows. The last step of every sensible ending is {@link EndSignal#KILL}.
 *
 * @param steps in order, at least one
 */
public record Ending(List<Step> steps) {

    public Ending {
        steps = List.copyOf(steps);
        if (steps.isEmpty()) {
            throw new IllegalArgumentException("an ending needs at least one step");
        }
    }

    /** @param patience how long the process may take after this signal */
    public record Step(EndSignal signal, Duration patience) {}

    /** TERM, the given patience, then KILL. */
    public static Ending politely(Duration patience) {
        return new Ending(List.of(new Step(EndSignal.TERM, patience), new Step(EndSignal.KILL, Duration.ofSeconds(5))));
    }
}
