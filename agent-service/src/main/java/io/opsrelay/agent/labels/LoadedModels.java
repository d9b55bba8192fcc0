package io.opsrelay.agent.labels;

import io.opsrelay.agent.learning.LabelModel;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Models in memory, those used last, as many as a number of bytes allows. A model is loaded once for all who want it. */
final class LoadedModels {

    /** What an entry takes beside its model, and one that could not be loaded takes at all. */
    private static final long OVERHEAD_BYTES = 1_000;

    private final long mostBytes;
    private final Loader loader;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Key, CompletableFuture<Optional<LabelModel>>> models = new LinkedHashMap<>(16, 0.75f, true);

    LoadedModels(long mostBytes, Loader loader) {
        this.mostBytes = mostBytes;
        this.loader = loader;
    }

    /** Brings a model from where it is kept. */
    @FunctionalInterface
    interface Loader {
        Optional<LabelModel> load(String clientId, int version);
    }

    /** The model, loaded if need be; empty if it cannot be, which is not tried again while that is remembered. */
    Optional<LabelModel> get(String clientId, int version) {
        Key key = new Key(clientId, version);
        CompletableFuture<Optional<LabelModel>> own = new CompletableFuture<>();
        CompletableFuture<Optional<LabelModel>> known = known(key, own);
        if (known != null) {
            return joined(known);
        }
        try {
            Optional<LabelModel> model = loader.load(clientId, version);
            own.complete(model);
            makeRoom(key);
            return model;
        } catch (RuntimeException e) {
            forget(key);
            own.completeExceptionally(e);
            throw e;
        }
    }

    private @Nullable CompletableFuture<Optional<LabelModel>> known(
            Key key, CompletableFuture<Optional<LabelModel>> own) {
        lock.lock();
        try {
            CompletableFuture<Optional<LabelModel>> known = models.get(key);
            if (known == null) {
                models.put(key, own);
            }
            return known;
        } finally {
            lock.unlock();
        }
    }

    private void forget(Key key) {
        lock.lock();
        try {
            models.remove(key);
        } finally {
            lock.unlock();
        }
    }

    /** Lets go of what was not used for longest. The one just loaded stays, even if it alone is too large. */
    private void makeRoom(Key loaded) {
        lock.lock();
        try {
            long bytes = models.values().stream().mapToLong(LoadedModels::bytes).sum();
            Iterator<Map.Entry<Key, CompletableFuture<Optional<LabelModel>>>> oldest =
                    models.entrySet().iterator();
            while (bytes > mostBytes && oldest.hasNext()) {
                Map.Entry<Key, CompletableFuture<Optional<LabelModel>>> entry = oldest.next();
                if (!entry.getKey().equals(loaded) && entry.getValue().isDone()) {
                    bytes -= bytes(entry.getValue());
                    oldest.remove();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private static long bytes(CompletableFuture<Optional<LabelModel>> entry) {
        Optional<LabelModel> model =
                entry.isCompletedExceptionally() ? Optional.empty() : entry.getNow(Optional.empty());
        return OVERHEAD_BYTES + model.map(LabelModel::bytes).orElse(0L);
    }

    private static Optional<LabelModel> joined(CompletableFuture<Optional<LabelModel>> known) {
        try {
            return known.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    private record Key(String clientId, int version) {}
}
