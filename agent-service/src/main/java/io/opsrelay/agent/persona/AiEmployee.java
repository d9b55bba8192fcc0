package io.opsrelay.agent.persona;

import io.opsrelay.agent.draft.Tone;
import io.opsrelay.contracts.AiActivity;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who works for a client in the agent's name.
 *
 * @param name unique within the client, as in {@code ai:luna}
 * @param tools what it may use, by name
 * @param intents what it handles; the others go to the first that is enabled
 * @param languages ISO 639-1; empty for all
 * @param revision counts changes from 1
 */
record AiEmployee(
        UUID employeeId,
        String name,
        String displayName,
        String role,
        @Nullable String avatar,
        Tone tone,
        Metric primaryMetric,
        List<String> tools,
        List<String> intents,
        List<String> languages,
        boolean enabled,
        long revision,
        Instant createdAt,
        Instant updatedAt) {

    AiEmployee {
        tools = List.copyOf(tools);
        intents = List.copyOf(intents);
        languages = List.copyOf(languages);
        if (name.isBlank() || displayName.isBlank() || role.isBlank() || revision < 1) {
            throw new IllegalArgumentException("an AI employee needs a name, a display name, a role and a revision");
        }
    }

    /** What it is measured by. */
    record Metric(String name, String unit) {}

    /** Whether it is at work. */
    enum Status {
        ACTIVE,
        IDLE,
        OFFLINE;

        static Status of(boolean enabled, boolean active) {
            return enabled ? active ? ACTIVE : IDLE : OFFLINE;
        }
    }

    /**
     * What it has finished today (UTC).
     *
     * @param escalated handed to a person
     * @param resolvedAlone without ever waiting for a decision
     * @param averageSeconds spent on a run, without the time it waited; null before the first
     */
    record Day(
            long runs,
            long resolved,
            long escalated,
            long failed,
            long resolvedAlone,
            @Nullable Double averageSeconds) {

        /** From 0 to 1; null before the first run. */
        @Nullable
        Double shareResolvedAlone() {
            return runs == 0 ? null : (double) resolvedAlone / runs;
        }
    }

    /** Everything that is shown of it. */
    record Seen(
            AiEmployee employee,
            Status status,
            Day today,
            @Nullable AiActivity latest) {}
}
