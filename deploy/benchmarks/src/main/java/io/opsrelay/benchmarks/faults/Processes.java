package io.opsrelay.benchmarks.faults;

import io.opsrelay.standalone.process.EndSignal;
import io.opsrelay.standalone.process.ProcessIdentity;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The processes of one standalone OpsRelay, by the files that its launcher keeps; never any other. */
public final class Processes {

    private static final String SUFFIX = ".process";
    private static final String SUPERVISOR = "supervisor";
    private static final int PATIENCE_MILLIS = 2000;

    private final Path folder;

    /** @param home the system's data folder */
    Processes(Path home) {
        this.folder = home.resolve("run");
    }

    /** Those that run, by name; the launcher is not among them. */
    Map<String, Running> running() {
        Map<String, Running> running = new TreeMap<>();
        if (!Files.isDirectory(folder)) {
            return running;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                name = name.substring(0, name.length() - SUFFIX.length());
                Optional<Running> process = read(file);
                if (!name.equals(SUPERVISOR) && process.isPresent()) {
                    running.put(name, process.get());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return running;
    }

    /**
     * The running processes of one part, e.g. {@code agent-service} and {@code agent-service-2}: a service has as many
     * as it was scaled to, and after a rollout their names are others.
     */
    List<Running> instancesOf(String part) {
        Pattern name = Pattern.compile(Pattern.quote(part) + "(-\\d+)?");
        return running().entrySet().stream()
                .filter(process -> name.matcher(process.getKey()).matches())
                .map(Map.Entry::getValue)
                .toList();
    }

    private static Optional<Running> read(Path file) {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(Files.readString(file)));
            ProcessIdentity identity = new ProcessIdentity(
                    Long.parseLong(properties.getProperty("pid", "")), properties.getProperty("started", ""));
            int port = Integer.parseInt(properties.getProperty("port", "0"));
            return Optional.of(new Running(identity, port)).filter(process -> identity.alive());
        } catch (IOException | NumberFormatException e) {
            return Optional.empty(); // it has just ended
        }
    }

    /**
     * One of them.
     *
     * @param port what it listens on
     */
    public record Running(ProcessIdentity identity, int port) {

        /** Ends it without a word. */
        public void kill() {
            identity.signal(EndSignal.KILL);
        }

        /** Stops it and all that it started (PostgreSQL works in children); answers what was stopped. */
        public List<ProcessIdentity> stop() throws InterruptedException {
            List<ProcessIdentity> stopped = new ArrayList<>();
            // A stopped parent starts nothing more, so the second look is the last.
            for (int look = 0; look < 2; look++) {
                for (ProcessIdentity process : tree()) {
                    if (!stopped.contains(process)) {
                        send("STOP", process);
                        stopped.add(process);
                    }
                }
            }
            return stopped;
        }

        private List<ProcessIdentity> tree() {
            List<ProcessIdentity> tree = new ArrayList<>(List.of(identity));
            ProcessHandle.of(identity.pid()).stream()
                    .flatMap(ProcessHandle::descendants)
                    .flatMap(child -> ProcessIdentity.of(child.pid()).stream())
                    .forEach(tree::add);
            return tree;
        }

        /** Lets what was stopped go on. */
        public static void goOn(List<ProcessIdentity> stopped) throws InterruptedException {
            for (ProcessIdentity process : stopped) {
                send("CONT", process);
            }
        }

        private static void send(String signal, ProcessIdentity process) throws InterruptedException {
            if (!process.alive()) {
                return;
            }
            try {
                // The JDK cannot send these.
                new ProcessBuilder("sh", "-c", "kill -" + signal + " " + process.pid())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Makes a Redis forget everything. */
        public void flush() throws IOException {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.setSoTimeout(PATIENCE_MILLIS);
                OutputStream out = socket.getOutputStream();
                out.write("FLUSHALL\r\n".getBytes(StandardCharsets.US_ASCII));
                out.flush();
                byte[] answer = socket.getInputStream().readNBytes(3);
                if (!new String(answer, StandardCharsets.US_ASCII).equals("+OK")) {
                    throw new IOException("Redis did not flush");
                }
            }
        }
    }
}
