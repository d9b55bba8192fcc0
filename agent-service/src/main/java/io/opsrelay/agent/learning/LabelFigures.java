package io.opsrelay.agent.learning;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How good answers were.
 *
 * @param answers how many there were
 * @param accuracy share of them that were right, 0 to 1
 * @param macroF1 mean of the labels' F1, each label counting the same, 0 to 1
 * @param calibrationError expected calibration error over 15 equal-width bins of confidence, 0 to 1
 * @param labels figures of each label that was right or was answered, in alphabetical order
 * @param confusion the wrong answers, most frequent first
 */
public record LabelFigures(
        int answers,
        double accuracy,
        double macroF1,
        double calibrationError,
        List<OfLabel> labels,
        List<Confused> confusion) {

    private static final int BINS = 15;

    public LabelFigures {
        labels = List.copyOf(labels);
        confusion = List.copyOf(confusion);
    }

    /**
     * One answer and the truth.
     *
     * @param confidence of the answer, 0 to 1
     */
    public record Answer(String actual, String predicted, double confidence) {
        boolean isRight() {
            return actual.equals(predicted);
        }
    }

    /**
     * Figures of one label.
     *
     * @param precision share of the answers with this label that were right, 0 to 1; 0 if it was never answered
     * @param recall share of its texts that were found, 0 to 1; 0 if it had none
     * @param f1 harmonic mean of both
     * @param support how many texts had it
     */
    public record OfLabel(String label, double precision, double recall, double f1, int support) {}

    /** So many texts of one label were taken for another's. */
    public record Confused(String actual, String predicted, int count) {}

    /** Counts. */
    public static LabelFigures of(List<Answer> answers) {
        if (answers.isEmpty()) {
            throw new IllegalArgumentException("no answers, no figures");
        }
        // Per label: texts that have it, answers that name it, answers that name it rightly.
        var counts = new TreeMap<String, int[]>();
        var errors = new TreeMap<String, Map<String, Integer>>();
        var surplus = new double[BINS];
        var right = 0;
        for (var answer : answers) {
            counts.computeIfAbsent(answer.actual(), label -> new int[3])[0]++;
            counts.computeIfAbsent(answer.predicted(), label -> new int[3])[1]++;
            if (answer.isRight()) {
                right++;
                counts.computeIfAbsent(answer.actual(), label -> new int[3])[2]++;
            } else {
                errors.computeIfAbsent(answer.actual(), label -> new TreeMap<>())
                        .merge(answer.predicted(), 1, Integer::sum);
            }
            var bin = Math.min(BINS - 1, (int) (answer.confidence() * BINS));
            surplus[bin] += answer.confidence() - (answer.isRight() ? 1 : 0);
        }
        var labels = new ArrayList<OfLabel>();
        counts.forEach((label, count) -> labels.add(ofLabel(label, count)));
        var confusion = new ArrayList<Confused>();
        errors.forEach((actual, wrong) ->
                wrong.forEach((predicted, count) -> confusion.add(new Confused(actual, predicted, count))));
        confusion.sort(Comparator.comparingInt(Confused::count).reversed());
        var distance = 0.0;
        for (var value : surplus) {
            distance += Math.abs(value);
        }
        return new LabelFigures(
                answers.size(),
                (double) right / answers.size(),
                labels.stream().mapToDouble(OfLabel::f1).average().orElse(0),
                distance / answers.size(),
                labels,
                confusion);
    }

    private static OfLabel ofLabel(String label, int[] count) {
        var precision = count[1] == 0 ? 0 : (double) count[2] / count[1];
        var recall = count[0] == 0 ? 0 : (double) count[2] / count[0];
        var f1 = count[2] == 0 ? 0 : 2 * precision * recall / (precision + recall);
        return new OfLabel(label, precision, recall, f1, count[0]);
    }
}
