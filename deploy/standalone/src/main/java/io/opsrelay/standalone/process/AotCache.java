package io.opsrelay.standalone.process;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * An ahead-of-time cache of a JVM (JEP 483): the classes of a program, loaded and linked, which one run of it leaves behind
 * as it ends and later ones start from. It fits one class path, one JDK and one set of flags.
 *
 * @param caches folder of all caches
 * @param name of the program
 * @param key stands for what the cache fits
 */
public record AotCache(Path caches, String name, long key) {

    /** Of this cache alone. */
    public Path folder() {
        return caches.resolve("%s-%08x".formatted(name, key));
    }

    /** Whether a program that starts now can start from it. */
    public boolean made() {
        return Files.exists(file());
    }

    /** Flag of the JVM for a start from it; none while it is not made. */
    public List<String> flags() {
        return made() ? List.of("-XX:AOTCache=" + file()) : List.of();
    }

    /** Flag of the JVM for the run that leaves it behind. */
    public String recording() {
        return "-XX:AOTCacheOutput=" + unfinished();
    }

    /** Makes room: caches of the same program for other jars, JDKs or flags are of no use any more. */
    public void clear() throws IOException {
        Files.createDirectories(caches);
        try (DirectoryStream<Path> former = Files.newDirectoryStream(caches, name + "-*")) {
            for (Path other : former) {
                FileTree.delete(other);
            }
        }
        Files.createDirectories(folder());
    }

    /**
     * The run that records is over: from now on the cache counts as made.
     *
     * @throws StartFailure if it left nothing behind
     */
    public void accept() throws IOException {
        if (!Files.exists(unfinished())) {
            throw new StartFailure("the run that it is made by left nothing behind");
        }
        Files.move(unfinished(), file(), StandardCopyOption.ATOMIC_MOVE);
    }

    private Path file() {
        return folder().resolve("classes.aot");
    }

    private Path unfinished() {
        return folder().resolve("classes.aot.new");
    }
}
