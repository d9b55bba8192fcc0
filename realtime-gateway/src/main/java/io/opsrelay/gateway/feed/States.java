package io.opsrelay.gateway.feed;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The newest frame of each key of one client's state channels. The feed's thread writes, any thread reads. What was
 * reported longer ago than most others leaves memory when a channel has too many keys.
 */
public final class States {

    private static final int MOST_KEYS = 2_000;

    /** In the order of their offsets, the oldest first. */
    private final Map<String, LinkedHashMap<String, Frame>> byChannel = new HashMap<>();

    private final Map<String, Long> reported = new HashMap<>();

    States() {}

    synchronized void put(Frame frame) {
        LinkedHashMap<String, Frame> newest = byChannel.computeIfAbsent(frame.channel(), _ -> new LinkedHashMap<>());
        reported.merge(frame.channel(), 1L, Long::sum);
        newest.remove(frame.key());
        newest.put(frame.key(), frame);
        if (newest.size() > MOST_KEYS) {
            newest.remove(newest.firstEntry().getKey());
        }
    }

    /** Offset of the channel's newest frame; -1 if there is none. */
    public synchronized long newest(String channel) {
        LinkedHashMap<String, Frame> newest = byChannel.get(channel);
        return newest == null || newest.isEmpty()
                ? -1
                : newest.lastEntry().getValue().offset();
    }

    /** The channel's frames behind the offset as {@link #since}, and how many it has had by then. */
    public synchronized Said said(String channel, long offset) {
        return new Said(since(channel, offset), reported.getOrDefault(channel, 0L));
    }

    /**
     * What a channel says.
     *
     * @param frames the newest of each key, in the order of their offsets
     * @param reported how many frames it has had, those included of which a newer one took the place
     */
    public record Said(List<Frame> frames, long reported) {}

    /** The channel's frames behind the offset, the newest of each key, in the order of their offsets. */
    public synchronized List<Frame> since(String channel, long offset) {
        List<Frame> frames = new ArrayList<>();
        LinkedHashMap<String, Frame> newest = byChannel.get(channel);
        if (newest != null) {
            for (Frame frame : newest.sequencedValues().reversed()) {
                if (frame.offset() <= offset) {
                    break;
                }
                frames.add(frame);
            }
        }
        return frames.reversed();
    }
}
