package io.opsrelay.benchmarks;

import io.opsrelay.agent.vector.VectorSet;
import java.io.PrintStream;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * How long the exact search for the nearest of a client's passages takes, by the class that agent-service searches with.
 * Vectors are made up: every one is compared whatever it holds.
 */
final class VectorsBench implements Bench {

    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int BATCH = 500;
    private static final int NEAREST = 50;

    private final PrintStream out;
    private final PrintStream err;

    VectorsBench(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    @Override
    public String name() {
        return "vectors";
    }

    @Override
    public String summary() {
        return "Time of the exact search among a client's passages by their vectors. Needs no running system.";
    }

    @Override
    public String usage() {
        return """
            --passages N    passages of the client; without it 10000 and 50000
            --dimensions N  numbers of a vector; without it 384 and 1024
            --searches N    searches that are measured, after as many that are not (200)\
            """;
    }

    @Override
    public int run(Options options) throws Exception {
        options.allow("passages", "dimensions", "searches");
        int searches = (int) options.positive("searches", 200);
        long[] sizes = options.isGiven("passages")
                ? new long[] {(long) options.positive("passages", 1)}
                : new long[] {10_000, 50_000};
        long[] dimensions = options.isGiven("dimensions")
                ? new long[] {(long) options.positive("dimensions", 1)}
                : new long[] {384, 1024};
        out.printf("%10s %10s %10s %10s %10s %10s%n", "passages", "dimensions", "MiB", "p50, ms", "p99, ms", "max, ms");
        for (long dimension : dimensions) {
            for (long size : sizes) {
                measure((int) size, (int) dimension, searches);
            }
        }
        Machine machine = Machine.describe(Clock.systemUTC());
        out.printf(
                "%n%d cores (%s), %d MiB, %s, JDK %s, %s%n",
                machine.cores(),
                machine.processor(),
                machine.memoryMib(),
                machine.system(),
                machine.jdk(),
                machine.date());
        return 0;
    }

    private void measure(int size, int dimensions, int searches) {
        err.printf("Making %d vectors of %d dimensions%n", size, dimensions);
        Random random = new Random(size + dimensions);
        VectorSet<Integer> set = VectorSet.empty(dimensions);
        while (set.size() < size) {
            List<Integer> keys = new ArrayList<>();
            List<float[]> vectors = new ArrayList<>();
            for (int i = 0; i < Math.min(BATCH, size - set.size()); i++) {
                keys.add(set.size() + i);
                vectors.add(unit(random, dimensions));
            }
            set = set.with(keys, vectors);
        }
        Histogram nanos = new Histogram(LONGEST_NANOS, 3);
        for (int i = 0; i < 2 * searches; i++) {
            float[] wanted = unit(random, dimensions);
            long before = System.nanoTime();
            int found = set.nearest(wanted, NEAREST).size();
            long took = System.nanoTime() - before;
            if (found != Math.min(NEAREST, size)) {
                throw new IllegalStateException(found + " found among " + size);
            }
            if (i >= searches) {
                nanos.recordValue(Math.min(took, LONGEST_NANOS));
            }
        }
        out.printf(
                Locale.ROOT,
                "%10d %10d %10.0f %10.2f %10.2f %10.2f%n",
                size,
                dimensions,
                set.bytes() / 1048576.0,
                nanos.getValueAtPercentile(50) / 1e6,
                nanos.getValueAtPercentile(99) / 1e6,
                nanos.getMaxValue() / 1e6);
    }

    private static float[] unit(Random random, int dimensions) {
        float[] vector = new float[dimensions];
        double squares = 0;
        for (int i = 0; i < dimensions; i++) {
            vector[i] = (float) random.nextGaussian();
            squares += (double) vector[i] * vector[i];
        }
        for (int i = 0; i < dimensions; i++) {
            vector[i] /= (float) Math.sqrt(squares);
        }
        return vector;
    }
}
