package io.opsrelay.standalone.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OperationTest {

    private static final Instant NOW = Instant.parse("2026-11-20T10:00:00.123456Z");
    private static final OperationRequest REQUEST =
            new OperationRequest(OperationRequest.Kind.SCALE, "agent-service", 2, "more tickets");

    @Test
    void whatIsFinishedStaysAsItIs() {
        Operation running = Operation.begun("k", REQUEST, NOW).step("done so far", NOW);
        for (Operation finished : List.of(running.succeeded(NOW), running.failed("why", NOW))) {
            assertThatThrownBy(() -> finished.step("more", NOW)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> finished.succeeded(NOW)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> finished.failed("again", NOW)).isInstanceOf(IllegalStateException.class);
            assertThat(finished.request()).isEqualTo(REQUEST);
            assertThat(finished.steps()).hasSize(1);
        }
    }

    @Test
    void itsJsonIsWhatClientsRead() {
        Operation failed =
                Operation.begun("k", REQUEST, NOW).step("a step", NOW).failed("why", NOW.plusSeconds(1));
        assertThat(Json.MAPPER.writeValueAsString(failed))
                .isEqualTo("{\"key\":\"k\",\"kind\":\"scale\",\"service\":\"agent-service\",\"replicas\":2,"
                        + "\"reason\":\"more tickets\",\"status\":\"failed\",\"created_at\":\"2026-11-20T10:00:00.123Z\","
                        + "\"finished_at\":\"2026-11-20T10:00:01.123Z\",\"failure\":\"why\","
                        + "\"steps\":[{\"at\":\"2026-11-20T10:00:00.123Z\",\"text\":\"a step\"}]}");
    }

    @Test
    void theJournalFailsWhatWasRunningAndForgetsWhatIsOld(@TempDir Path folder) throws Exception {
        // given
        Journal before = Journal.open(folder, NOW, _ -> {});
        before.begin(Operation.begun("running", REQUEST, NOW));
        Operation done = Operation.begun("done", REQUEST, NOW);
        before.begin(done);
        before.update(done.succeeded(NOW));
        Operation old = Operation.begun("old", REQUEST, NOW.minus(Duration.ofDays(31)));
        before.begin(old.succeeded(NOW));
        Files.writeString(folder.resolve("torn.json"), "{");
        List<String> complaints = new ArrayList<>();

        // when
        Journal after = Journal.open(folder, NOW, complaints::add);

        // then
        assertThat(after.find("running").orElseThrow().failure()).startsWith("the launcher ended meanwhile");
        assertThat(after.find("done").orElseThrow().status()).isEqualTo(Operation.Status.SUCCEEDED);
        assertThat(after.find("old")).isEmpty();
        assertThat(after.running("agent-service")).isEmpty();
        assertThat(complaints).singleElement().asString().contains("torn.json");
        assertThat(folder.resolve("torn.json")).exists();
        assertThat(folder.toFile().list()).hasSize(3);
    }
}
