package io.opsrelay.gateway.socketio;

import java.util.List;

/** How packets get to a client. Confined to the module's thread. */
interface Transport {

    /** Whether there is room for packets. */
    boolean ready();

    /** Most packets to be sent in one go, so that a slow client's stay where they can be replaced. */
    int batch();

    /** @param packets not empty */
    void send(List<String> packets);

    /** Ends it. What waits here is still sent. */
    void close(Ending why);
}
