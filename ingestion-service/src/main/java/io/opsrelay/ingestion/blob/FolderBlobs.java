package io.opsrelay.ingestion.blob;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * Bytes in files below a folder, which all instances of the service share. A file gets its name when all of it is on the
 * disk: what has a name is whole, after a crash too.
 */
final class FolderBlobs implements BlobStore {

    private static final int BUFFER = 64 * 1024;

    private final Path folder;

    /** @throws UncheckedIOException if the folder is not there and cannot be made */
    FolderBlobs(Path folder) {
        this.folder = folder.toAbsolutePath().normalize();
        try {
            makeFolder(this.folder);
        } catch (IOException e) {
            throw new UncheckedIOException("opsrelay.attachments.folder " + this.folder + " cannot be made", e);
        }
    }

    @Override
    public void put(String key, InputStream content) throws IOException {
        Path file = pathOf(key);
        Path part = partOf(file);
        boolean whole = false;
        try {
            writePart(part, content);
            name(part, file);
            whole = true;
        } finally {
            if (!whole) {
                deleteQuietly(part);
            }
        }
    }

    /** What fails in reading is the sender's and thrown as it is; what fails in writing is the store's. */
    private void writePart(Path part, InputStream content) throws IOException {
        try (FileChannel channel = create(part)) {
            byte[] buffer = new byte[BUFFER];
            for (int got = content.read(buffer); got >= 0; got = content.read(buffer)) {
                write(channel, ByteBuffer.wrap(buffer, 0, got));
            }
            force(channel);
        }
    }

    private FileChannel create(Path part) {
        try {
            makeFolder(parentOf(part));
            return FileChannel.open(
                    part, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw failed("made", e);
        }
    }

    private static void write(FileChannel channel, ByteBuffer bytes) {
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            throw failed("written", e);
        }
    }

    private static void force(FileChannel channel) {
        try {
            channel.force(true);
        } catch (IOException e) {
            throw failed("written", e);
        }
    }

    private void name(Path part, Path file) {
        try {
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
            // The name is on the disk when its folder is; and that folder's when its parent is.
            for (Path parent = parentOf(file); parent.startsWith(folder); parent = parentOf(parent)) {
                forceFolder(parent);
            }
        } catch (IOException e) {
            throw failed("named", e);
        }
    }

    @Override
    public Optional<InputStream> open(String key, long from) {
        try {
            FileChannel channel = FileChannel.open(pathOf(key), StandardOpenOption.READ);
            channel.position(from);
            return Optional.of(Channels.newInputStream(channel));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw failed("read", e);
        }
    }

    @Override
    public void delete(String key) {
        Path file = pathOf(key);
        try {
            Files.deleteIfExists(partOf(file));
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw failed("deleted", e);
        }
    }

    private Path pathOf(String key) {
        return folder.resolve(BlobKeys.checked(key));
    }

    private static Path partOf(Path file) {
        return file.resolveSibling(file.getFileName() + ".part");
    }

    private static Path parentOf(Path path) {
        Path parent = path.getParent();
        if (parent == null) {
            throw new IllegalStateException(path + " has no folder");
        }
        return parent;
    }

    /** For the service's user alone: files of customers are nobody else's on this machine. */
    private static void makeFolder(Path folder) throws IOException {
        if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } else {
            Files.createDirectories(folder);
        }
    }

    private static void forceFolder(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static void deleteQuietly(Path part) {
        try {
            Files.deleteIfExists(part);
        } catch (IOException e) {
            // It has no key's name; delete(key) finds it.
        }
    }

    private static BlobStoreException failed(String what, IOException e) {
        return new BlobStoreException("a file could not be " + what + ": " + e.getMessage(), e);
    }
}
