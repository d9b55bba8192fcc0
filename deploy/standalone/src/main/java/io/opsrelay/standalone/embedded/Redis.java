package io.opsrelay.standalone.embedded;

import io.opsrelay.standalone.process.ChildProcess;
import io.opsrelay.standalone.process.EndSignal;
import io.opsrelay.standalone.process.Ending;
import io.opsrelay.standalone.process.OsUser;
import io.opsrelay.standalone.process.ProcessSpec;
import io.opsrelay.standalone.process.StartFailure;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One Redis on the loopback address. It keeps nothing over its end, on purpose: OpsRelay puts into Redis only what may
 * be lost, and a standalone Redis that remembered would hide a violation of that.
 */
public final class Redis implements Component {

    private static final String RELEASE = "redis-server-7.0.15";

    private final Path folder;
    private final Path log;
    private final int port;

    /**
     * @param folder holds the program; created if missing
     * @param log file for the output
     * @param port where clients connect
     */
    public Redis(Path folder, Path log, int port) {
        this.folder = folder.toAbsolutePath();
        this.log = log;
        this.port = port;
    }

    @Override
    public String name() {
        return "redis";
    }

    @Override
    public int port() {
        return port;
    }

    /** For clients, e.g. {@code redis://127.0.0.1:16379}. */
    public String uri() {
        return "redis://127.0.0.1:" + port;
    }

    @Override
    public ChildProcess launch() {
        OsUser.folder(folder, "rwx------");
        List<String> command = List.of(
                unpack().toString(),
                "--bind",
                "127.0.0.1",
                "--port",
                Integer.toString(port),
                "--dir",
                folder.toString(),
                "--save",
                "",
                "--appendonly",
                "no",
                "--maxmemory",
                "128mb",
                "--maxmemory-policy",
                "volatile-lru",
                "--daemonize",
                "no");
        return ChildProcess.start(
                new ProcessSpec(name(), command, Map.of(), folder, log, EndSignal.TERM, Optional.empty()));
    }

    @Override
    public boolean healthy() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
            socket.setSoTimeout(1000);
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            byte[] answer = socket.getInputStream().readNBytes(5);
            return "+PONG".equals(new String(answer, StandardCharsets.US_ASCII));
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public Ending ending() {
        return Ending.politely(Duration.ofSeconds(5));
    }

    private Path unpack() {
        String resource = RELEASE + "-" + platform();
        Path program = folder.resolve(resource);
        if (Files.isExecutable(program)) {
            return program;
        }
        try (InputStream stream = Redis.class.getResourceAsStream("/" + resource)) {
            if (stream == null) {
                throw new StartFailure("no Redis is packed for " + platform() + "; set OPSRELAY_REDIS to use your own");
            }
            // A half-written program must never pass for a whole one.
            Path partial = Files.createTempFile(folder, resource, ".part");
            Files.copy(stream, partial, StandardCopyOption.REPLACE_EXISTING);
            Files.setPosixFilePermissions(partial, PosixFilePermissions.fromString("rwxr-xr-x"));
            return Files.move(partial, program, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String platform() {
        boolean arm = "aarch64".equals(System.getProperty("os.arch"));
        boolean mac = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac");
        return (mac ? "darwin" : "linux") + "-" + (arm ? "arm64" : "amd64");
    }
}
