package io.opsrelay.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class FaultsBenchTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final PrintStream outStream = new PrintStream(out, true, StandardCharsets.UTF_8);
    private final FaultsBench bench = new FaultsBench(outStream, outStream);

    @Test
    void fewerKillsThanAskedForAreNoSuccess() {
        assertThat(bench.shortfall(14, 300)).isEqualTo(1);
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("only 14 of 300 kills");
    }

    @Test
    void allKillsThatWereAskedForAreOne() {
        assertThat(bench.shortfall(300, 300)).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void whereNoFailpointIsArmedItSaysWhatToStartTheSystemWith() throws Exception {
        assertThat(bench.run(Options.parse(List.of("--failpoints", "--home", "data"))))
                .isEqualTo(2);
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains(
                        "export OPSRELAY_FAILPOINTS='ingestion-service/before-commit=",
                        "export OPSRELAY_FAILPOINT_MARKERS='data/failpoints'");
    }
}
