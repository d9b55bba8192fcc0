package io.opsrelay.benchmarks.gateways;

import io.opsrelay.benchmarks.history.History.Dashboard;
import io.opsrelay.benchmarks.history.Written;
import java.util.List;
import java.util.Map;

/**
 * What was written, what was done to the gateways, and what each of their clients was sent. Moments are of
 * {@link System#nanoTime}.
 *
 * @param written in the order of Kafka's partitions
 * @param outages when there was no Kafka
 */
record Account(List<Written> written, List<Watched> watched, List<Drain> drains, List<Outage> outages) {

    Account {
        written = List.copyOf(written);
        watched = List.copyOf(watched);
        drains = List.copyOf(drains);
        outages = List.copyOf(outages);
    }

    /**
     * All about one client of the gateways.
     *
     * @param dashboard what came on its event channels
     * @param channels what it subscribes to
     * @param states of each state channel, the version that it shows of each key at the end
     * @param wrongs what it was sent and should not have been, in words
     */
    record Watched(
            Dashboard dashboard,
            String user,
            List<String> channels,
            Map<String, Map<String, Long>> states,
            List<Told> told,
            List<Stay> stays,
            List<String> wrongs) {

        Watched {
            channels = List.copyOf(channels);
            states = Map.copyOf(states);
            told = List.copyOf(told);
            stays = List.copyOf(stays);
            wrongs = List.copyOf(wrongs);
        }

        String name() {
            return dashboard.client() + "'s dashboard " + dashboard.name();
        }
    }

    /** A {@code resync}. */
    record Told(String channel, String reason, long at) {}

    /**
     * A connection that was signed in.
     *
     * @param gateway which start of which gateway
     * @param sentAway whether it was asked to go elsewhere
     * @param code of the close frame, 0 if none came
     * @param own whether it was the client that did not read, or left
     */
    record Stay(String gateway, long from, long to, boolean sentAway, int code, boolean own) {}

    /** A gateway was told to stop. */
    record Drain(String gateway, long at) {}

    /** Kafka was away. */
    record Outage(long from, long to) {}
}
