package io.opsrelay.benchmarks.fanout;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Processor time that a gateway has used, by what its threads do; from the operating system's books, in seconds.
 *
 * @param sending the event loops: everything about connections
 * @param reading the threads that read Kafka and make frames
 * @param rest compilers, garbage collection, everything else
 */
record Cpu(double sending, double reading, double rest) {

    /** Linux counts in hundredths of a second, whatever the kernel's own clock. */
    private static final double TICKS_PER_SECOND = 100;

    static Cpu of(long pid) {
        double sending = 0;
        double reading = 0;
        double rest = 0;
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
            for (Path thread : threads) {
                String stat = Files.readString(thread.resolve("stat"));
                String name = stat.substring(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
                String[] field = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
                double seconds = (Long.parseLong(field[11]) + Long.parseLong(field[12])) / TICKS_PER_SECOND;
                if (name.startsWith("reactor-http")) {
                    sending += seconds;
                } else if (name.startsWith("feed") || name.startsWith("consumer_") || name.startsWith("kafka")) {
                    reading += seconds;
                } else {
                    rest += seconds;
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("the gateway's books cannot be read; has it ended?", e);
        }
        return new Cpu(sending, reading, rest);
    }

    Cpu minus(Cpu before) {
        return new Cpu(sending - before.sending, reading - before.reading, rest - before.rest);
    }

    double total() {
        return sending + reading + rest;
    }

    /** Resident memory of the process, in KiB. */
    static long residentKib(long pid) {
        try {
            return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new IllegalStateException("the gateway's memory cannot be read; has it ended?", e);
        }
    }
}
