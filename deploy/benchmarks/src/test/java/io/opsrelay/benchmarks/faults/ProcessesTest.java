package io.opsrelay.benchmarks.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opsrelay.benchmarks.faults.Processes.Running;
import io.opsrelay.standalone.process.ProcessIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class ProcessesTest {

    @TempDir
    private Path home;

    private Process shell;

    @BeforeEach
    void aShellWithAChild() throws IOException {
        shell = new ProcessBuilder("sh", "-c", "sleep 120 & wait").start();
        await().until(() -> shell.children().count() == 1);
        Files.createDirectory(home.resolve("run"));
        write(
                "postgres",
                shell.pid(),
                ProcessIdentity.of(shell.pid()).orElseThrow().started());
    }

    @AfterEach
    void ends() {
        shell.descendants().forEach(ProcessHandle::destroyForcibly);
        shell.destroyForcibly();
    }

    @Test
    void aProcessThatHasAnothersNumberIsNotTouched() throws IOException {
        write("kafka", shell.pid(), "another boot/1");
        write(
                "supervisor",
                shell.pid(),
                ProcessIdentity.of(shell.pid()).orElseThrow().started());
        Files.writeString(home.resolve("run/redis.process"), "pid=");

        assertThat(new Processes(home).running()).containsOnlyKeys("postgres");
        assertThat(new Processes(home.resolve("elsewhere")).running()).isEmpty();
    }

    @Test
    void aServicesInstancesAreFoundByItsName() throws IOException {
        String started = ProcessIdentity.of(shell.pid()).orElseThrow().started();
        write("agent-service-2", shell.pid(), started);
        write("agent-service-12", shell.pid(), started);
        write("agent-service-two", shell.pid(), started);

        assertThat(new Processes(home).instancesOf("agent-service")).hasSize(2);
        assertThat(new Processes(home).instancesOf("postgres")).hasSize(1);
        assertThat(new Processes(home).instancesOf("agent")).isEmpty();
    }

    @Test
    void aStoppedProcessStopsWithItsChildrenAndGoesOn() throws Exception {
        Running running = running();
        ProcessHandle child = shell.children().findFirst().orElseThrow();

        List<ProcessIdentity> stopped = running.stop();
        await().untilAsserted(() ->
                assertThat(stateOf(shell.pid()) + stateOf(child.pid())).isEqualTo("TT"));

        Running.goOn(stopped);
        await().untilAsserted(() ->
                assertThat(stateOf(shell.pid()) + stateOf(child.pid())).isEqualTo("SS"));
    }

    @Test
    void aKilledProcessIsGone() throws Exception {
        running().kill();

        assertThat(shell.waitFor()).isEqualTo(137);
        assertThat(new Processes(home).running()).isEmpty();
    }

    private Running running() {
        return new Processes(home).running().get("postgres");
    }

    private void write(String name, long pid, String started) throws IOException {
        Files.writeString(
                home.resolve("run").resolve(name + ".process"), "pid=%d\nstarted=%s\nport=0\n".formatted(pid, started));
    }

    private static String stateOf(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
        return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[0];
    }
}
