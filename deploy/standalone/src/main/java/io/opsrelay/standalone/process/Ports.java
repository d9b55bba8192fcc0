package io.opsrelay.standalone.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/** TCP ports of this machine. */
public final class Ports {

    private static final String LISTENING = "0A";
    private static final Duration LOOK = Duration.ofMillis(50);

    private Ports() {}

    /** A port of the loopback address that nobody listens on at this moment. */
    public static int free() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The first free port from {@code from} on. Unlike {@link #free()} it can lie outside the ephemeral range. */
    public static int freeFrom(int from) {
        for (int port = from; port < 65536; port++) {
            if (isFree("127.0.0.1", port)) {
                return port;
            }
        }
        return free();
    }

    /** Whether a server could listen there now. */
    public static boolean isFree(String address, int port) {
        try (ServerSocket socket = new ServerSocket()) {
            // Connections of an earlier server that linger in TIME_WAIT are no obstacle.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(address, port), 1);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether a server could listen there now or soon: what has just ended may leave its port a moment later. */
    public static boolean isFreeWithin(Duration patience, String address, int port) {
        long end = System.nanoTime() + patience.toNanos();
        while (!isFree(address, port)) {
            if (System.nanoTime() - end > 0) {
                return false;
            }
            LockSupport.parkNanos(LOOK.toNanos());
        }
        return true;
    }

    /** Whether somebody accepts connections there. */
    public static boolean answers(String address, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), 500);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Who listens on the port, e.g. {@code process 4711 (java -jar other.jar)}, where /proc shows it. */
    public static Optional<String> holder(int port) {
        Set<String> sockets = listeningSockets(port);
        if (sockets.isEmpty()) {
            return Optional.empty();
        }
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                if (holds(process, sockets)) {
                    return Optional.of("process " + process.getFileName() + " (" + commandLine(process) + ")");
                }
            }
        } catch (IOException e) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    private static Set<String> listeningSockets(int port) {
        Set<String> links = new HashSet<>();
        String suffix = String.format(":%04X", port);
        for (String table : new String[] {"/proc/net/tcp", "/proc/net/tcp6"}) {
            try {
                for (String line : Files.readAllLines(Path.of(table))) {
                    String[] fields = line.strip().split("\\s+", -1);
                    if (fields.length > 9 && fields[1].endsWith(suffix) && LISTENING.equals(fields[3])) {
                        links.add("socket:[" + fields[9] + "]");
                    }
                }
            } catch (IOException e) {
                // Not Linux, or no IPv6.
            }
        }
        return links;
    }

    private static boolean holds(Path process, Set<String> sockets) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path file : files) {
                if (sockets.contains(Files.readSymbolicLink(file).toString())) {
                    return true;
                }
            }
        } catch (IOException e) {
            // Another user's process, or one that has just ended.
        }
        return false;
    }

    private static String commandLine(Path process) {
        try {
            String line = Files.readString(process.resolve("cmdline"))
                    .replace('\0', ' ')
                    .strip();
            return line.length() > 120 ? line.substring(0, 120) + "..." : line;
        } catch (IOException e) {
            return "unknown";
        }
    }
}
