package io.opsrelay.agent.learning;

import io.opsrelay.agent.learning.LabelFigures.Answer;
import io.opsrelay.agent.learning.LabelTrainer.Trained;
import io.opsrelay.agent.triage.Features;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Executors;
import java.util.function.DoubleConsumer;
import java.util.stream.IntStream;

/** One training: on all examples for the model, and on all but one fold of them, again and again, for its figures. */
final class CrossValidation {
    /** With ten folds the measured models have nearly as many examples as the one that is used, and are as sure. */
    private static final int FOLDS = 10;

    private static final int FOLDS_OF_MANY = 5;
    private static final int MANY = 20_000;

    private static final double COST = 2;
    private static final double TOLERANCE = 0.1;
    private static final long SEED = 20_260_101;

    /** Share of in-scope texts that may be taken for out of scope because the model is unsure of them. */
    private static final double UNSURE_SHARE = 0.03;

    /** Of many labels only so many buckets get a row, the most frequent ones, that rows times labels stay below it. */
    private static final int MOST_WEIGHTS = 8_000_000;

    /** Of many examples and labels only so many are measured, evenly chosen, that examples times labels stay below it. */
    private static final int MOST_MARGINS = 4_000_000;

    private final Vectors vectors;
    private final int[] rows;
    private final int[] labelOf;
    private final List<String> labels;
    private final int threads;
    private final int[] buckets;
    private final float[] rarity;
    private final float strangeRarity;
    private final int foldCount;
    /** The fold of each place in {@code rows}. */
    private final int[] folds;
    /** The places in {@code rows} that are measured. */
    private final int[] measured;

    private final float[][] margins;

    /**
     * @param vectors by bucket; they are weighed here
     * @param rows the vectors to learn from, by label and as good as random within a label
     * @param labelOf a vector's label, by its place in {@code labels}
     */
    CrossValidation(Vectors vectors, int[] rows, int[] labelOf, List<String> labels, int threads) {
        this.vectors = vectors;
        this.rows = rows;
        this.labelOf = labelOf;
        this.labels = List.copyOf(labels);
        this.threads = threads;
        var frequency = new int[Features.DIMENSIONS];
        for (var row : rows) {
            for (var at = vectors.start(row); at < vectors.end(row); at++) {
                frequency[vectors.index(at)]++;
            }
        }
        this.buckets = mostFrequent(frequency, Math.max(1_000, MOST_WEIGHTS / labels.size()));
        this.rarity = new float[buckets.length];
        var rowOf = new int[Features.DIMENSIONS];
        Arrays.fill(rowOf, -1);
        for (var row = 0; row < buckets.length; row++) {
            rowOf[buckets[row]] = row;
            rarity[row] = rarity(frequency[buckets[row]]);
        }
        // A held-back text's own words occur once, in itself; in use they would not have occurred at all.
        this.strangeRarity = rarity(1);
        vectors.weigh(bucket -> rowOf[bucket], rarity, strangeRarity);
        this.foldCount = rows.length > MANY ? FOLDS_OF_MANY : FOLDS;
        this.folds = folds();
        var step = (int) Math.ceilDiv((long) rows.length * labels.size(), MOST_MARGINS);
        this.measured =
                IntStream.range(0, rows.length).filter(i -> i % step == 0).toArray();
        this.margins = new float[measured.length][labels.size()];
    }

    private float rarity(int frequency) {
        return (float) (1 + StrictMath.log((1.0 + rows.length) / (1.0 + frequency)));
    }

    private static int[] mostFrequent(int[] frequency, int most) {
        var used = IntStream.range(0, frequency.length)
                .filter(bucket -> frequency[bucket] > 0)
                .toArray();
        if (used.length <= most) {
            return used;
        }
        return Arrays.stream(used)
                .boxed()
                .sorted((a, b) -> frequency[a] != frequency[b]
                        ? Integer.compare(frequency[b], frequency[a])
                        : Integer.compare(a, b))
                .limit(most)
                .mapToInt(Integer::intValue)
                .sorted()
                .toArray();
    }

    /** Each label's examples are dealt out one by one, so that every fold has its share of them. */
    private int[] folds() {
        var result = new int[rows.length];
        var seen = new int[labels.size()];
        for (var i = 0; i < rows.length; i++) {
            var label = labelOf[rows[i]];
            result[i] = (label + seen[label]++) % foldCount;
        }
        return result;
    }

    Trained train(DoubleConsumer progress, List<String> leftOut) throws InterruptedException {
        var weights = new float[buckets.length * labels.size()];
        var bias = new float[labels.size()];
        fitAll(weights, bias, progress);

        var truth = Arrays.stream(measured).map(i -> labelOf[rows[i]]).toArray();
        var all = new boolean[truth.length];
        Arrays.fill(all, true);
        var calibration = Calibration.fit(margins, truth, all);
        var probabilities = crossFitted(truth);
        var unsureBelow = unsureBelow(probabilities, truth);
        var answers = new ArrayList<Answer>();
        for (var i = 0; i < truth.length; i++) {
            var best = Calibration.best(probabilities[i]);
            answers.add(new Answer(labels.get(truth[i]), labels.get(best), probabilities[i][best]));
        }
        var model = LabelModel.of(labels, calibration, unsureBelow, bias, buckets, rarity, strangeRarity, weights);
        return new Trained(model, LabelFigures.of(answers), rows.length, leftOut);
    }

    /** One task for each label of each fold, and for each label of the whole; which thread does it changes nothing. */
    private void fitAll(float[] weights, float[] bias, DoubleConsumer progress) throws InterruptedException {
        var pool = Executors.newFixedThreadPool(
                threads, Thread.ofPlatform().name("label-training-", 0).daemon().factory());
        try {
            var tasks = new ExecutorCompletionService<Void>(pool);
            var count = 0;
            for (var fold = foldCount; fold >= 0; fold--) {
                var held = fold;
                var learned = IntStream.range(0, rows.length)
                        .filter(i -> folds[i] != held)
                        .map(i -> rows[i])
                        .toArray();
                for (var label = 0; label < labels.size(); label++, count++) {
                    var own = label;
                    tasks.submit(() -> fitOne(held, own, learned, weights, bias), null);
                }
            }
            for (var done = 1; done <= count; done++) {
                tasks.take().get();
                progress.accept((double) done / count);
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a label could not be trained", e.getCause());
        } finally {
            pool.shutdownNow();
        }
    }

    private void fitOne(int held, int label, int[] learned, float[] weights, float[] bias) {
        var own = LinearSvm.fit(vectors, labelOf, label, learned, buckets.length, COST, TOLERANCE, SEED + label);
        if (held == foldCount) {
            for (var row = 0; row < buckets.length; row++) {
                weights[row * labels.size() + label] = own[row];
            }
            bias[label] = own[buckets.length];
            return;
        }
        for (var i = 0; i < measured.length; i++) {
            if (folds[measured[i]] == held) {
                margins[i][label] = (float) (vectors.dot(own, rows[measured[i]]) + own[buckets.length]);
            }
        }
    }

    /** Probabilities of each half of the folds by the calibration of the other: the measured error is not flattered. */
    private double[][] crossFitted(int[] truth) {
        var result = new double[truth.length][];
        for (var half = 0; half < 2; half++) {
            var other = new boolean[truth.length];
            for (var i = 0; i < truth.length; i++) {
                other[i] = folds[measured[i]] % 2 != half;
            }
            var calibration = Calibration.fit(margins, truth, other);
            for (var i = 0; i < truth.length; i++) {
                if (!other[i]) {
                    result[i] = calibration.probabilities(margins[i]);
                }
            }
        }
        return result;
    }

    /** Returns the confidence under which {@link #UNSURE_SHARE} of the rightly answered in-scope texts lie. */
    private double unsureBelow(double[][] probabilities, int[] truth) {
        var outOfScope = labels.indexOf(LabelModel.OUT_OF_SCOPE);
        var confidences = IntStream.range(0, truth.length)
                .filter(i -> truth[i] != outOfScope && Calibration.best(probabilities[i]) == truth[i])
                .mapToDouble(i -> probabilities[i][truth[i]])
                .sorted()
                .toArray();
        return confidences.length == 0 ? 0 : confidences[(int) (confidences.length * UNSURE_SHARE)];
    }
}
