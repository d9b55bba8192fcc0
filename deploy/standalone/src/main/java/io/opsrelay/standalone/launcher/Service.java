package io.opsrelay.standalone.launcher;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The five services, as the launcher sees them. */
enum Service {
    GATEWAY("realtime-gateway", Optional.empty(), 0, 320, true, 0),
    INGESTION("ingestion-service", Optional.of("ingestion"), 1, 320, true, 0),
    AGENT("agent-service", Optional.of("agent"), 2, 384, true, 5),
    APPROVAL("approval-service", Optional.of("approval"), 3, 256, true, 0),
    ACTION("action-engine", Optional.of("action"), 4, 256, true, 0);

    /** Names the process, its Maven module and its log. */
    final String processName;

    /** Names schema and roles; empty without a database. */
    final Optional<String> schema;

    /** Its port is the gateway's plus this. */
    final int portOffset;

    /** Largest heap, in MiB. */
    final int heap;

    /**
     * Compiled by C1 only. On the few cores of one machine that pays: C2 would take them from the work for the first
     * minutes, and a ticket costs hardly less afterwards.
     */
    final boolean quickCompilation;

    /**
     * How far it steps back for the others, as {@code nice} counts. The agent works on what nobody waits for at a socket,
     * and without this a flood of tickets would make intake and dashboards as slow as the agent is busy.
     */
    final int niceness;

    Service(
            String processName,
            Optional<String> schema,
            int portOffset,
            int heap,
            boolean quickCompilation,
            int niceness) {
        this.processName = processName;
        this.schema = schema;
        this.portOffset = portOffset;
        this.heap = heap;
        this.quickCompilation = quickCompilation;
        this.niceness = niceness;
    }

    static Optional<Service> named(String processName) {
        return Arrays.stream(values())
                .filter(service -> service.processName.equals(processName))
                .findFirst();
    }

    /** What its instance of this number is called; the first one like the service itself. */
    String instanceName(int number) {
        return number == 1 ? processName : processName + "-" + number;
    }

    /** Whether a process of this name is one of its instances. */
    boolean isInstance(String name) {
        return name.equals(processName) || name.matches(processName + "-[0-9]+");
    }

    /** The variable that tells the gateway where this one is, e.g. {@code OPSRELAY_AGENT_URL}. */
    String urlVariable() {
        return "OPSRELAY_" + name().toUpperCase(Locale.ROOT) + "_URL";
    }
}
