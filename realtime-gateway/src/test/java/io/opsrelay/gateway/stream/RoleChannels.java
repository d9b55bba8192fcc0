package io.opsrelay.gateway.stream;

import io.opsrelay.security.Role;
import java.util.List;
import java.util.Set;

/** Which role opens which channel. */
final class RoleChannels {

    static final List<String> ALL = List.of(
            "tickets",
            "ticket:t-1",
            "approvals",
            "actions",
            "metrics",
            "services",
            "ai",
            "me",
            "sessions",
            "queue",
            "agents",
            "messages");

    private static final Set<String> DESK = Set.of("sessions", "queue", "agents", "messages");

    private RoleChannels() {}

    static boolean opens(Role role, String channel) {
        return switch (role) {
            case VIEWER, APPROVER, SRE -> !DESK.contains(channel);
            case AGENT, ADMIN -> true;
            case INGEST, OPERATOR -> false;
        };
    }

    static List<String> of(Role role) {
        return ALL.stream().filter(channel -> opens(role, channel)).toList();
    }
}
