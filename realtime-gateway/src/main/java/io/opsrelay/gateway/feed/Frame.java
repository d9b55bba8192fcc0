package io.opsrelay.gateway.feed;

import io.opsrelay.contracts.Channels;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One feed record as it goes over the wire: encoded once, sent to many. Immutable, but callers must not write into
 * {@link #text()}.
 */
public final class Frame {

    /** What a frame costs in memory beside its text: this object, its strings, its place in the ring. */
    private static final int OVERHEAD_BYTES = 200;

    private static final byte[] CHANNEL = "\",\"channel\":\"".getBytes(StandardCharsets.US_ASCII);

    private final long sequence;
    private final long offset;
    private final String channel;
    private final String key;
    private final String type;
    private final String epoch;
    private final long keyPrev;
    private final byte[] text;
    private final int tail;

    /**
     * @param sequence place in the ring, counted from 0
     * @param prev offset of the channel's frame before this one; negative if unknown or without meaning
     * @param keyPrev the same among the channel's frames with this key
     * @param tail JSON after the positions, from {@code ,"time":} to the end
     */
    Frame(
            long sequence,
            String epoch,
            long offset,
            String type,
            String channel,
            String key,
            long prev,
            long keyPrev,
            byte[] tail) {
        this.sequence = sequence;
        this.epoch = epoch;
        this.offset = offset;
        this.type = type;
        this.channel = channel;
        this.key = key;
        this.keyPrev = keyPrev;
        this.text = encode(channel, offset, channel.equals(FeedChannels.ME) ? keyPrev : prev, false, tail, 0);
        this.tail = text.length - tail.length;
    }

    /** Kafka's offset. */
    public long offset() {
        return offset;
    }

    /** The record's channel. */
    public String channel() {
        return channel;
    }

    /** The id of the entity that it is about. */
    public String key() {
        return key;
    }

    /** The whole frame, UTF-8. */
    public byte[] text() {
        return text;
    }

    /**
     * The frame for {@code ticket:<key>}, with that channel's name and chain. Cut anew at each call: few people look at
     * one ticket, and what is not kept need not be counted.
     *
     * @throws IllegalStateException if this is no frame of {@code tickets}
     */
    public byte[] ticketText() {
        if (!channel.equals(Channels.TICKETS)) {
            throw new IllegalStateException("only tickets' frames are cut by ticket, not those of " + channel);
        }
        return encode(FeedChannels.TICKET_PREFIX + key, offset, keyPrev, false, text, tail);
    }

    /** The frame as part of the present state, which was read up to the offset. */
    public byte[] snapshotText(long readUpTo) {
        return encode(channel, readUpTo, -1, true, text, tail);
    }

    /** Place in the ring. */
    public long sequence() {
        return sequence;
    }

    int bytes() {
        return text.length + OVERHEAD_BYTES + 2 * (key.length() + type.length());
    }

    /** Channel, epoch and type need no escaping: they are checked to hold nothing that would. */
    private byte[] encode(String name, long position, long prev, boolean snapshot, byte[] rest, int from) {
        String end = "\",\"epoch\":\"" + epoch + "\",\"offset\":" + position + (prev < 0 ? "" : ",\"prev\":" + prev)
                + (snapshot ? ",\"snapshot\":true" : "");
        byte[] start = ("{\"type\":\"" + type).getBytes(StandardCharsets.US_ASCII);
        byte[] escapedName = Json.escaped(name);
        byte[] middle = end.getBytes(StandardCharsets.US_ASCII);
        byte[] all = new byte[start.length + CHANNEL.length + escapedName.length + middle.length + rest.length - from];
        int at = put(all, 0, start, 0);
        at = put(all, at, CHANNEL, 0);
        at = put(all, at, escapedName, 0);
        at = put(all, at, middle, 0);
        put(all, at, rest, from);
        return all;
    }

    private static int put(byte[] into, int at, byte[] part, int from) {
        System.arraycopy(part, from, into, at, part.length - from);
        return at + part.length - from;
    }

    /** For a person. */
    @Override
    public String toString() {
        return "Frame[" + type + ", " + channel + ", " + offset + "]";
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
