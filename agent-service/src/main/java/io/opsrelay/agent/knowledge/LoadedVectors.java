package io.opsrelay.agent.knowledge;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Weigher;
import io.opsrelay.agent.knowledge.VectorStore.Located;
import io.opsrelay.agent.knowledge.VectorStore.State;
import io.opsrelay.agent.vector.VectorSet;
import io.opsrelay.agent.vector.VectorSet.Near;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Vectors of clients that were searched of late, in memory: as many as a number of bytes allows. Before each search what has
 * changed since is added. Within a transaction of the client.
 */
@Component
class LoadedVectors {

    private static final int KILO = 1024;
    private static final int AT_ONCE = 500;
    /** Vectors of passages that are gone stay until they are so many more than these, or a quarter of all. */
    private static final int FEW = 256;

    /** Each holds a connection, and memory beyond what is counted. */
    private static final int LOADS_AT_ONCE = 2;

    private static final Duration LONGEST_WAIT = Duration.ofMillis(200);

    private static final Logger LOG = LoggerFactory.getLogger(LoadedVectors.class);

    private final VectorStore store;
    private final long mostBytes;
    private final Cache<String, Loaded> loaded;
    private final Semaphore loads = new Semaphore(LOADS_AT_ONCE);

    LoadedVectors(VectorStore store, KnowledgeProperties properties) {
        this.store = store;
        this.mostBytes = properties.vectorMemory().toBytes();
        this.loaded = Caffeine.newBuilder()
                .maximumWeight(mostBytes / KILO)
                .weigher((Weigher<String, Loaded>) (client, vectors) ->
                        (int) Math.min(Integer.MAX_VALUE, 1 + vectors.set().bytes() / KILO))
                .executor(Runnable::run)
                .build();
    }

    /** Whether so many vectors can be searched. */
    boolean fits(long vectors, int dimensions) {
        return VectorSet.bytes(vectors, dimensions) <= mostBytes;
    }

    /**
     * The passages of the transaction's client that mean most nearly the same, nearest first. Some may be gone by now.
     *
     * @param space in which {@code wanted} is a vector
     * @return empty if the vectors would have to be loaded, and too many others are
     */
    Optional<List<Near<Located>>> nearest(String space, float[] wanted, int most) {
        Optional<State> state = store.state();
        if (state.isEmpty()) {
            return Optional.of(List.of());
        }
        Loaded known = loaded.getIfPresent(state.get().clientId());
        if (known != null && known.isOf(space, wanted.length)) {
            return Optional.of(nearest(state.get(), space, wanted, most));
        }
        if (!mayLoad()) {
            return Optional.empty();
        }
        try {
            return Optional.of(nearest(state.get(), space, wanted, most));
        } finally {
            loads.release();
        }
    }

    private boolean mayLoad() {
        try {
            return loads.tryAcquire(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private List<Near<Located>> nearest(State state, String space, float[] wanted, int most) {
        Loaded current =
                loaded.asMap().compute(state.clientId(), (client, before) -> refreshed(state, space, wanted, before));
        return current == null ? List.of() : current.set().nearest(wanted, most);
    }

    private @Nullable Loaded refreshed(State state, String space, float[] wanted, @Nullable Loaded before) {
        Loaded nothing = new Loaded(space, -1, -1, VectorSet.empty(wanted.length));
        Loaded known = before != null && before.isOf(space, wanted.length) ? before : nothing;
        if (known.generation() == state.generation()) {
            return known;
        }
        long live = store.size(space, wanted.length);
        if (!fits(live, wanted.length)) {
            LOG.warn(
                    "{} vectors of {} need more than opsrelay.knowledge.vector-memory; full text searches alone",
                    live,
                    state.clientId());
            return null;
        }
        Loaded grown = grown(known, state.generation());
        return grown.set().size() > live + Math.max(FEW, live / 4) ? grown(nothing, state.generation()) : grown;
    }

    /** With those that are newer than the newest it has. */
    private Loaded grown(Loaded from, long generation) {
        List<Located> keys = new ArrayList<>();
        List<float[]> vectors = new ArrayList<>();
        long[] newest = {from.newest()};
        List<VectorSet<Located>> set = new ArrayList<>(List.of(from.set()));
        store.each(from.space(), from.set().dimensions(), from.newest(), (key, vector) -> {
            keys.add(key);
            vectors.add(vector);
            newest[0] = Math.max(newest[0], key.stamp());
            if (keys.size() == AT_ONCE) {
                set.set(0, set.getFirst().with(keys, vectors));
                keys.clear();
                vectors.clear();
            }
        });
        return new Loaded(from.space(), generation, newest[0], set.getFirst().with(keys, vectors));
    }

    /**
     * A client's vectors.
     *
     * @param generation when they were looked at last
     * @param newest stamp among them
     */
    private record Loaded(String space, long generation, long newest, VectorSet<Located> set) {

        boolean isOf(String otherSpace, int dimensions) {
            return space.equals(otherSpace) && set.dimensions() == dimensions;
        }
    }
}
