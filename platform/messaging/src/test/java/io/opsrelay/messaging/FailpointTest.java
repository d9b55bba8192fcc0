package io.opsrelay.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FailpointTest {

    @TempDir
    private Path markers;

    @ParameterizedTest
    @EnumSource
    void eachHaltsTheProcessAtItsPassageSaysSoAndFiresOnce(Failpoint point) throws Exception {
        Ended first = passFiveTimes(point, point.wireName() + "=3");
        Ended second = passFiveTimes(point, point.wireName() + "=3");

        assertThat(first.exit()).isEqualTo(137);
        assertThat(first.output()).isEqualTo("1\n2\nfailpoint " + point.wireName() + ": this process halts here\n");
        assertThat(markers.resolve(point.wireName())).isRegularFile();
        assertThat(second).isEqualTo(new Ended(0, "1\n2\n3\n4\n5\n"));
    }

    @Test
    void onePointCanBeArmedLaterAndDiesWithAllWhoHaveGatheredThere() throws Exception {
        Path order = markers.resolve("before-commit.gather");
        assertThat(passFiveTimes(Failpoint.BEFORE_COMMIT, "before-commit=gather")
                        .exit())
                .isZero();
        Files.writeString(order, "1");

        Ended ended = passFiveTimes(Failpoint.BEFORE_COMMIT, "after-commit=1,before-commit=gather");

        assertThat(ended).isEqualTo(new Ended(137, "failpoint before-commit: this process halts here\n"));
        assertThat(order).doesNotExist();
    }

    @Test
    void aPointOfOneServiceHaltsThatServiceAndTheMarkerSaysWhoItWas() throws Exception {
        String armed = "agent-service/before-commit=2,action-engine/after-commit=1,before-commit=4";

        Ended other = passFiveTimes("ingestion-service", Failpoint.AFTER_COMMIT, armed);
        Ended agent = passFiveTimes("agent-service", Failpoint.BEFORE_COMMIT, armed);
        Ended agentAgain = passFiveTimes("agent-service", Failpoint.BEFORE_COMMIT, armed);

        assertThat(other).isEqualTo(new Ended(0, "1\n2\n3\n4\n5\n"));
        assertThat(agent)
                .isEqualTo(new Ended(137, "1\nfailpoint agent-service/before-commit: this process halts here\n"));
        assertThat(markers.resolve("agent-service/before-commit")).content().matches("agent-service \\d+\n");
        assertThat(agentAgain).isEqualTo(new Ended(137, "1\n2\n3\nfailpoint before-commit: this process halts here\n"));
        assertThat(markers.resolve("before-commit")).content().matches("agent-service \\d+\n");
        assertThat(markers.resolve("action-engine")).doesNotExist();
    }

    @Test
    void aPointOfOneServiceCanBeArmedLaterToo() throws Exception {
        Files.writeString(
                Files.createDirectory(markers.resolve("agent-service")).resolve("after-commit.gather"), "1");

        assertThat(passFiveTimes("agent-service", Failpoint.AFTER_COMMIT, "agent-service/after-commit=gather"))
                .isEqualTo(new Ended(137, "failpoint agent-service/after-commit: this process halts here\n"));
    }

    @Test
    void oneProcessDiesAtOnePointHoweverManyItReachesAtOnce() throws Exception {
        Ended ended = run(
                "process",
                Arrays.stream(Failpoint.values())
                        .map(point -> point.wireName() + "=1")
                        .collect(Collectors.joining(",")),
                Crowd.class);

        assertThat(ended.exit()).isEqualTo(137);
        try (Stream<Path> fired = Files.list(markers)) {
            assertThat(fired).hasSize(1);
        }
    }

    @Test
    void ofTwoProcessesWithOneEnvironmentOneFires() throws Exception {
        Failpoints armedBefore = Failpoints.of("before-commit=1", markers.toString(), "process");
        Files.createFile(markers.resolve("before-commit"));
        Failpoints armedAfter = Failpoints.of("before-commit=1", markers.toString(), "process");

        // This process would be gone.
        armedBefore.pass(Failpoint.BEFORE_COMMIT);
        armedAfter.pass(Failpoint.BEFORE_COMMIT);
    }

    @Test
    void nothingIsArmedWithoutTheEnvironment() {
        for (Failpoint point : Failpoint.values()) {
            Failpoints.of(null, null, "process").pass(point);
            point.pass();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "before-commit",
                "before-commit=0",
                "before-commit=x",
                "=",
                "a=1",
                "before-commit=gather=1",
                "agent-service/before-commit",
                "agent-service/a=1",
                "/before-commit=1",
                "../before-commit=1",
                "agent-service/action-engine/before-commit=1",
                "before-commit=1,,after-commit=1"
            })
    void whatCannotBeUnderstoodIsRefused(String points) {
        assertThatThrownBy(() -> Failpoints.of(points, "markers", "process"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("OPSRELAY_FAILPOINTS");
    }

    @Test
    void withoutAFolderForMarkersItWouldFireForEver() {
        assertThatThrownBy(() -> Failpoints.of("before-commit=1", null, "process"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("OPSRELAY_FAILPOINT_MARKERS");
    }

    private Ended passFiveTimes(Failpoint point, String armed) throws IOException, InterruptedException {
        return passFiveTimes("process", point, armed);
    }

    private Ended passFiveTimes(String process, Failpoint point, String armed)
            throws IOException, InterruptedException {
        return run(process, armed, Passer.class, point.name());
    }

    private Ended run(String process, String armed, Class<?> program, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dopsrelay.process=" + process,
                program.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment()
                .putAll(Map.of(
                        "CLASSPATH", System.getProperty("java.class.path"),
                        "OPSRELAY_FAILPOINTS", armed,
                        "OPSRELAY_FAILPOINT_MARKERS", markers.toString()));
        Process started = builder.start();
        String output = new String(started.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(started.waitFor(), output);
    }

    private record Ended(int exit, String output) {}

    /** Passes one point five times and counts. */
    static final class Passer {

        private Passer() {}

        public static void main(String[] arguments) {
            Failpoint point = Failpoint.valueOf(arguments[0]);
            for (int i = 1; i <= 5; i++) {
                point.pass();
                System.out.println(i);
            }
        }
    }

    /** Passes all points at once, a thread each. */
    static final class Crowd {

        private Crowd() {}

        public static void main(String[] arguments) throws InterruptedException {
            CountDownLatch start = new CountDownLatch(Failpoint.values().length);
            List<Thread> threads = Arrays.stream(Failpoint.values())
                    .map(point -> Thread.ofPlatform().start(() -> {
                        start.countDown();
                        while (start.getCount() > 0) {
                            Thread.onSpinWait();
                        }
                        point.pass();
                    }))
                    .toList();
            for (Thread thread : threads) {
                thread.join();
            }
        }
    }
}
