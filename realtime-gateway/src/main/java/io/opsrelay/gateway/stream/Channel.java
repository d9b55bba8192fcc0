package io.opsrelay.gateway.stream;

import io.opsrelay.contracts.Channels;
import io.opsrelay.gateway.feed.FeedChannels;
import io.opsrelay.security.Caller;
import io.opsrelay.security.Role;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A channel that can be subscribed to.
 *
 * @param name as in frames
 * @param ticket the id in {@code ticket:<id>}
 */
public record Channel(String name, @Nullable String ticket) {

    /** What somebody at the desk works with; others do not see conversations. */
    private static final Set<String> DESK = Set.of("sessions", "queue", "agents", FeedChannels.MESSAGES);

    private static final Pattern TICKET_ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    /** The channel of that name, if there is one. */
    public static Optional<Channel> named(String name) {
        if (FeedChannels.EVENT.contains(name) || FeedChannels.STATE.contains(name)) {
            return Optional.of(new Channel(name, null));
        }
        if (name.startsWith(FeedChannels.TICKET_PREFIX)) {
            String id = name.substring(FeedChannels.TICKET_PREFIX.length());
            return TICKET_ID.matcher(id).matches() ? Optional.of(new Channel(name, id)) : Optional.empty();
        }
        return Optional.empty();
    }

    /** Whether the caller may see it. Of which client's it is the token says, never the name. */
    public boolean allows(Caller caller) {
        if (caller.clientIdOrNull() == null) {
            return false;
        }
        return DESK.contains(name)
                ? caller.hasAny(Role.AGENT, Role.ADMIN)
                : caller.hasAny(Role.VIEWER, Role.APPROVER, Role.SRE, Role.AGENT, Role.ADMIN);
    }

    /** Only the newest frame of each key counts: nothing is replayed, so nothing can be missing. */
    boolean isState() {
        return FeedChannels.STATE.contains(name);
    }

    /** Where the present state is read; null while no service serves it. */
    @Nullable
    String snapshot() {
        if (ticket != null) {
            return "/api/v1/tickets/" + ticket;
        }
        return switch (name) {
            case Channels.TICKETS -> "/api/v1/tickets";
            case Channels.APPROVALS -> "/api/v1/approvals";
            case Channels.ACTIONS -> "/api/v1/actions";
            case Channels.METRICS -> "/api/v1/dashboard";
            case Channels.AI -> "/api/v1/ai/activities";
            default -> null;
        };
    }
}
