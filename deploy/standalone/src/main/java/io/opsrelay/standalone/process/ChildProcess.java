package io.opsrelay.standalone.process;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * A process started by this JVM: in a session of its own, so that a terminal's Ctrl-C reaches only this JVM, and bound
 * to this JVM's life where {@code setpriv} can do that.
 */
public final class ChildProcess {

    /**
     * The kernel sends the parent-death signal when the thread that forked ends, not when its process does. All
     * children are therefore started by one thread that lives as long as the JVM.
     */
    private static final ExecutorService STARTER = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("process-starter").factory());

    private final ProcessSpec spec;
    private final Process process;
    private final ProcessIdentity identity;
    private final Instant startedAt;
    private final long logStart;

    private ChildProcess(
            ProcessSpec spec, Process process, ProcessIdentity identity, Instant startedAt, long logStart) {
        this.spec = spec;
        this.process = process;
        this.identity = identity;
        this.startedAt = startedAt;
        this.logStart = logStart;
    }

    /**
     * Starts the process and returns at once.
     *
     * @throws StartFailure if it cannot be started at all
     */
    public static ChildProcess start(ProcessSpec spec) {
        try {
            return CompletableFuture.supplyAsync(() -> fork(spec), STARTER).join();
        } catch (CompletionException e) {
            throw new StartFailure("cannot start " + spec.name() + ": " + e.getCause(), e);
        }
    }

    /** The program that, put before a command, takes it out of this terminal's reach; empty where there is none. */
    public static Optional<String> sessionLeader() {
        return Tools.SETSID;
    }

    public String name() {
        return spec.name();
    }

    public ProcessIdentity identity() {
        return identity;
    }

    public Instant startedAt() {
        return startedAt;
    }

    public boolean alive() {
        return process.isAlive();
    }

    /** Waits for the end; answers the exit code (128 + n if signal n ended it). */
    public int awaitExit() throws InterruptedException {
        return process.waitFor();
    }

    /** Waits for the end, at most {@code limit}; answers whether it has come. */
    public boolean awaitExit(Duration limit) throws InterruptedException {
        return process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    public boolean end(Ending ending) {
        return identity.end(ending);
    }

    /** The last lines that this process (not an earlier one with the same log file) has written. */
    public List<String> lastLines(int count) {
        try (RandomAccessFile file = new RandomAccessFile(spec.log().toFile(), "r")) {
            long size = file.length();
            // A log that is shorter than at the start was rotated since; all of it is this process's.
            long from = Math.max(logStart > size ? 0 : logStart, size - 64 * 1024);
            byte[] bytes = new byte[(int) (size - from)];
            file.seek(from);
            file.readFully(bytes);
            List<String> lines =
                    new String(bytes, StandardCharsets.UTF_8).lines().toList();
            return lines.subList(Math.max(0, lines.size() - count), lines.size());
        } catch (IOException e) {
            return List.of();
        }
    }

    private static ChildProcess fork(ProcessSpec spec) {
        try {
            Path log = spec.log();
            Files.createDirectories(log.toAbsolutePath().getParent());
            long logStart = Files.exists(log) ? Files.size(log) : 0;
            ProcessBuilder builder = new ProcessBuilder(fullCommand(spec))
                    .directory(spec.directory().toFile())
                    .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            spec.environment().forEach((key, value) -> {
                if (value == null) {
                    builder.environment().remove(key);
                } else {
                    builder.environment().put(key, value);
                }
            });
            Process process = builder.start();
            // One that is gone already gets an identity that no running process has.
            ProcessIdentity identity =
                    ProcessIdentity.of(process.pid()).orElseGet(() -> new ProcessIdentity(process.pid(), "ended"));
            return new ChildProcess(spec, process, identity, Instant.now(), logStart);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> fullCommand(ProcessSpec spec) {
        List<String> command = new ArrayList<>();
        Tools.SETSID.ifPresent(command::add);
        if (Tools.SETPRIV.isPresent()) {
            command.add(Tools.SETPRIV.get());
            command.add("--pdeathsig=" + spec.onParentDeath());
            spec.user()
                    .ifPresent(user -> command.addAll(
                            List.of("--reuid=" + user.uid(), "--regid=" + user.gid(), "--clear-groups")));
        } else if (spec.user().isPresent()) {
            throw new StartFailure(spec.name() + " must not run as root, and handing it to another user needs setpriv"
                    + " (package util-linux). Install it, or run as an ordinary user.");
        }
        command.addAll(spec.command());
        return command;
    }
}
