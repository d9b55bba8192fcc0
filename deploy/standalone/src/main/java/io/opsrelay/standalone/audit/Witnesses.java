package io.opsrelay.standalone.audit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Places in the chains that were noted outside of the database: by the services in their logs, and by earlier
 * verifications. Whoever writes a chain anew, or cuts off its end, contradicts them.
 */
final class Witnesses {

    private static final Pattern HEAD =
            Pattern.compile("audit-head service=([a-z_]+) client=([a-z0-9_-]+) seq=([0-9]{1,18}) hash=([0-9a-f]{64})");
    /** Stands in a line of a log between who says something and what is said. */
    private static final String SAYS = " : ";

    private final Path notes;
    private final Map<Chain, Map<Long, String>> seen = new HashMap<>();

    /** @param notes the file of what was verified before; need not exist */
    private Witnesses(Path notes) {
        this.notes = notes;
    }

    /** Reads the notes and the logs, as far as there are any. */
    static Witnesses read(Path notes, Path logs) {
        Witnesses witnesses = new Witnesses(notes);
        witnesses.readFile(notes);
        if (Files.isDirectory(logs)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(logs, "*.log*")) {
                files.forEach(witnesses::readFile);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read the logs in " + logs, e);
            }
        }
        return witnesses;
    }

    private void readFile(Path file) {
        if (!Files.isRegularFile(file)) {
            return;
        }
        // Logs may hold anything; what is no text is replaced.
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Matcher head = HEAD.matcher(said(line));
                if (head.matches()) {
                    seen.computeIfAbsent(new Chain(head.group(1), head.group(2)), chain -> new TreeMap<>())
                            .put(Long.parseLong(head.group(3)), head.group(4));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /** What the sealer itself said: heads that somebody wrote into other messages that were logged are no witnesses. */
    private static String said(String line) {
        int says = line.indexOf(SAYS);
        if (says < 0) {
            return line;
        }
        return line.substring(0, says).stripTrailing().endsWith("Sealer") ? line.substring(says + SAYS.length()) : "";
    }

    /** Hashes by place. */
    Map<Long, String> of(String service, String client) {
        return seen.getOrDefault(new Chain(service, client), Map.of());
    }

    /** Whose chains of the service were ever seen. */
    Set<String> clientsOf(String service) {
        Set<String> clients = new TreeSet<>();
        seen.keySet().stream()
                .filter(chain -> chain.service.equals(service))
                .forEach(chain -> clients.add(chain.client));
        return clients;
    }

    /** Notes how far a chain was found sound. */
    void note(String service, String client, long seq, String hash) {
        if (seq == 0 || of(service, client).containsKey(seq)) {
            return;
        }
        try {
            Files.createDirectories(notes.toAbsolutePath().getParent());
            Files.writeString(
                    notes,
                    "audit-head service=%s client=%s seq=%d hash=%s%n".formatted(service, client, seq, hash),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot note in " + notes + " how far the log was found sound", e);
        }
    }

    private record Chain(String service, String client) {}
}
