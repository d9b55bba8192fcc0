package io.opsrelay.standalone.process;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * A user of the operating system.
 *
 * @param uid its number
 * @param gid the number of its group
 */
public record OsUser(long uid, long gid) {

    private static final OsUser NOBODY = readNobody();

    /** Who runs this JVM. */
    public static OsUser current() {
        UnixSystem unix = new UnixSystem();
        return new OsUser(unix.getUid(), unix.getGid());
    }

    /** Whether this JVM runs as root. */
    public static boolean isRoot() {
        return current().uid() == 0;
    }

    /** The user without rights that root hands its databases to. */
    public static OsUser nobody() {
        return NOBODY;
    }

    /** Makes this user the owner of the file or folder (not of what is in it). Needs root. */
    public void own(Path path) {
        try {
            Files.setAttribute(path, "unix:uid", (int) uid);
            Files.setAttribute(path, "unix:gid", (int) gid);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot hand " + path + " to user " + uid, e);
        }
    }

    /** The outermost ancestor of the path (itself included) that other users cannot pass through; empty if none. */
    public static Optional<Path> firstClosedFolder(Path path) {
        Path folder = path.toAbsolutePath().getRoot();
        for (Path name : path.toAbsolutePath()) {
            folder = folder.resolve(name);
            try {
                if (Files.isDirectory(folder)
                        && !Files.getPosixFilePermissions(folder).contains(PosixFilePermission.OTHERS_EXECUTE)) {
                    return Optional.of(folder);
                }
            } catch (IOException e) {
                return Optional.of(folder);
            }
        }
        return Optional.empty();
    }

    /**
     * Creates the folder if it does not exist. A new one gets the given rights, e.g. "rwx------"; new ones above it are
     * open to others, whatever the umask. Existing folders stay as they are.
     */
    public static Path folder(Path folder, String rights) {
        if (Files.isDirectory(folder)) {
            return folder;
        }
        Path parent = folder.toAbsolutePath().getParent();
        if (parent != null) {
            folder(parent, "rwxr-xr-x");
        }
        try {
            Files.createDirectory(folder);
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(rights));
            return folder;
        } catch (FileAlreadyExistsException e) {
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot create " + folder, e);
        }
    }

    private static OsUser readNobody() {
        try {
            for (String line : Files.readAllLines(Path.of("/etc/passwd"))) {
                String[] fields = line.split(":", -1);
                if (fields.length > 3 && "nobody".equals(fields[0])) {
                    return new OsUser(Long.parseLong(fields[2]), Long.parseLong(fields[3]));
                }
            }
        } catch (IOException | NumberFormatException e) {
            // Without a readable user list the customary number serves.
        }
        return new OsUser(65534, 65534);
    }
}
