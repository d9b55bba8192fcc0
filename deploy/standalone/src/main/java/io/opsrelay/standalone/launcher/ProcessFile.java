package io.opsrelay.standalone.launcher;

import io.opsrelay.standalone.embedded.Component;
import io.opsrelay.standalone.process.ChildProcess;
import io.opsrelay.standalone.process.ProcessIdentity;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/**
 * What is known of a process that was started, kept on disk so that a later command, or the next supervisor after a
 * crash, finds exactly that process again.
 *
 * @param port what it listens on; 0 if nothing
 * @param healthPort where it says whether it serves; 0 if nowhere
 * @param since when it was started
 * @param restarts how often it had to be started again
 */
record ProcessFile(String name, ProcessIdentity identity, int port, int healthPort, Instant since, int restarts) {

    static final String SUPERVISOR = "supervisor";
    private static final String SUFFIX = ".process";

    static ProcessFile of(ChildProcess child, Component component, int restarts) {
        return new ProcessFile(
                component.name(),
                child.identity(),
                component.port(),
                component.healthPort(),
                child.startedAt(),
                restarts);
    }

    void write(Path folder) {
        String content = "pid=%d\nstarted=%s\nport=%d\nhealth_port=%d\nsince=%s\nrestarts=%d\n"
                .formatted(identity.pid(), identity.started(), port, healthPort, since, restarts);
        try {
            Path partial = folder.resolve(name + ".part");
            Files.writeString(partial, content);
            Files.move(partial, file(folder, name), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the pid file of " + name, e);
        }
    }

    static Optional<ProcessFile> read(Path folder, String name) {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(Files.readString(file(folder, name))));
            return Optional.of(new ProcessFile(
                    name,
                    new ProcessIdentity(
                            Long.parseLong(properties.getProperty("pid")), properties.getProperty("started", "")),
                    Integer.parseInt(properties.getProperty("port")),
                    // Absent in files of earlier versions, whose processes must still be found and ended.
                    Integer.parseInt(properties.getProperty("health_port", "0")),
                    Instant.parse(properties.getProperty("since", "")),
                    Integer.parseInt(properties.getProperty("restarts"))));
        } catch (IOException | NumberFormatException | DateTimeParseException e) {
            // None, or one that a power cut left unreadable: nothing is known then.
            return Optional.empty();
        }
    }

    /** Those of all processes, the supervisor's included. */
    static List<ProcessFile> readAll(Path folder) {
        List<ProcessFile> all = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
                for (Path file : files) {
                    String fileName = file.getFileName().toString();
                    read(folder, fileName.substring(0, fileName.length() - SUFFIX.length()))
                            .ifPresent(all::add);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return all;
    }

    static void delete(Path folder, String name) {
        try {
            Files.deleteIfExists(file(folder, name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path file(Path folder, String name) {
        return folder.resolve(name + SUFFIX);
    }
}
