package io.opsrelay.benchmarks.runs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FootprintTest {

    @Test
    void threadsAndResidentMemoryAreReadFromTheProcess() {
        String status = "Name:\tjava\nVmRSS:\t  409600 kB\nThreads:\t57\n";

        assertThat(Footprint.number(status, "Threads:")).isEqualTo(57);
        assertThat(Footprint.number(status, "VmRSS:")).isEqualTo(409_600);
    }

    @Test
    void theHeapIsAllOfItsAreasAndNothingElse() {
        String metrics = """
            # HELP jvm_memory_used_bytes The amount of used memory
            jvm_memory_used_bytes{area="heap",id="Eden Space"} 1.048576E8
            jvm_memory_used_bytes{area="heap",id="Tenured Gen"} 1048576.0
            jvm_memory_used_bytes{area="nonheap",id="Metaspace"} 9.9E7
            """;

        assertThat(Footprint.heap(metrics)).isEqualTo(104_857_600L + 1_048_576L);
    }

    @Test
    void theMostIsTakenOfEach() {
        assertThat(new Footprint(3, 50, 7).most(new Footprint(4, 40, 6))).isEqualTo(new Footprint(4, 50, 7));
    }
}
