package io.opsrelay.standalone.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.opsrelay.standalone.process.EndSignal;
import io.opsrelay.standalone.process.ProcessIdentity;
import io.opsrelay.standalone.process.ProcessorShare;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class LauncherTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Pattern MEGABYTES = Pattern.compile(" (\\d+) MB");

    private Checkout checkout;

    @BeforeEach
    void create() throws Exception {
        checkout = new Checkout();
    }

    @AfterEach
    void remove() throws Exception {
        checkout.close();
    }

    @Test
    void everythingRunsSurvivesKillsAndStops() throws Exception {
        // up
        Checkout.Result up = checkout.run("up", "--fresh", "--detach");
        assertThat(up.exit()).as(up.output()).isZero();
        assertThat(up.output()).contains("OpsRelay is ready", "agent@acme.example", "http://127.0.0.1:");
        assertThat(checkout.processes()).hasSize(10).allMatch(file -> file.identity()
                .alive());

        // each service gets what is its own, and nobody else's keys
        assertThat(Files.readString(checkout.home().log("approval-service")))
                .contains("OPSRELAY_APPROVAL_KEY=", "OPSRELAY_WEBHOOK_KEYS=")
                .doesNotContain("OPSRELAY_ISSUER_KEY=", "OPSRELAY_PRIVACY_KEYS=");
        assertThat(Files.readString(checkout.home().log("agent-service")))
                .contains("OPSRELAY_PRIVACY_KEYS=")
                .doesNotContain("_KEY=", "OPSRELAY_WEBHOOK_KEYS=", "OPSRELAY_LAUNCHER_TOKEN_FILE");
        assertThat(Files.readString(checkout.home().log("realtime-gateway")))
                .contains("OPSRELAY_ISSUER_KEY=", "OPSRELAY_ACTION_URL=http://127.0.0.1:")
                .contains("OPSRELAY_REUSE_PORT=true", "OPSRELAY_INSTANCES=", "MANAGEMENT_SERVER_ADDRESS=127.0.0.1")
                .doesNotContain("OPSRELAY_APPROVAL_KEY=", "OPSRELAY_PRIVACY_KEYS=", "OPSRELAY_WEBHOOK_KEYS=")
                .doesNotContain("OPSRELAY_DB_", "OPSRELAY_LAUNCHER_TOKEN_FILE");
        assertThat(Files.readString(checkout.home().log("action-engine")))
                .contains("OPSRELAY_APPROVAL_JWKS=", "OPSRELAY_DB_APP_PASSWORD=")
                .contains("OPSRELAY_LAUNCHER_URL=http://127.0.0.1:", "OPSRELAY_LAUNCHER_TOKEN_FILE=")
                .doesNotContain("_KEY=", "OPSRELAY_PRIVACY_KEYS=", "OPSRELAY_WEBHOOK_KEYS=");
        assertThat(Files.readString(checkout.home().log("ingestion-service")))
                .contains("OPSRELAY_CHANNEL_KEYS=", "OPSRELAY_MAIL_ADDRESS_KEYS=", "OPSRELAY_SMTP_HOST=127.0.0.1")
                .doesNotContain("_KEY=", "OPSRELAY_PRIVACY_KEYS=", "OPSRELAY_WEBHOOK_KEYS=");
        for (String secret :
                List.of("issuer.jwk.json", "privacy.keys", "webhooks.keys", "channels.keys", "mail-addresses.keys")) {
            assertThat(Files.getPosixFilePermissions(checkout.home().keys().resolve(secret)))
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        }

        // the agent steps back for what people wait for
        if (Files.exists(Path.of("/proc/self/stat"))) {
            assertThat(niceness("agent-service")).isEqualTo(niceness("ingestion-service") + 5);
        }

        // up again, and status
        assertThat(checkout.run("up")).satisfies(again -> {
            assertThat(again.exit()).isZero();
            assertThat(again.output()).contains("runs already");
        });
        assertThat(checkout.run("up", "--fresh").exit()).isEqualTo(1);
        // (what does not answer within a moment is asked again)
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(checkout.run("status")).satisfies(status -> {
                    assertThat(status.exit()).isZero();
                    assertThat(status.output()).contains("kafka", "postgres", "redis", "mail", "agent-service");
                    assertThat(status.output()).doesNotContain("down", "not answering");
                    assertThat(memory(status.output(), line -> line.startsWith("together ")))
                            .isCloseTo(
                                    memory(status.output(), line -> !line.startsWith("together ")),
                                    // each line is rounded down
                                    within(checkout.processes().size()));
                }));

        // what is killed comes back
        ProcessFile killed = checkout.process("agent-service");
        killed.identity().signal(EndSignal.KILL);
        await().atMost(PATIENCE).until(() -> checkout.processes().stream()
                .anyMatch(file -> file.name().equals("agent-service") && file.restarts() == 1));
        // goes before all until it serves, and steps back again
        if (ProcessorShare.of(ProcessIdentity.current()).isPresent()) {
            await().atMost(PATIENCE).until(() -> ProcessorShare.of(
                            checkout.process("agent-service").identity())
                    .equals(Optional.of(5)));
        }
        assertThat(checkout.process("agent-service").identity()).isNotEqualTo(killed.identity());

        // a killed supervisor leaves nothing that the next one does not end; passwords and keys stay
        List<ProcessFile> before = checkout.processes();
        String key = Files.readString(checkout.home().keys().resolve("issuer.jwk.json"));
        String privacy = Files.readString(checkout.home().keys().resolve("privacy.keys"));
        killLauncher();
        Checkout.Result next = checkout.run("up", "--detach");
        assertThat(next.exit()).as(next.output()).isZero();
        assertThat(before).noneMatch(file -> file.identity().alive());
        assertThat(checkout.processes()).hasSize(10).allMatch(file -> file.identity()
                .alive());
        assertThat(Files.readString(checkout.home().keys().resolve("issuer.jwk.json")))
                .isEqualTo(key);
        assertThat(Files.readString(checkout.home().keys().resolve("privacy.keys")))
                .isEqualTo(privacy);

        // down
        List<ProcessFile> last = checkout.processes();
        assertThat(checkout.run("down").exit()).isZero();
        assertThat(last).noneMatch(file -> file.identity().alive());
        assertThat(checkout.run("status").exit()).isEqualTo(3);
    }

    /** Returns when it is gone: until then the next one finds that it runs. */
    private void killLauncher() {
        ProcessIdentity launcher = checkout.process(ProcessFile.SUPERVISOR).identity();
        launcher.signal(EndSignal.KILL);
        assertThat(launcher.awaitEnd(PATIENCE)).isTrue();
    }

    /** The sum of what those lines of the status say, in MB. */
    private static int memory(String status, Predicate<String> lines) {
        return status.lines()
                .filter(lines)
                .map(MEGABYTES::matcher)
                .filter(Matcher::find)
                .mapToInt(found -> Integer.parseInt(found.group(1)))
                .sum();
    }

    private int niceness(String name) throws IOException {
        String stat = Files.readString(
                Path.of("/proc", Long.toString(checkout.process(name).identity().pid()), "stat"));
        // The name in parentheses may hold anything; the niceness is the 17th after it.
        return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[16]);
    }

    @Test
    void aTakenPortIsToldWithTheWayOutAndNothingStarts() throws Exception {
        // given
        int port = Integer.parseInt(checkout.environment.get("OPSRELAY_REDIS_PORT"));
        try (ServerSocket other = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            // when
            Checkout.Result up = checkout.run("up");

            // then
            assertThat(up.exit()).isEqualTo(1);
            assertThat(up.output())
                    .contains(
                            "Port " + other.getLocalPort(),
                            "redis",
                            "OPSRELAY_REDIS_PORT",
                            "process " + ProcessHandle.current().pid());
            assertThat(checkout.processes()).isEmpty();
        }
    }

    @Test
    void operationsAndWishesOutliveTheLauncher() throws Exception {
        // a second instance
        assertThat(checkout.run("up", "--detach").exit()).isZero();
        ControlClient control = new ControlClient(checkout);
        control.put("scale-1", "scale", "agent-service", 2);
        control.awaitEnd("scale-1", "succeeded");

        // killed while it works: what it waits for does not come
        checkout.build(Service.INGESTION, HangingService.class.getName());
        control.put("restart-1", "restart", "ingestion-service", null);
        killLauncher();
        checkout.build(Service.INGESTION, StubService.class.getName());

        // the next one has two instances again, and says what became of the operation
        assertThat(checkout.run("up", "--detach").exit()).isZero();
        JsonNode operation = control.operation("restart-1");
        assertThat(operation.path("status").asString()).isEqualTo("failed");
        assertThat(operation.path("failure").asString()).contains("the launcher ended meanwhile");
        assertThat(control.operation("scale-1").path("status").asString()).isEqualTo("succeeded");
        assertThat(control.service("agent-service").path("instances")).hasSize(2);
        assertThat(control.listed("agent-service")).hasSize(2);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(checkout.run("status").output().lines())
                        .anyMatch(line -> line.startsWith("agent-service-2"))
                        .noneMatch(line -> line.startsWith("agent-service") && line.contains("not answering")));

        // it is free for the next operation, which Ctrl-C ends in order
        control.put("rollout-1", "rollout", "ingestion-service", null);
        List<ProcessFile> last = checkout.processes();
        assertThat(checkout.run("down").exit()).isZero();
        assertThat(last).noneMatch(file -> file.identity().alive());
        assertThat(checkout.processes()).noneMatch(file -> file.identity().alive());
    }

    @Test
    void aServiceThatNeverStartsEndsUpWithItsLastWords() throws Exception {
        // given
        checkout.breakService(Service.AGENT);

        // when
        Checkout.Result up = checkout.run("up");

        // then
        assertThat(up.exit()).isEqualTo(1);
        assertThat(up.output()).contains("agent-service", "no.such.Main", "agent-service.log");
        assertThat(checkout.processes()).isEmpty();
    }

    @Test
    void freshBeginsWithEmptyStoresAndKeepsOnlyTheCache() throws Exception {
        // given
        checkout.home().create();
        Files.writeString(checkout.home().root().resolve("mine.txt"), "kept");
        Files.createDirectories(checkout.home().kafka().resolve("data"));
        Files.writeString(checkout.home().kafka().resolve("data/old"), "old");
        Files.createDirectories(checkout.home().cache());

        // when
        checkout.home().wipe();

        // then
        assertThat(checkout.home().kafka()).doesNotExist();
        assertThat(checkout.home().cache()).exists();
        assertThat(checkout.home().root().resolve("mine.txt")).hasContent("kept");
    }
}
