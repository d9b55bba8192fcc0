package io.opsrelay.benchmarks;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.HdrHistogram.Histogram;

/**
 * Brings together what was posted and what the stream told of it, in whichever order the two become known: a frame may
 * well arrive before the answer to the post. All times are of one {@link System#nanoTime} clock. Thread-safe.
 */
final class Journeys {

    private static final Set<String> ENDS = Set.of("ticket_resolved", "ticket_escalated", "ticket_failed");

    /** What one ticket went through; times in nanoseconds, 0 while unknown. */
    private static final class Journey {
        boolean accepted;
        boolean measured;
        long intendedAt;
        long answeredAt;
        long firstFrameAt;
        long resolvedAt;
        long endedAt;
        long lastVersion;
    }

    private final Map<String, Journey> byTicket = new HashMap<>();
    private long lastOffset = -1;
    private long frames;
    private long duplicates;
    private long disorders;
    private long gaps;
    private long refused;
    private long acceptedOpen;

    /** The offset up to which the subscription is complete; what comes must lie behind it. */
    synchronized void subscribedAt(long offset) {
        lastOffset = offset;
    }

    /**
     * A ticket was accepted.
     *
     * @param intendedAt when the request was due, not when it was really sent
     * @param answeredAt when the 202 was there
     */
    synchronized void accepted(String ticketId, boolean measured, long intendedAt, long answeredAt) {
        Journey journey = byTicket.computeIfAbsent(ticketId, id -> new Journey());
        if (journey.accepted) {
            duplicates++; // two posts, one ticket
            return;
        }
        journey.accepted = true;
        journey.measured = measured;
        journey.intendedAt = intendedAt;
        journey.answeredAt = answeredAt;
        if (journey.endedAt == 0) {
            acceptedOpen++;
        }
    }

    /** A request was answered otherwise than with 202, or not at all. */
    synchronized void refused() {
        refused++;
    }

    /** An event frame of the channel {@code tickets} arrived. */
    synchronized void frame(Frame frame, long at) {
        frames++;
        if (frame.offset() == lastOffset) {
            duplicates++;
            return;
        }
        if (frame.offset() < lastOffset) {
            disorders++;
            return;
        }
        if (frame.prev() > lastOffset) {
            gaps++;
        }
        lastOffset = frame.offset();

        Journey journey = byTicket.computeIfAbsent(frame.ticketId(), id -> new Journey());
        boolean first = journey.firstFrameAt == 0;
        // Two frames of one commit share a version; a smaller one is an older state told later.
        if (first != frame.type().equals("ticket_received") || frame.version() < journey.lastVersion) {
            disorders++;
        }
        journey.lastVersion = Math.max(journey.lastVersion, frame.version());
        if (first) {
            journey.firstFrameAt = at;
        }
        if (ENDS.contains(frame.type()) && journey.endedAt == 0) {
            journey.endedAt = at;
            if (frame.type().equals("ticket_resolved")) {
                journey.resolvedAt = at;
            }
            if (journey.accepted) {
                acceptedOpen--;
            }
        }
    }

    /** Whether every accepted ticket has come to its end on the stream. */
    synchronized boolean allEnded() {
        return acceptedOpen == 0;
    }

    /** Figures of the measured part; losses and disorder of the whole run. */
    synchronized Result result() {
        Result result = new Result();
        for (Journey journey : byTicket.values()) {
            // Others may be posting too: their tickets were never accepted here.
            if (journey.accepted) {
                count(journey, result);
            }
        }
        result.frames = frames;
        result.duplicates = duplicates;
        result.disorders = disorders;
        result.gaps = gaps;
        result.refused = refused;
        return result;
    }

    private static void count(Journey journey, Result result) {
        result.accepted++;
        if (journey.firstFrameAt == 0) {
            result.lost++;
        } else if (journey.endedAt == 0) {
            result.unfinished++;
        } else if (journey.resolvedAt == 0) {
            result.notResolved++;
        }
        if (!journey.measured) {
            return;
        }
        record(result.intendedToAccepted, journey.intendedAt, journey.answeredAt);
        if (journey.firstFrameAt != 0) {
            // A frame that outran the answer took no time that anybody could wait for.
            record(result.intendedToFirstFrame, journey.intendedAt, journey.firstFrameAt);
            record(result.acceptedToFirstFrame, journey.answeredAt, Math.max(journey.firstFrameAt, journey.answeredAt));
            if (journey.firstFrameAt < journey.answeredAt) {
                result.framesBeforeAnswer++;
            }
        }
        if (journey.resolvedAt != 0) {
            record(result.intendedToResolved, journey.intendedAt, journey.resolvedAt);
        }
    }

    private static void record(Histogram histogram, long from, long to) {
        histogram.recordValue(Math.max(0, to - from) / 1_000);
    }

    /**
     * A frame of the stream.
     *
     * @param prev the offset of the frame before it on this channel, -1 where the gateway does not say
     * @param version the ticket's version after the change, 0 where it is not told
     */
    record Frame(String type, String ticketId, long offset, long prev, long version) {}

    /** What came out. Histograms hold microseconds. */
    static final class Result {
        final Histogram acceptedToFirstFrame = new Histogram(3);
        final Histogram intendedToFirstFrame = new Histogram(3);
        final Histogram intendedToAccepted = new Histogram(3);
        final Histogram intendedToResolved = new Histogram(3);
        long accepted;
        /** Requests without a 202. */
        long refused;
        /** Accepted tickets of which no frame came. */
        long lost;
        /** Accepted tickets that did not come to an end before the waiting ended. */
        long unfinished;
        /** Accepted tickets that ended otherwise than resolved: correct, but not what the texts are meant to do. */
        long notResolved;
        /** Frames whose {@code prev} tells of one that never came. */
        long gaps;

        long duplicates;
        long disorders;
        long frames;
        long framesBeforeAnswer;

        boolean isSound() {
            return accepted > 0
                    && refused == 0
                    && lost == 0
                    && unfinished == 0
                    && gaps == 0
                    && duplicates == 0
                    && disorders == 0;
        }
    }
}
