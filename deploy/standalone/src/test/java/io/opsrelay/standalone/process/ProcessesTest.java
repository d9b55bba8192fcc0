package io.opsrelay.standalone.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessesTest {

    @TempDir
    private Path folder;

    @Test
    void aProcessIsRecognisedUntilItEndsAndNeverMistakenForAnother() throws Exception {
        // given
        ChildProcess child = start("sleep", "60");
        ProcessIdentity sameNumber = new ProcessIdentity(child.identity().pid(), "of another start");

        // then
        assertThat(child.identity().alive()).isTrue();
        assertThat(sameNumber.alive()).isFalse();
        sameNumber.signal(EndSignal.KILL);
        assertThat(child.alive()).isTrue();

        // when
        assertThat(child.end(Ending.politely(Duration.ofSeconds(60)))).isTrue();

        // then
        assertThat(child.identity().alive()).isFalse();
        assertThat(child.awaitExit()).isEqualTo(143);
    }

    @Test
    void aSessionStepsBackForOthersWhereTheProcessorIsSharedByThem() throws Exception {
        ChildProcess child = start("sleep", "60");
        boolean shared =
                Files.isWritable(Path.of("/proc", Long.toString(child.identity().pid()), "autogroup"));

        assertThat(ProcessorShare.set(child.identity(), 7)).isEqualTo(shared);
        if (shared) {
            assertThat(ProcessorShare.of(child.identity())).contains(7);
        }
        assertThat(ProcessorShare.of(ProcessIdentity.current())).isNotEqualTo(Optional.of(7));

        child.end(Ending.politely(Duration.ofSeconds(60)));
        assertThat(ProcessorShare.set(child.identity(), 8)).isFalse();
        assertThat(ProcessorShare.of(child.identity())).isEmpty();
    }

    @Test
    void whoDoesNotListenIsKilled() throws Exception {
        // given
        ChildProcess child = start("sh", "-c", "trap '' TERM; echo deaf; while :; do sleep 1; done");
        await().atMost(Duration.ofSeconds(60)).until(() -> child.lastLines(1).equals(List.of("deaf")));

        // when
        boolean gone = child.end(Ending.politely(Duration.ofMillis(200)));

        // then
        assertThat(gone).isTrue();
        assertThat(child.awaitExit()).isEqualTo(137);
    }

    @Test
    void variablesAreAddedAndTakenAway() throws Exception {
        // given
        Map<String, @Nullable String> environment = new HashMap<>();
        environment.put("ADDED", "here");
        environment.put("PATH", null);

        // when
        ChildProcess child = ChildProcess.start(new ProcessSpec(
                "env",
                List.of("/usr/bin/env"),
                environment,
                folder,
                folder.resolve("env.log"),
                EndSignal.KILL,
                Optional.empty()));
        child.awaitExit();

        // then
        assertThat(child.lastLines(500)).contains("ADDED=here").noneMatch(line -> line.startsWith("PATH="));
    }

    @Test
    void aTakenPortNamesItsHolder() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(Ports.isFree("127.0.0.1", socket.getLocalPort())).isFalse();
            assertThat(Ports.holder(socket.getLocalPort())).hasValueSatisfying(holder -> assertThat(holder)
                    .startsWith("process " + ProcessHandle.current().pid() + " ("));
        }
    }

    @Test
    void aLogIsRotatedUnderItsWriter() throws Exception {
        // given
        Path log = folder.resolve("x.log");
        try (var writer = Files.newOutputStream(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            writer.write("first\n".getBytes(StandardCharsets.UTF_8));

            // when
            LogFile.rotate(log, 3, 2);
            writer.write("second\n".getBytes(StandardCharsets.UTF_8));
            LogFile.rotate(log, 3, 2);
            writer.write("third\n".getBytes(StandardCharsets.UTF_8));
            LogFile.rotate(log, 300, 2);
        }

        // then
        assertThat(log).hasContent("third");
        assertThat(folder.resolve("x.log.1")).hasContent("second");
        assertThat(folder.resolve("x.log.2")).hasContent("first");
    }

    private ChildProcess start(String... command) {
        return ChildProcess.start(new ProcessSpec(
                "test",
                List.of(command),
                Map.of(),
                folder,
                folder.resolve("test.log"),
                EndSignal.KILL,
                Optional.empty()));
    }
}
