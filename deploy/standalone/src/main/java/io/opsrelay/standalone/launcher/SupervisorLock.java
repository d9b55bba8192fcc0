package io.opsrelay.standalone.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** Held by the one supervisor of a home. The operating system releases it however the process ends. */
final class SupervisorLock implements AutoCloseable {

    private final FileChannel channel;

    private SupervisorLock(FileChannel channel) {
        this.channel = channel;
    }

    /** The lock, or empty if a supervisor holds it. */
    static Optional<SupervisorLock> take(Home home) {
        Path file = home.run().resolve("supervisor.lock");
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock == null) {
                channel.close();
                return Optional.empty();
            }
            return Optional.of(new SupervisorLock(channel));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use " + file, e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // The end of the process releases it as well.
        }
    }
}
