package io.opsrelay.agent.run;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.springframework.stereotype.Component;

/**
 * What answers that are under way will likely cost, by client, so that the day's budget is not spent many times over by
 * runs that all looked before the first of them was booked. Each instance knows its own.
 */
@Component
class Commitments {

    private final ConcurrentMap<String, Long> micros = new ConcurrentHashMap<>();

    /**
     * Holds a sum until what it was held for is booked, or is not to be. To be done before what was spent is looked at: then
     * another's sum is held still, or booked already.
     *
     * @param amount millionths of a US dollar
     */
    Held hold(String clientId, long amount) {
        long all = micros.merge(clientId, amount, Long::sum);
        return new Held(this, clientId, amount, all - amount);
    }

    private void release(String clientId, long amount) {
        micros.computeIfPresent(clientId, (client, held) -> held <= amount ? null : held - amount);
    }

    /**
     * A sum that is held until it is closed.
     *
     * @param before what was held for others of the client, in millionths of a US dollar
     */
    record Held(Commitments of, String clientId, long amount, long before) implements AutoCloseable {

        @Override
        public void close() {
            of.release(clientId, amount);
        }
    }
}
