package io.opsrelay.agent.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.agent.model.Usage;
import io.opsrelay.agent.workflow.Workflow;
import io.opsrelay.contracts.ContractJson;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DialogueTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "0 | 0    | 0      | 0     | none",
                "2 | 999  | 100000 | 9999  | none",
                "3 | 0    | 0      | 0     | the model has answered 3 times without an end",
                "0 | 1000 | 0      | 0     | the run has used 1000 of 1000 tokens",
                "0 | 0    | 0      | 10000 | the run has taken 10 of 10 s",
                "0 | 0    | 100001 | 0     | the run has cost more than one may"
            })
    void aLimitIsReachedAsSoonAsItIsUsedUp(int answers, long tokens, long micros, long millis, String limit) {
        assertThat(dialogue(answers, new Usage(tokens, 0, micros), millis).limitReached())
                .isEqualTo(limit);
    }

    @Test
    void whatIsLeftOfTheTimeIsWhatWasNotSpent() {
        Dialogue dialogue = dialogue(0, Usage.NONE, 4_000).after(3_500);

        assertThat(dialogue.timeLeft()).isEqualTo(Duration.ofMillis(2_500));
        assertThat(dialogue.after(2_500).limitReached()).isEqualTo("the run has taken 10 of 10 s");
    }

    @Test
    void aDialogueOfAnOlderVersionIsRead() {
        String stored = ContractJson.mapper().writeValueAsString(dialogue(1, Usage.NONE, 5));

        Dialogue read = ContractJson.mapper()
                .readValue(stored.substring(0, stored.length() - 1) + ",\"acted\":true}", Dialogue.class);

        assertThat(read.answers()).isEqualTo(1);
        assertThat(read.busyMillis()).isEqualTo(5);
    }

    private static Dialogue dialogue(int answers, Usage usage, long millis) {
        Workflow usual = Workflow.usual();
        return new Dialogue(
                "m",
                new Workflow(
                        usual.mode(),
                        "m",
                        usual.classification(),
                        null,
                        List.of(),
                        usual.thresholds(),
                        new Workflow.Limits(3, 1_000, 10, new BigDecimal("0.1"), null)),
                null,
                Dialogue.transcriptOf(List.of()),
                answers,
                usage,
                millis,
                Map.of(),
                List.of(),
                List.of());
    }
}
