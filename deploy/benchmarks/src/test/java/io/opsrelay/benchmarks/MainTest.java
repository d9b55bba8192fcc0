package io.opsrelay.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class MainTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final PrintStream outStream = new PrintStream(out, true, StandardCharsets.UTF_8);
    private final PrintStream errStream = new PrintStream(err, true, StandardCharsets.UTF_8);
    private final Main main = new Main(List.of(new LatencyBench(outStream, errStream)), outStream, errStream);

    @Test
    void withoutANameItListsTheBenchmarks() {
        assertThat(main.run(List.of())).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("latency", "--rate");
    }

    @Test
    void anUnknownNameIsToldTogetherWithTheKnownOnes() {
        assertThat(main.run(List.of("speed"))).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("'speed'", "latency");
    }

    @Test
    void anUnknownOptionIsTold() {
        assertThat(main.run(List.of("latency", "--rat", "5"))).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("no option --rat");
    }

    @Test
    void aRateThatIsNoNumberIsTold() {
        assertThat(main.run(List.of("latency", "--rate=fast"))).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("--rate must be a number, not 'fast'");
    }

    @Test
    void withoutARunningSystemItSaysHowToStartOne() {
        assertThat(main.run(List.of("latency", "--url", "http://127.0.0.1:1"))).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("./opsrelay up");
    }
}
