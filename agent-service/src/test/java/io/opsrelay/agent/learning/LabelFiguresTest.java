package io.opsrelay.agent.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.opsrelay.agent.learning.LabelFigures.Answer;
import io.opsrelay.agent.learning.LabelFigures.Confused;
import io.opsrelay.agent.learning.LabelFigures.OfLabel;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LabelFiguresTest {

    @Test
    void theConfusionNamesWrongAnswersOnlyMostFrequentFirst() {
        var figures = LabelFigures.of(List.of(
                new Answer("a", "a", 0.9),
                new Answer("a", "b", 0.9),
                new Answer("b", "c", 0.9),
                new Answer("b", "c", 0.9),
                new Answer("c", "c", 0.9)));

        assertThat(figures.confusion()).containsExactly(new Confused("b", "c", 2), new Confused("a", "b", 1));
        assertThat(figures.accuracy()).isEqualTo(0.4);
        assertThat(figures.labels())
                .containsExactly(
                        new OfLabel("a", 1, 0.5, 2 / 3.0, 2),
                        new OfLabel("b", 0, 0, 0, 2),
                        new OfLabel("c", 1 / 3.0, 1, 0.5, 1));
        assertThat(figures.macroF1()).isCloseTo((2 / 3.0 + 0.5) / 3, within(1e-12));
    }

    @Test
    void confidenceThatIsRightAsOftenAsItSaysHasNoError() {
        var answers = IntStream.range(0, 10)
                .mapToObj(i -> new Answer("a", i < 7 ? "a" : "b", 0.7))
                .toList();

        assertThat(LabelFigures.of(answers).calibrationError()).isCloseTo(0, within(1e-12));
    }

    @Test
    void theCalibrationErrorWeighsEachBinByItsAnswers() {
        // Three answers at 0.9 of which two are right: 0.2333 too sure. One at 0.2 that is right: 0.8 too modest.
        var figures = LabelFigures.of(List.of(
                new Answer("a", "a", 0.9),
                new Answer("a", "a", 0.9),
                new Answer("a", "b", 0.9),
                new Answer("a", "a", 0.2)));

        assertThat(figures.calibrationError()).isCloseTo((3 * (0.9 - 2 / 3.0) + 0.8) / 4, within(1e-12));
    }

    @Test
    void errorsInOneBinCancelOutAndInTwoBinsDoNot() {
        var one = Stream.of(new Answer("a", "a", 0.61), new Answer("a", "b", 0.61));
        var two = Stream.of(new Answer("a", "a", 0.99), new Answer("a", "b", 0.01));

        assertThat(LabelFigures.of(one.toList()).calibrationError()).isCloseTo(0.11, within(1e-12));
        assertThat(LabelFigures.of(two.toList()).calibrationError()).isCloseTo(0.01, within(1e-12));
        assertThat(LabelFigures.of(List.of(new Answer("a", "b", 1.0))).calibrationError())
                .isEqualTo(1);
    }
}
