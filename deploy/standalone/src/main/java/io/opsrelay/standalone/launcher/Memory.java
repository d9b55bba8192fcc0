package io.opsrelay.standalone.launcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** How much memory a process holds. */
final class Memory {

    private Memory() {}

    /** Resident bytes of the process, from /proc, else from ps. */
    static Optional<Long> resident(long pid) {
        return proc(pid, "VmRSS:").or(() -> ps(pid));
    }

    /** As {@link #resident}, plus what the descendants hold beside the memory they share with it. */
    static Optional<Long> residentWithDescendants(long pid) {
        return resident(pid)
                .map(bytes -> bytes
                        + ProcessHandle.of(pid).stream()
                                .flatMap(ProcessHandle::descendants)
                                .mapToLong(
                                        child -> proc(child.pid(), "RssAnon:").orElse(0L))
                                .sum());
    }

    private static Optional<Long> proc(long pid, String field) {
        try {
            return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
                    .filter(line -> line.startsWith(field))
                    .map(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<Long> ps(long pid) {
        try {
            Process ps = new ProcessBuilder("ps", "-o", "rss=", "-p", Long.toString(pid)).start();
            String kilobytes = new String(ps.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
            return kilobytes.isEmpty() ? Optional.empty() : Optional.of(Long.parseLong(kilobytes) * 1024);
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }
}
