package io.opsrelay.standalone.launcher;

import java.util.Locale;
import java.util.Optional;

/** The five services, as the launcher sees them. */
enum Service {
    GATEWAY("realtime-gateway", Optional.empty(), 0, 320, true),
    INGESTION("ingestion-service", Optional.of("ingestion"), 1, 320, true),
    AGENT("agent-service", Optional.of("agent"), 2, 384, true),
    APPROVAL("approval-service", Optional.of("approval"), 3, 256, true),
    ACTION("action-engine", Optional.of("action"), 4, 256, true);

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
     * minutes, and a ticket costs hardly less afterwards. Not for the gateway, whose fan-out is hot code.
     */
    final boolean quickCompilation;

    Service(String processName, Optional<String> schema, int portOffset, int heap, boolean quickCompilation) {
        this.processName = processName;
        this.schema = schema;
        this.portOffset = portOffset;
        this.heap = heap;
        this.quickCompilation = quickCompilation;
    }

    /** The variable that tells the gateway where this one is, e.g. {@code OPSRELAY_AGENT_URL}. */
    String urlVariable() {
        return "OPSRELAY_" + name().toUpperCase(Locale.ROOT) + "_URL";
    }
}
