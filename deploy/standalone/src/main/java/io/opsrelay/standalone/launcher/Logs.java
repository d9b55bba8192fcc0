package io.opsrelay.standalone.launcher;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The command {@code logs}: the end of one log or of all, and then, if wished, what is added. */
final class Logs {

    private static final Duration POLL = Duration.ofMillis(250);
    private static final int LINES_OF_ONE = 200;
    private static final int LINES_OF_EACH = 20;
    private static final int TAIL_BYTES = 256 * 1024;

    private final Home home;
    private final Console console;
    private final Map<Path, Long> shown = new HashMap<>();

    Logs(Home home, Console console) {
        this.home = home;
        this.console = console;
    }

    /**
     * @param service the log's name, all if empty; a service's name stands for all of its instances
     * @param follow whether to stay and show what is added, until a signal
     */
    int run(Optional<String> service, boolean follow) {
        List<Path> logs = wanted(service);
        if (logs.isEmpty()) {
            console.say(
                    service.map(name -> "There is no log of '" + name + "' in ").orElse("There are no logs in ")
                            + home.logs()
                            + names());
            return 1;
        }
        boolean prefix = logs.size() > 1;
        for (Path log : logs) {
            tail(log, prefix ? LINES_OF_EACH : LINES_OF_ONE, prefix);
        }
        try {
            while (follow) {
                Thread.sleep(POLL);
                // Logs that appear later belong to it as well.
                for (Path log : wanted(service)) {
                    added(log, prefix);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return 0;
    }

    private void tail(Path log, int lines, boolean prefix) {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            long size = file.length();
            List<String> last =
                    read(file, Math.max(0, size - TAIL_BYTES), size).lines().toList();
            print(log, last.subList(Math.max(0, last.size() - lines), last.size()), prefix);
            shown.put(log, size);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + log, e);
        }
    }

    private void added(Path log, boolean prefix) {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            long size = file.length();
            long from = shown.getOrDefault(log, 0L);
            if (size < from) {
                // Rotated: the file begins anew.
                from = 0;
            }
            String text = read(file, from, Math.min(size, from + TAIL_BYTES));
            int end = text.lastIndexOf('\n') + 1;
            String whole = text.substring(0, end);
            print(log, whole.lines().toList(), prefix);
            shown.put(log, from + whole.getBytes(StandardCharsets.UTF_8).length);
        } catch (IOException e) {
            // Between two names of a rotation; the next round sees it.
        }
    }

    private void print(Path log, List<String> lines, boolean prefix) {
        String name = name(log);
        lines.forEach(line -> console.say(prefix ? "%-18s | %s".formatted(name, line) : line));
    }

    private static String read(RandomAccessFile file, long from, long to) throws IOException {
        byte[] bytes = new byte[(int) (to - from)];
        file.seek(from);
        file.readFully(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private String names() {
        List<String> names = all().stream().map(Logs::name).toList();
        return names.isEmpty() ? "" : "; there are: " + String.join(", ", names);
    }

    private List<Path> wanted(Optional<String> service) {
        if (service.isEmpty()) {
            return all();
        }
        String wanted = service.get();
        return all().stream()
                .filter(log -> name(log).equals(wanted)
                        || Service.named(wanted)
                                .filter(known -> known.isInstance(name(log)))
                                .isPresent())
                .toList();
    }

    private static String name(Path log) {
        return log.getFileName().toString().replaceFirst("\\.log$", "");
    }

    private List<Path> all() {
        List<Path> logs = new ArrayList<>();
        if (Files.isDirectory(home.logs())) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(home.logs(), "*.log")) {
                files.forEach(logs::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        Collections.sort(logs);
        return logs;
    }
}
