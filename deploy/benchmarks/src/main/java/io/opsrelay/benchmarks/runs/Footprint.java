package io.opsrelay.benchmarks.runs;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a service takes of its machine at a moment.
 *
 * @param threads of the operating system; virtual threads are none
 * @param residentMib memory of the process
 * @param heapMib in use, garbage included
 */
record Footprint(long threads, long residentMib, long heapMib) {

    /** Looks now. */
    static Footprint of(long pid, HttpClient http, URI service) throws IOException, InterruptedException {
        String status = Files.readString(Path.of("/proc", Long.toString(pid), "status"));
        String metrics = http.send(
                        HttpRequest.newBuilder(service.resolve("/actuator/prometheus"))
                                .build(),
                        BodyHandlers.ofString())
                .body();
        return new Footprint(number(status, "Threads:"), number(status, "VmRSS:") / 1024, heap(metrics) >> 20);
    }

    /** The larger of each. */
    Footprint most(Footprint other) {
        return new Footprint(
                Math.max(threads, other.threads),
                Math.max(residentMib, other.residentMib),
                Math.max(heapMib, other.heapMib));
    }

    static long number(String status, String name) {
        return status.lines()
                .filter(line -> line.startsWith(name))
                .map(line -> line.replaceAll("\\D", ""))
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElse(0);
    }

    /** All areas of the heap together, in bytes. */
    static long heap(String metrics) {
        return (long) metrics.lines()
                .filter(line -> line.startsWith("jvm_memory_used_bytes{") && line.contains("area=\"heap\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
