package io.opsrelay.agent.owntool;

import io.opsrelay.contracts.TicketEvent.TicketReceived;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a tool is told of the ticket without a model's doing. */
enum TicketValue {
    CLIENT_ID,
    TICKET_ID,
    CUSTOMER_ID,
    CUSTOMER_EMAIL;

    /** Whether it tells whose ticket it is, which holds only of a sender who is who they say. */
    boolean needsVerification() {
        return this == CUSTOMER_ID || this == CUSTOMER_EMAIL;
    }

    /** The one that a configuration calls {@code customer-email} or the like; null if there is none. */
    static @Nullable TicketValue named(String name) {
        for (TicketValue value : values()) {
            if (value.name().equalsIgnoreCase(name.strip().replace('-', '_'))) {
                return value;
            }
        }
        return null;
    }

    /** All of a configuration that was checked. */
    static Map<String, TicketValue> named(Map<String, String> configured) {
        Map<String, TicketValue> named = new LinkedHashMap<>();
        configured.forEach((name, value) -> named.put(name, Objects.requireNonNull(named(value))));
        return named;
    }

    String of(String clientId, TicketReceived ticket) {
        return switch (this) {
            case CLIENT_ID -> clientId;
            case TICKET_ID -> ticket.ticketId().toString();
            case CUSTOMER_ID -> ticket.customer().customerId().toString();
            case CUSTOMER_EMAIL -> ticket.customer().email();
        };
    }
}
