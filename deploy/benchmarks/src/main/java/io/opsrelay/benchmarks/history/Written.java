package io.opsrelay.benchmarks.history;

import java.util.Set;

/**
 * A record of the feed, as Kafka holds it.
 *
 * @param key the ticket, the person, the figure that it is about
 * @param version counts up by client, channel and key
 */
public record Written(long offset, String client, String channel, String key, long version) {

    /** The channel of what is for one person. */
    public static final String ME = "me";
    /** Before a ticket's id: the channel of that ticket. */
    public static final String TICKET = "ticket:";

    /** Channels of which only the newest record of a key counts. */
    public static final Set<String> STATES = Set.of("metrics", "queue");

    /**
     * Whether it is to be shown to that person of its client.
     *
     * @param subscribed the channel as it was subscribed to
     */
    public boolean isFor(String user, String subscribed) {
        if (subscribed.startsWith(TICKET)) {
            return channel.equals("tickets") && key.equals(subscribed.substring(TICKET.length()));
        }
        return channel.equals(subscribed) && (!channel.equals(ME) || key.equals(user));
    }
}
