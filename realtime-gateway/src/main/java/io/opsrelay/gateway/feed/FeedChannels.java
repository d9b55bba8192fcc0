package io.opsrelay.gateway.feed;

import io.opsrelay.contracts.Channels;
import java.util.Set;

/**
 * Names of the channels that dashboards can subscribe to. On an event channel every frame counts and is chained by
 * {@code prev}; on a state channel only the newest frame of each key does.
 */
public final class FeedChannels {

    /** Begins {@code ticket:<id>}, which is cut from {@link Channels#TICKETS}. */
    public static final String TICKET_PREFIX = "ticket:";

    /** Frames for one person; their record's key is the user's name. */
    public static final String ME = "me";

    /** Chat messages. */
    public static final String MESSAGES = "messages";

    /** What AI employees do. */
    public static final String AI = Channels.AI;

    /** State channels. */
    public static final Set<String> STATE = Set.of("sessions", "queue", "agents", "metrics", "services");

    /** Event channels, {@code ticket:<id>} aside. */
    public static final Set<String> EVENT =
            Set.of(Channels.TICKETS, Channels.APPROVALS, Channels.ACTIONS, MESSAGES, AI, ME);

    private FeedChannels() {}

    /** Whether feed records of this channel can be subscribed to. */
    static boolean isKnown(String channel) {
        return EVENT.contains(channel) || STATE.contains(channel);
    }
}
