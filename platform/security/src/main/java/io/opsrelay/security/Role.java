package io.opsrelay.security;

import java.util.Locale;
import java.util.Optional;

/** What a caller may do; the names in tokens are the lower-case ones. */
public enum Role {
    /** Reads tickets, approvals, actions, metrics of the client. */
    VIEWER,
    /** Viewer, and creates and works tickets and chats. */
    AGENT,
    /** Viewer, and decides approvals of financial and account actions. */
    APPROVER,
    /** Viewer, and requests deployment actions and decides those of others. */
    SRE,
    /** All within the client; counts as any approving role. */
    ADMIN,
    /** Machines: create tickets, telemetry, activities; nothing else. */
    INGEST,
    /** No client: dead letters without a client, kill switch, provisioning. */
    OPERATOR;

    /** The role of that name in a token, if it is one of ours. */
    public static Optional<Role> named(String name) {
        for (Role role : values()) {
            if (role.wireName().equals(name)) {
                return Optional.of(role);
            }
        }
        return Optional.empty();
    }

    /** The name in tokens and JSON. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
