package io.opsrelay.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.opsrelay.e2e.system.OpsRelay;
import io.opsrelay.e2e.system.RunningSystem;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** The dashboard in a real browser: {@code browser/dashboard.mjs} says what is done there. */
@RunningSystem
@Order(8)
class DashboardIT {

    private static final String PLEASE_KILL = "please: kill ";
    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome", "chrome");

    private final OpsRelay opsRelay;

    DashboardIT(OpsRelay opsRelay) {
        this.opsRelay = opsRelay;
    }

    @Test
    void aPersonWorksADayOnTheDashboard() throws IOException, InterruptedException {
        Optional<Path> browser = browser();
        assumeTrue(
                browser.isPresent(),
                "SKIPPED: no browser was found. Install chromium, or set CHROMIUM to the path of one.");
        Path checkout = Path.of(System.getProperty("opsrelay.checkout"))
                .toAbsolutePath()
                .normalize();
        Path target = checkout.resolve("deploy/e2e/target");

        ProcessBuilder builder = new ProcessBuilder("node", "dashboard.mjs")
                .directory(checkout.resolve("deploy/e2e/browser").toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("CHROMIUM", browser.get().toString());
        builder.environment().put("OPSRELAY_URL", opsRelay.base().toString());
        builder.environment().put("OPSRELAY_ORDERS", "A-1019,A-1030");
        builder.environment().put("OPSRELAY_ANSWERS", "true");
        builder.environment().put("SCREENSHOTS", target.toString());
        Process script = builder.start();
        Thread conversation = Thread.ofVirtual().start(() -> answer(script));
        boolean ended = script.waitFor(6, TimeUnit.MINUTES);
        if (!ended) {
            script.descendants().forEach(ProcessHandle::destroyForcibly);
            script.destroyForcibly();
        }
        conversation.join();

        assertThat(ended).as("the browser script came to an end").isTrue();
        assertThat(script.exitValue()).as("see the script's output above").isZero();
        assertThat(target.resolve("dashboard.png")).exists();
        Steps.expectRefunds(opsRelay, "A-1019", "25.00");
    }

    /** Prints what the script says, and does what it asks for: it cannot end a process of the system itself. */
    private void answer(Process script) {
        try (BufferedReader said = script.inputReader(StandardCharsets.UTF_8);
                BufferedWriter answers = script.outputWriter(StandardCharsets.UTF_8)) {
            for (String line = said.readLine(); line != null; line = said.readLine()) {
                System.out.println(line);
                if (line.startsWith(PLEASE_KILL)) {
                    opsRelay.kill(line.substring(PLEASE_KILL.length()));
                    answers.write("done\n");
                    answers.flush();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<Path> browser() {
        String chosen = System.getenv().getOrDefault("CHROMIUM", "");
        if (!chosen.isBlank()) {
            return Optional.of(Path.of(chosen));
        }
        Stream<Path> folders = Arrays.stream(
                        System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(Path::of);
        return Stream.concat(Stream.of(Path.of("/usr/bin")), folders)
                .flatMap(folder -> NAMES.stream().map(folder::resolve))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
