package io.opsrelay.gateway.socketio;

import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.MonoSink;

/** HTTP long polling: one request waits until there is something to say. */
final class Polling implements Transport {

    private @Nullable MonoSink<String> waiting;

    /** A poll came; false if one is waiting already, which the protocol forbids. */
    boolean await(MonoSink<String> poll) {
        if (waiting != null) {
            return false;
        }
        waiting = poll;
        return true;
    }

    /** The poll was answered, or its caller has gone. */
    void ended(MonoSink<String> poll) {
        if (waiting == poll) {
            waiting = null;
        }
    }

    /** Answers a poll that waits, so that no packet is on its way when the transport is changed. */
    void release() {
        if (waiting != null) {
            send(List.of(EnginePacket.NOOP));
        }
    }

    @Override
    public boolean ready() {
        return waiting != null;
    }

    /** All: there is one body, and its reader has asked for it. */
    @Override
    public int batch() {
        return Integer.MAX_VALUE;
    }

    @Override
    public void send(List<String> packets) {
        MonoSink<String> poll = waiting;
        if (poll == null) {
            throw new IllegalStateException("no poll is waiting");
        }
        waiting = null;
        poll.success(EnginePacket.join(packets));
    }

    /** If no poll is waiting, the next one finds that the session is unknown, which is as good. */
    @Override
    public void close(Ending why) {
        if (waiting != null) {
            send(List.of(EnginePacket.CLOSE));
        }
    }
}
