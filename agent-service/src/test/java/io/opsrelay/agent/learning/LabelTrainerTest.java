package io.opsrelay.agent.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.opsrelay.agent.learning.LabelFigures.Answer;
import io.opsrelay.agent.learning.LabelTrainer.Trained;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LabelTrainerTest {
    private static final List<LabelledText> SHIPPED = shipped("/triage/examples.tsv");
    private static final List<LabelledText> HELD_BACK = shipped("/triage/held-back.tsv");

    @Test
    void theSameExamplesGiveTheSameBytesInWhateverOrderAndOnHoweverManyThreads() throws Exception {
        var examples = new ArrayList<>(SHIPPED.subList(0, 600));
        var once = bytes(train(examples, 1).model());

        Collections.shuffle(examples, new Random(3));

        assertThat(bytes(train(examples, 2).model())).isEqualTo(once);
        assertThat(bytes(train(examples.subList(1, examples.size()), 2).model()))
                .isNotEqualTo(once);
    }

    @Test
    void aModelThatWasWrittenIsReadBackAndADamagedOneIsRefused() throws Exception {
        var model = train(SHIPPED.subList(0, 600), 2).model();
        var written = bytes(model);

        var copy = LabelModel.read(new ByteArrayInputStream(written));

        assertThat(bytes(copy)).isEqualTo(written);
        assertThat(copy.classify("Where is my refund?")).isEqualTo(model.classify("Where is my refund?"));
        assertThatIOException().isThrownBy(() -> LabelModel.read(new ByteArrayInputStream(new byte[64])));
        assertThatIOException()
                .isThrownBy(
                        () -> LabelModel.read(new ByteArrayInputStream(Arrays.copyOf(written, written.length / 2))));
    }

    /** Trained on the texts that the shipped model is trained on, and asked the ones that neither was shown. */
    @Test
    void itAnswersHeldBackTextsAsWellAsItSaysOfItself() throws Exception {
        var trained = train(SHIPPED, 2);
        var answers = new ArrayList<Answer>();
        var strange = 0;
        for (var example : HELD_BACK) {
            var answer = trained.model().classify(example.text());
            answers.add(new Answer(example.label(), answer.label(), answer.confidence()));
            strange += answer.outOfScope() ? 1 : 0;
        }
        var figures = LabelFigures.of(answers);

        assertThat(figures.accuracy()).isGreaterThan(0.92);
        assertThat(strange).isLessThan(HELD_BACK.size() / 12);
        assertThat(trained.figures().accuracy()).isBetween(0.88, 0.93);
        assertThat(trained.figures().calibrationError()).isLessThan(0.02);
        assertThat(trained.examples()).isBetween(5_000, SHIPPED.size());
        assertThat(trained.leftOut()).isEmpty();
    }

    @Test
    void outOfScopeIsNeverTheCategoryAndStandsBesideIt() throws Exception {
        var model = train(SHIPPED, 2).model();

        var strange = model.classify("What will the weather be like in Lisbon on Sunday?");

        assertThat(model.labels()).contains(LabelModel.OUT_OF_SCOPE);
        assertThat(strange.outOfScope()).isTrue();
        assertThat(strange.label()).isNotEqualTo(LabelModel.OUT_OF_SCOPE);
        assertThat(strange.candidates())
                .hasSize(LabelModel.CANDIDATES)
                .noneMatch(candidate -> candidate.label().equals(LabelModel.OUT_OF_SCOPE));
        assertThat(strange.candidates().getFirst().label()).isEqualTo(strange.label());
        assertThat(strange.candidates()).isSortedAccordingTo((a, b) -> Double.compare(b.confidence(), a.confidence()));
    }

    @Test
    void labelsWithTooFewDifferentExamplesAreLeftOut() throws Exception {
        var trainer = new LabelTrainer(2);
        trainer.add("the card never came", "card");
        trainer.add("where is my card", "card");
        trainer.add("The transfer is late ", "transfer");
        trainer.add("the transfer has not arrived", "transfer");
        trainer.add("once", "lonely");
        trainer.add("the same", "twin");
        trainer.add("The same ", "twin");

        var trained = trainer.train(share -> {});

        assertThat(trained.leftOut()).containsExactly("lonely", "twin");
        assertThat(trained.model().labels()).containsExactly("card", "transfer");
        assertThat(trained.examples()).isEqualTo(4);
        assertThat(trained.model().classify("is my card on its way").label()).isEqualTo("card");
    }

    @Test
    void whatLearnedFromFewTextsIsNotSureOfEverything() throws Exception {
        var trainer = new LabelTrainer(1);
        for (var i = 0; i < 6; i++) {
            trainer.add("a cloudless sky " + "so ".repeat(i) + "blue", "blue");
            trainer.add("a ripe tomato " + "so ".repeat(i) + "red", "red");
        }

        var model = trainer.train(share -> {}).model();

        assertThat(model.classify("a cloudless sky").confidence()).isBetween(0.9, 0.9999);
        assertThat(model.classify("quarterly invoices").confidence()).isLessThan(0.8);
    }

    @Test
    void aTextOfUnknownWordsIsOutOfScope() throws Exception {
        var model = train(
                        SHIPPED.stream()
                                .filter(example -> !example.label().equals(LabelModel.OUT_OF_SCOPE))
                                .toList(),
                        2)
                .model();

        assertThat(model.classify("Qwxz vlurp zzyxq plorth").outOfScope()).isTrue();
        assertThat(model.classify("I want my money back for the broken lamp").outOfScope())
                .isFalse();
    }

    @Test
    void oneLabelAloneCannotBeLearned() {
        var trainer = new LabelTrainer(1);
        trainer.add("a b", "one");
        trainer.add("a c", "one");
        trainer.add("d", "two");

        assertThatExceptionOfType(UntrainableException.class)
                .isThrownBy(() -> trainer.train(share -> {}))
                .withMessageContaining("at least 2 labels");
    }

    @Test
    void moreTextThanFitsIntoMemoryIsRefusedInTime() {
        var trainer = new LabelTrainer(1, 500);
        trainer.add("a short text fits", "one");

        assertThatExceptionOfType(UntrainableException.class)
                .isThrownBy(() -> trainer.add("another one, ".repeat(3) + SHIPPED.toString(), "one"))
                .withMessageContaining("does not fit")
                .withMessageContaining("2 examples");
    }

    @Test
    void progressGrowsToOne() throws Exception {
        var trainer = new LabelTrainer(2);
        SHIPPED.subList(0, 400).forEach(example -> trainer.add(example.text(), example.label()));
        var shares = new ArrayList<Double>();

        trainer.train(shares::add);

        assertThat(shares).isSorted();
        assertThat(shares.getLast()).isEqualTo(1);
        assertThat(shares.getFirst()).isLessThan(0.5);
    }

    private static Trained train(List<LabelledText> examples, int threads) throws InterruptedException {
        var trainer = new LabelTrainer(threads);
        examples.forEach(example -> trainer.add(example.text(), example.label()));
        return trainer.train(share -> {});
    }

    private static byte[] bytes(LabelModel model) throws IOException {
        var out = new ByteArrayOutputStream();
        model.write(out);
        return out.toByteArray();
    }

    private static List<LabelledText> shipped(String name) {
        try (var stream = LabelTrainerTest.class.getResourceAsStream(name)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .skip(1)
                    .map(line -> line.split("\t", -1))
                    .map(cells -> new LabelledText(cells[4], cells[0]))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
