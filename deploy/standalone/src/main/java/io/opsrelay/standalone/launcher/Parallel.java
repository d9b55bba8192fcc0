package io.opsrelay.standalone.launcher;

/**
 * Where things are done side by side. Platform threads, on purpose: virtual ones that load their first classes at the
 * same moment hold on to their carriers, and on two processors that has been seen to lock up for good.
 */
final class Parallel {

    private Parallel() {}

    static Thread start(Runnable task) {
        return Thread.ofPlatform().daemon().start(task);
    }
}
