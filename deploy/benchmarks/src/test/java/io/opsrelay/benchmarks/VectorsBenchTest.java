package io.opsrelay.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class VectorsBenchTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    private final Main main = new Main(List.of(new VectorsBench(stream, stream)), stream, stream);

    @Test
    void searchesAmongMadeUpVectorsAreTimed() {
        int code = main.run(List.of("vectors", "--passages", "700", "--dimensions=16", "--searches", "5"));

        assertThat(code).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).containsPattern("700 +16 +0 +\\d+\\.\\d\\d +\\d");
    }
}
