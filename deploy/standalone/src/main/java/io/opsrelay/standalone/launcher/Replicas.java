package io.opsrelay.standalone.launcher;

import io.opsrelay.standalone.control.Fleet;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;

/** How many instances each service shall have: one, until somebody wishes for more. Outlives the launcher. */
final class Replicas {

    private final Path file;
    private final Map<Service, Integer> wished = new EnumMap<>(Service.class);

    Replicas(Path file) {
        this.file = file;
        Properties kept = new Properties();
        if (Files.exists(file)) {
            try {
                kept.load(new StringReader(Files.readString(file)));
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read " + file, e);
            }
        }
        for (Service service : Service.values()) {
            wished.put(service, count(kept.getProperty(service.processName, "1")));
        }
    }

    synchronized int of(Service service) {
        return wished.getOrDefault(service, 1);
    }

    synchronized void set(Service service, int count) {
        wished.put(service, count);
        PrivateFile.write(
                file,
                wished.entrySet().stream()
                        .map(wish -> wish.getKey().processName + "=" + wish.getValue() + "\n")
                        .collect(Collectors.joining()));
    }

    /** A file that somebody has edited by hand must not keep everything from starting. */
    private static int count(String text) {
        try {
            return Math.clamp(Integer.parseInt(text.strip()), 1, Fleet.MAX_REPLICAS);
        } catch (NumberFormatException e) {
            return 1;
        }
    }
}
