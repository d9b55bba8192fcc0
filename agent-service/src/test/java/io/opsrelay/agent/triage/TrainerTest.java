package io.opsrelay.agent.triage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainerTest {
    private static final String EXAMPLES = examples();

    @Test
    void theSameExamplesGiveTheSameBytes() throws IOException {
        assertThat(trained()).isEqualTo(trained());
    }

    @Test
    void aModelThatWasWrittenIsReadBack() throws IOException {
        var bytes = trained();

        var copy = new ByteArrayOutputStream();
        TextModel.read(new ByteArrayInputStream(bytes)).write(copy);

        assertThat(copy.toByteArray()).isEqualTo(bytes);
    }

    @Test
    void aDamagedModelIsRefused() throws IOException {
        var bytes = trained();

        assertThatIOException().isThrownBy(() -> TextModel.read(new ByteArrayInputStream(new byte[64])));
        assertThatIOException()
                .isThrownBy(() -> TextModel.read(new ByteArrayInputStream(Arrays.copyOf(bytes, bytes.length / 2))));
    }

    @Test
    void anUpToDateModelIsNotTrainedAgainAndAnOutdatedOneIs(@TempDir Path folder) throws IOException {
        var examples = Files.writeString(folder.resolve("examples.tsv"), EXAMPLES);
        var model = folder.resolve("triage/model.bin");
        var arguments = new String[] {examples.toString(), model.toString()};

        TrainClassifier.main(arguments);
        var first = Files.getLastModifiedTime(model);
        TrainClassifier.main(arguments);
        assertThat(Files.getLastModifiedTime(model)).isEqualTo(first);

        Files.writeString(examples, EXAMPLES.replace("blue", "green"));
        TrainClassifier.main(arguments);
        try (var stream = Files.newInputStream(model)) {
            assertThat(TextModel.read(stream).card().version())
                    .isEqualTo(TrainClassifier.version(EXAMPLES.replace("blue", "green")))
                    .isNotEqualTo(TrainClassifier.version(EXAMPLES));
        }
    }

    @Test
    void examplesThatAreNotWellFormedAreRefusedWithTheLine() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Examples.parse("text,label\n"))
                .withMessageContaining("line 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Examples.parse(EXAMPLES + "praise\ten\tpositive\tlow\n"))
                .withMessageContaining("line 42");
    }

    @Test
    void neighboursOfOneLabelShareAFold() {
        var folds = Examples.folds(Examples.parse(EXAMPLES), 5);

        assertThat(Arrays.copyOf(folds, 20))
                .containsExactly(0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4);
    }

    private static byte[] trained() throws IOException {
        var out = new ByteArrayOutputStream();
        Trainer.train(Examples.parse(EXAMPLES), "1").write(out);
        return out.toByteArray();
    }

    private static String examples() {
        var lines = new StringBuilder("label\tlanguage\tsentiment\tpriority\ttext\n");
        for (var i = 0; i < 20; i++) {
            lines.append("praise\ten\tpositive\tlow\tthank you for the blue mug " + i + "\n");
        }
        for (var i = 0; i < 20; i++) {
            lines.append("order_status\tde\tneutral\tnormal\two bleibt mein Paket " + i + "\n");
        }
        return lines.toString();
    }
}
