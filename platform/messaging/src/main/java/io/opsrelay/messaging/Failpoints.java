package io.opsrelay.messaging;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which failpoints of this process are armed. {@code OPSRELAY_FAILPOINTS} holds {@code name=n} pairs, separated by
 * commas: the process halts at the n-th passage. {@code OPSRELAY_FAILPOINT_MARKERS} names a folder that keeps one file
 * per name that has fired, and who it was, so that of all processes with this environment one fires it, once.
 *
 * <p>A name is a point's, or one service's point ({@code agent-service/before-commit=15}): then only the processes of
 * that service count, and the marker lies in a folder named like the service.
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
    private static final Pattern PAIR =
            Pattern.compile("(?<name>(?:(?<service>[a-z][a-z-]*)/)?(?<point>[a-z-]+))=(?<when>gather|[1-9]\\d{0,8})");

    private final List<Armed> armed = new ArrayList<>();
    private final Path markers;
    private final String process;

    /**
     * One that this process counts for.
     *
     * @param gathers whether it waits for an order
     * @param count passages left; of one that gathers, the threads held
     */
    private record Armed(Failpoint point, String name, boolean gathers, AtomicInteger count) {}

    private Failpoints(Path markers, String process) {
        this.markers = markers;
        this.process = process;
    }

    /** Those that the environment arms. */
    static Failpoints ofThisProcess() {
        return Own.FAILPOINTS;
    }

    /**
     * @param process what the launcher calls this process: the service's name
     * @throws IllegalArgumentException if they cannot be understood, or would fire again at each start
     */
    static Failpoints of(@Nullable String points, @Nullable String markers, String process) {
        if (points == null || points.isBlank()) {
            return new Failpoints(Path.of(""), process);
        }
        if (markers == null || markers.isBlank()) {
            throw new IllegalArgumentException(MARKERS + " must name a folder: without it each start would fire anew");
        }
        Failpoints failpoints = new Failpoints(Path.of(markers), process);
        for (String pair : points.split(",", -1)) {
            failpoints.arm(pair.strip());
        }
        return failpoints;
    }

    private void arm(String text) {
        Matcher pair = PAIR.matcher(text);
        if (!pair.matches()) {
            throw new IllegalArgumentException(POINTS + " must hold point=passage, service/point=passage or"
                    + " point=gather pairs, not '" + text + "'");
        }
        Failpoint point = Arrays.stream(Failpoint.values())
                .filter(known -> known.wireName().equals(pair.group("point")))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(POINTS + ": there is no point in '" + text + "'"));
        String service = pair.group("service");
        if (service != null && !service.equals(process)) {
            return;
        }
        String name = pair.group("name");
        if (pair.group("when").equals(GATHER)) {
            armed.add(new Armed(point, name, true, new AtomicInteger()));
        } else if (!Files.exists(markers.resolve(name))) {
            armed.add(new Armed(point, name, false, new AtomicInteger(Integer.parseInt(pair.group("when")))));
        }
    }

    /** Ends the process if this is the passage it is armed for. */
    void pass(Failpoint point) {
        if (armed.isEmpty()) {
            return;
        }
        for (Armed each : armed) {
            if (each.point != point) {
                continue;
            }
            if (each.gathers) {
                gather(each);
            } else if (each.count.decrementAndGet() == 0) {
                fire(each.name);
            }
        }
    }

    /** Holds the thread for good if the point is armed, or ends the process if it is the last that was waited for. */
    private void gather(Armed at) {
        Path order = markers.resolve(at.name + "." + GATHER);
        try {
            if (!Files.exists(order)) {
                return;
            }
            int wanted = Integer.parseInt(Files.readString(order).strip());
            if (at.count.incrementAndGet() == wanted) {
                Files.delete(order);
                halt(at.name);
            }
            new CountDownLatch(1).await();
        } catch (IOException e) {
            throw new UncheckedIOException("the order to gather at failpoint " + at.name + " cannot be read", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while held at failpoint " + at.name, e);
        }
    }

    /** Ends the process, unless another one was first at this point. Of several threads one does: a death is of one point. */
    private synchronized void fire(String name) {
        Path marker = markers.resolve(name).toAbsolutePath();
        try {
            Files.createDirectories(marker.getParent());
            Files.writeString(
                    Files.createFile(marker),
                    process + " " + ProcessHandle.current().pid() + "\n");
        } catch (FileAlreadyExistsException e) {
            return;
        } catch (IOException e) {
            throw new UncheckedIOException("the marker of failpoint " + name + " cannot be written", e);
        }
        halt(name);
    }

    private static void halt(String name) {
        System.err.println("failpoint " + name + ": this process halts here");
        System.err.flush();
        Runtime.getRuntime().halt(KILLED);
    }

    private static final class Own {
        static final Failpoints FAILPOINTS =
                of(System.getenv(POINTS), System.getenv(MARKERS), System.getProperty("opsrelay.process", "process"));
    }
}
