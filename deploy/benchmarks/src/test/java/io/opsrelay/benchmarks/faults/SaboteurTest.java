package io.opsrelay.benchmarks.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opsrelay.standalone.process.ProcessIdentity;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class SaboteurTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    private Path home;

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void ends() {
        started.forEach(Process::destroyForcibly);
    }

    @Test
    void whatIsAwayIsKilledAgainWheneverItIsBackAndLeftAloneAfterwards() throws Exception {
        Saboteur saboteur = new Saboteur(
                new Processes(home),
                new Journal(),
                new Random(1),
                new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8));
        AtomicBoolean over = new AtomicBoolean();
        Process first = start("kafka");
        Process bystander = start("postgres");
        try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
            Future<?> away = threads.submit(() -> {
                saboteur.keepAway("kafka", over::get);
                return null;
            });
            try {
                awaitEnd(first);
                Process second = start("kafka");
                awaitEnd(second);
            } finally {
                over.set(true);
            }
            away.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        }

        Process third = start("kafka");
        assertThat(new Processes(home).running()).containsKeys("kafka", "postgres");
        assertThat(List.of(third, bystander)).allMatch(Process::isAlive);
    }

    private static void awaitEnd(Process process) {
        await().atMost(LIMIT).until(() -> !process.isAlive());
        assertThat(process.exitValue()).isEqualTo(137);
    }

    /** As the launcher does. */
    private Process start(String name) throws IOException {
        Process process = new ProcessBuilder("sleep", "120").start();
        started.add(process);
        Files.createDirectories(home.resolve("run"));
        Files.writeString(
                home.resolve("run").resolve(name + ".process"),
                "pid=%d\nstarted=%s\nport=0\n"
                        .formatted(
                                process.pid(),
                                ProcessIdentity.of(process.pid()).orElseThrow().started()));
        return process;
    }
}
