package io.opsrelay.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.agent.learning.LabelledText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassifierBenchTest {

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    private final Main main = new Main(List.of(new ClassifierBench(stream, stream)), stream, stream);

    @Test
    void whatWasLearnedFromOneFileIsMeasuredOnAnother() throws IOException {
        StringBuilder train = new StringBuilder("text,category\n");
        for (int i = 0; i < 60; i++) {
            train.append("\"the sky is cloudless, day ").append(i).append("\",blue\n");
            train.append("a ripe tomato ").append(i).append(",red\n");
            train.append("seven times nine is ").append(i).append(",oos\n");
        }
        Path learned = Files.writeString(folder.resolve("train.csv"), train.toString());
        Path asked = Files.writeString(folder.resolve("test.jsonl"), """
            {"text": "a cloudless sky", "label": "blue"}
            {"text": "ripe tomatoes", "label": "red"}
            {"text": "a tomato", "label": "red"}
            {"text": "the sky", "label": "red"}
            {"text": "nine times seven", "label": "oos"}
            """);

        int code = main.run(
                List.of("classifier", "--train", learned.toString(), "--test", asked.toString(), "--out-of-scope=oos"));

        assertThat(told())
                .contains("texts asked                            4\naccuracy                               0.7500");
        assertThat(told()).contains("of these found                         1.0000");
        assertThat(told()).containsPattern("training, s +\\d").containsPattern("p99 +\\d");
        assertThat(code).isZero();
    }

    @Test
    void theShippedClassifierIsMeasuredOnTheHeldBackTexts() {
        String checkout = System.getProperty("opsrelay.checkout");
        System.setProperty("opsrelay.checkout", "../..");
        try {
            assertThat(main.run(List.of("classifier", "--shipped", "--seconds", "1", "--threads", "1")))
                    .isZero();
        } finally {
            if (checkout == null) {
                System.clearProperty("opsrelay.checkout");
            } else {
                System.setProperty("opsrelay.checkout", checkout);
            }
        }

        assertThat(told()).containsPattern("texts a second +[1-9]").containsPattern("p50 +\\d");
    }

    @Test
    void whatIsMadeUpIsVariedAndHasSeventySevenLabels() {
        List<LabelledText> texts = SyntheticTexts.make(10_000, 1);

        assertThat(texts.stream().map(LabelledText::label).distinct()).hasSize(77);
        assertThat(texts.stream().map(LabelledText::text).distinct()).hasSizeGreaterThan(9_000);
        assertThat(SyntheticTexts.make(10_000, 1)).isEqualTo(texts);
    }

    @Test
    void oneFileAloneIsNotEnough() {
        assertThat(main.run(List.of("classifier", "--train", "a.csv"))).isEqualTo(2);
        assertThat(told()).contains("belong together");
    }

    private String told() {
        return out.toString(StandardCharsets.UTF_8).replace("\r", "");
    }
}
