package io.opsrelay.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * What a figure is worth nothing without.
 *
 * @param cores processors this JVM may use
 * @param processor the processor's name, as far as the system tells
 * @param memoryMib main memory in MiB, 0 if unknown
 * @param jdk the JVM's version
 */
record Machine(int cores, String processor, long memoryMib, String system, String jdk, Instant date) {

    static Machine describe(Clock clock) {
        return new Machine(
                Runtime.getRuntime().availableProcessors(),
                lineAfter(Path.of("/proc/cpuinfo"), "model name"),
                memory(),
                System.getProperty("os.name") + " " + System.getProperty("os.arch"),
                System.getProperty("java.vendor") + " " + Runtime.version(),
                clock.instant().truncatedTo(ChronoUnit.SECONDS));
    }

    private static long memory() {
        String kibibytes = lineAfter(Path.of("/proc/meminfo"), "MemTotal").replaceAll("\\D", "");
        return kibibytes.isEmpty() ? 0 : Long.parseLong(kibibytes) / 1024;
    }

    private static String lineAfter(Path file, String name) {
        if (!Files.isReadable(file)) {
            return "unknown";
        }
        try {
            return Files.readAllLines(file, StandardCharsets.UTF_8).stream()
                    .filter(line -> line.startsWith(name) && line.contains(":"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown");
        } catch (IOException e) {
            return "unknown";
        }
    }
}
