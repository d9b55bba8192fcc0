package io.opsrelay.standalone.launcher;

import io.opsrelay.standalone.process.OsUser;
import io.opsrelay.standalone.process.Ports;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/** A checkout whose five services are stubs, and the launcher's commands run in it as processes of their own. */
final class Checkout implements AutoCloseable {

    private static final int PORTS = 45;

    final Path path;
    final Map<String, String> environment;

    record Result(int exit, String output) {}

    Checkout() throws IOException {
        // Not JUnit's folder, which other users cannot pass through.
        path = Files.createTempDirectory("opsrelay-checkout");
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
        for (Service service : Service.values()) {
            OsUser.folder(path.resolve(service.processName).resolve("target"), "rwxr-xr-x");
            build(service, StubService.class.getName());
        }
        int first = freeBlock();
        environment = Map.of(
                "OPSRELAY_PORT", Integer.toString(first),
                "OPSRELAY_KAFKA_PORT", Integer.toString(first + 40),
                "OPSRELAY_POSTGRES_PORT", Integer.toString(first + 41),
                "OPSRELAY_REDIS_PORT", Integer.toString(first + 42),
                "OPSRELAY_LOCAL_SMTP_PORT", Integer.toString(first + 43),
                "OPSRELAY_LOCAL_IMAP_PORT", Integer.toString(first + 44));
    }

    /**
     * The first of so many free ports: of the services, of their further instances and of what is below them. By chance,
     * since others of this machine look for theirs as well; below the range from which systems take ports for outgoing
     * connections.
     */
    private static int freeBlock() {
        while (true) {
            int first = ThreadLocalRandom.current().nextInt(15_000, 30_000);
            if (IntStream.range(first, first + PORTS).allMatch(port -> Ports.isFree("127.0.0.1", port))) {
                return first;
            }
        }
    }

    void breakService(Service service) throws IOException {
        build(service, "no.such.Main");
    }

    /** Puts another program in the place of the service; what runs already is not touched. */
    void build(Service service, String mainClass) throws IOException {
        Path jar = path.resolve(service.processName)
                .resolve("target")
                .resolve(service.processName + "-1.0.0-SNAPSHOT-exec.jar");
        Path partial = jar.resolveSibling("next.jar");
        writeJar(partial, mainClass);
        Files.move(partial, jar, StandardCopyOption.REPLACE_EXISTING);
    }

    /** The settings that the launcher sees here. */
    Settings settings() {
        return Settings.read(path, environment);
    }

    Result run(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx96m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dopsrelay.checkout=" + path,
                "-Dlogback.configurationFile=opsrelay-logback.xml",
                Main.class.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), output);
    }

    ProcessFile process(String name) {
        return ProcessFile.read(home().run(), name).orElseThrow();
    }

    List<ProcessFile> processes() {
        return ProcessFile.readAll(home().run());
    }

    Home home() {
        return Home.locate(path, Map.of());
    }

    @Override
    public void close() throws Exception {
        run("down");
        try (Stream<Path> paths = Files.walk(path)) {
            for (Path file : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static void writeJar(Path jar, String mainClass) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, mainClass);
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream stream = new JarOutputStream(file, manifest)) {
            for (Class<?> program : List.of(StubService.class, HangingService.class)) {
                String entry = program.getName().replace('.', '/') + ".class";
                stream.putNextEntry(new ZipEntry(entry));
                try (InputStream code = Checkout.class.getClassLoader().getResourceAsStream(entry)) {
                    code.transferTo(stream);
                }
            }
        }
    }
}
