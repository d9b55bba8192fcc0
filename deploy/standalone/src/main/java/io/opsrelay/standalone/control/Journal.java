package io.opsrelay.standalone.control;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;

/** All operations of late, each in a file of its own that is on the disk before anybody hears of its content. */
final class Journal {

    /** Nobody asks again for an operation that is older. */
    private static final Duration KEPT = Duration.ofDays(30);

    private static final String SUFFIX = ".json";

    private final Path folder;
    private final Map<String, Operation> operations = new ConcurrentHashMap<>();

    private Journal(Path folder) {
        this.folder = folder;
    }

    /**
     * Reads what an earlier life of the launcher has left. What was running then is failed now.
     *
     * @param folder exists
     * @param complaints told of files that cannot be read; they are left alone
     */
    static Journal open(Path folder, Instant now, Consumer<String> complaints) {
        Journal journal = new Journal(folder);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
            for (Path file : files) {
                try {
                    journal.take(Json.MAPPER.readValue(Files.readAllBytes(file), Operation.class), now);
                } catch (JacksonException e) {
                    complaints.accept("the operation in " + file + " cannot be read: " + e.getOriginalMessage());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the operations in " + folder, e);
        }
        return journal;
    }

    Optional<Operation> find(String key) {
        return Optional.ofNullable(operations.get(key));
    }

    /** The one that is at work on the service. */
    Optional<Operation> running(String service) {
        return operations.values().stream()
                .filter(operation ->
                        operation.isRunning() && operation.service().equals(service))
                .findFirst();
    }

    /** Keeps a new operation; returns when it would survive a power cut. */
    void begin(Operation operation) {
        store(operation);
        operations.put(operation.key(), operation);
    }

    /** Keeps how it stands now. That holds even if it cannot be stored: nothing waits for ever because of a full disk. */
    void update(Operation operation) {
        operations.put(operation.key(), operation);
        store(operation);
    }

    private void take(Operation operation, Instant now) throws IOException {
        if (operation.isRunning()) {
            begin(operation.failed("the launcher ended meanwhile; everything was started anew", now));
        } else if (operation.createdAt().isBefore(now.minus(KEPT))) {
            Files.delete(file(operation.key()));
        } else {
            operations.put(operation.key(), operation);
        }
    }

    private void store(Operation operation) {
        Path file = file(operation.key());
        Path partial = file.resolveSibling(file.getFileName() + ".part");
        try {
            try (FileChannel channel = FileChannel.open(
                    partial,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE)) {
                ByteBuffer content = ByteBuffer.wrap(Json.MAPPER.writeValueAsBytes(operation));
                while (content.hasRemaining()) {
                    channel.write(content);
                }
                channel.force(true);
            }
            Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            // The name has to last as well.
            try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
                names.force(true);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot store operation " + operation.key() + " in " + folder, e);
        }
    }

    /** Keys are others' words; their hashes are safe file names. */
    private Path file(String key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            return folder.resolve(HexFormat.of().formatHex(hash) + SUFFIX);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
