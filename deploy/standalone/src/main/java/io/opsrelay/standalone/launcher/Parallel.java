package io.opsrelay.standalone.launcher;

import java.util.List;

/**
 * Where things are done side by side. Platform threads, on purpose: virtual ones that load their first classes at the
 * same moment hold on to their carriers, and on two processors that has been seen to lock up for good.
 */
final class Parallel {

    private Parallel() {}

    static Thread start(Runnable task) {
        return Thread.ofPlatform().daemon().start(task);
    }

    /** Returns when all are done. */
    static void runAll(List<Runnable> tasks) {
        List<Thread> threads = tasks.stream().map(Parallel::start).toList();
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
