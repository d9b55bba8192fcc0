package io.opsrelay.messaging;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Which failpoints of this process are armed. {@code OPSRELAY_FAILPOINTS} holds {@code name=n} pairs, separated by
 * commas: the process halts at the n-th passage. {@code OPSRELAY_FAILPOINT_MARKERS} names a folder that keeps one file
 * per point that has fired, so that of all processes with this environment one fires it, once.
 *
 * <p>With {@code name=gather} the point waits to be armed while the process runs: a file {@code name.gather} in that
 * folder holds a number. So many threads are held at the point, however long that takes, and then the process halts with
 * all of them there; the file goes with it. One death so stands for many kinds of work.
 */
final class Failpoints {

    private static final String POINTS = "OPSRELAY_FAILPOINTS";
    private static final String MARKERS = "OPSRELAY_FAILPOINT_MARKERS";
    /** What a shell reports of a process that kill -9 ended. */
    private static final int KILLED = 137;

    private static final String GATHER = "gather";

    private final Map<Failpoint, AtomicInteger> left;
    /** How many threads are held at each point that can be armed later. */
    private final Map<Failpoint, AtomicInteger> held = new EnumMap<>(Failpoint.class);

    private final Path markers;

    private Failpoints(Map<Failpoint, AtomicInteger> left, Path markers) {
        this.left = left;
        this.markers = markers;
    }

    /** Those that the environment arms. */
    static Failpoints ofThisProcess() {
        return Own.FAILPOINTS;
    }

    /** @throws IllegalArgumentException if they cannot be understood, or would fire again at each start */
    static Failpoints of(@Nullable String points, @Nullable String markers) {
        if (points == null || points.isBlank()) {
            return new Failpoints(Map.of(), Path.of(""));
        }
        if (markers == null || markers.isBlank()) {
            throw new IllegalArgumentException(MARKERS + " must name a folder: without it each start would fire anew");
        }
        Failpoints armed = new Failpoints(new EnumMap<>(Failpoint.class), Path.of(markers));
        for (String pair : points.split(",", -1)) {
            armed.arm(pair.strip().split("=", -1));
        }
        return armed;
    }

    private void arm(String[] pair) {
        Failpoint point = Arrays.stream(Failpoint.values())
                .filter(known -> known.wireName().equals(pair[0]))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(POINTS + ": there is no point '" + pair[0] + "'"));
        if (pair.length == 2 && pair[1].equals(GATHER)) {
            held.put(point, new AtomicInteger());
            return;
        }
        if (pair.length != 2 || !pair[1].matches("[1-9]\\d{0,8}")) {
            throw new IllegalArgumentException(
                    POINTS + " must be name=passage or name=gather pairs, also for " + pair[0]);
        }
        if (!Files.exists(markers.resolve(pair[0]))) {
            left.put(point, new AtomicInteger(Integer.parseInt(pair[1])));
        }
    }

    /** Ends the process if this is the passage it is armed for. */
    void pass(Failpoint point) {
        if (left.isEmpty() && held.isEmpty()) {
            return;
        }
        AtomicInteger passages = left.get(point);
        if (passages != null && passages.decrementAndGet() == 0) {
            fire(point.wireName());
        }
        AtomicInteger gathered = held.get(point);
        if (gathered != null) {
            gather(point.wireName(), gathered);
        }
    }

    /** Holds the thread for good if the point is armed, or ends the process if it is the last that was waited for. */
    private void gather(String point, AtomicInteger gathered) {
        Path order = markers.resolve(point + "." + GATHER);
        try {
            if (!Files.exists(order)) {
                return;
            }
            int wanted = Integer.parseInt(Files.readString(order).strip());
            if (gathered.incrementAndGet() == wanted) {
                Files.delete(order);
                halt(point);
            }
            new CountDownLatch(1).await();
        } catch (IOException e) {
            throw new UncheckedIOException("the order to gather at failpoint " + point + " cannot be read", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while held at failpoint " + point, e);
        }
    }

    /** Ends the process, unless another one was first at this point. */
    private void fire(String point) {
        try {
            Files.createDirectories(markers);
            Files.writeString(
                    Files.createFile(markers.resolve(point)),
                    System.getProperty("opsrelay.process", "process") + " "
                            + ProcessHandle.current().pid() + "\n");
        } catch (FileAlreadyExistsException e) {
            return;
        } catch (IOException e) {
            throw new UncheckedIOException("the marker of failpoint " + point + " cannot be written", e);
        }
        halt(point);
    }

    private static void halt(String point) {
        System.err.println("failpoint " + point + ": this process halts here");
        System.err.flush();
        Runtime.getRuntime().halt(KILLED);
    }

    private static final class Own {
        static final Failpoints FAILPOINTS = of(System.getenv(POINTS), System.getenv(MARKERS));
    }
}
