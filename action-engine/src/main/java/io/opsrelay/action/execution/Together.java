package io.opsrelay.action.execution;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/** Work that waits for others, done at once. */
final class Together {

    private Together() {}

    /**
     * Does all of it, each on a thread of its own, and hands the results over in groups: what has come while the group
     * before was being taken. So nothing waits for a slow one, and what comes together shares a transaction.
     *
     * @param taking runs on the calling thread
     * @throws IllegalStateException at the end, if work or the taking of results failed
     */
    static <T> void inGroups(List<Callable<T>> work, Consumer<List<T>> taking) {
        BlockingQueue<Result<T>> results = new LinkedBlockingQueue<>();
        work.forEach(each -> Thread.ofVirtual().start(() -> results.add(resultOf(each))));
        List<Exception> failures = new ArrayList<>();
        for (int left = work.size(); left > 0; ) {
            List<Result<T>> group = new ArrayList<>();
            group.add(awaited(results));
            results.drainTo(group);
            left -= group.size();
            List<T> values = new ArrayList<>();
            for (Result<T> result : group) {
                switch (result) {
                    case Result.Value<T>(T value) -> values.add(value);
                    case Result.Failure<T>(Exception failure) -> failures.add(failure);
                }
            }
            try {
                if (!values.isEmpty()) {
                    taking.accept(values);
                }
            } catch (RuntimeException e) {
                failures.add(e);
            }
        }
        if (!failures.isEmpty()) {
            throw new IllegalStateException(failures.size() + " failed of what was done together", failures.getFirst());
        }
    }

    private static <T> Result<T> resultOf(Callable<T> work) {
        try {
            return new Result.Value<>(work.call());
        } catch (Exception e) {
            return new Result.Failure<>(e);
        } catch (Throwable e) {
            // Whatever it is: somebody waits for this thread's word.
            return new Result.Failure<>(new IllegalStateException("the work ended with an error", e));
        }
    }

    private static <T> Result<T> awaited(BlockingQueue<Result<T>> results) {
        try {
            return results.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while others work", e);
        }
    }

    private sealed interface Result<T> {
        record Value<T>(T value) implements Result<T> {}

        record Failure<T>(Exception failure) implements Result<T> {}
    }
}
