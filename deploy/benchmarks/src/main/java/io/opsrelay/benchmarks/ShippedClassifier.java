package io.opsrelay.benchmarks;

import io.opsrelay.agent.classify.Understander;
import io.opsrelay.agent.privacy.Mapping;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Texts read as agent-service reads those of tickets: redacted, classified, their language, industry and region told. No
 * HTTP, no database, no caller on the same processors.
 */
final class ShippedClassifier {

    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final Understander understander = Understander.shipped();
    private final List<String> texts;

    /** @param texts at least one; they are read over and over */
    ShippedClassifier(List<String> texts) {
        this.texts = List.copyOf(texts);
    }

    /** Reads for a while on so many threads. */
    Speed read(int threads, Duration lasting) throws Exception {
        long began = System.nanoTime();
        try (ExecutorService readers = Executors.newFixedThreadPool(threads)) {
            List<Future<Share>> all = new ArrayList<>();
            for (int reader = 0; reader < threads; reader++) {
                int first = reader * texts.size() / threads;
                all.add(readers.submit(() -> readUntil(first, began + lasting.toNanos())));
            }
            Histogram nanos = new Histogram(LONGEST_NANOS, 3);
            long processorNanos = 0;
            for (Future<Share> one : all) {
                nanos.add(one.get().nanos());
                processorNanos += one.get().processorNanos();
            }
            return new Speed(
                    nanos,
                    nanos.getTotalCount() * 1e9 / (System.nanoTime() - began),
                    processorNanos / 1e3 / nanos.getTotalCount());
        }
    }

    private Share readUntil(int first, long end) {
        Histogram nanos = new Histogram(LONGEST_NANOS, 3);
        long began = THREADS.getCurrentThreadCpuTime();
        for (int i = first; System.nanoTime() - end < 0; i++) {
            long before = System.nanoTime();
            understander.understand("bench", texts.get(i % texts.size()), Mapping.none(), List.of());
            nanos.recordValue(Math.min(System.nanoTime() - before, LONGEST_NANOS));
        }
        return new Share(nanos, THREADS.getCurrentThreadCpuTime() - began);
    }

    /** What one thread did. */
    private record Share(Histogram nanos, long processorNanos) {}

    /**
     * How fast it was.
     *
     * @param nanos of each text
     * @param aSecond texts, all threads together
     * @param processorMicros of the readers, for a text: others on the same processors do not count
     */
    record Speed(Histogram nanos, double aSecond, double processorMicros) {}
}
