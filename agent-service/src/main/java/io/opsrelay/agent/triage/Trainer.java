package io.opsrelay.agent.triage;

import de.bwaldvogel.liblinear.Feature;
import de.bwaldvogel.liblinear.FeatureNode;
import de.bwaldvogel.liblinear.Linear;
import de.bwaldvogel.liblinear.Parameter;
import de.bwaldvogel.liblinear.Problem;
import de.bwaldvogel.liblinear.SolverType;
import io.opsrelay.agent.triage.Examples.Example;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/**
 * Trains one linear support vector machine per answer (one against the rest), and fits on out-of-fold margins the
 * temperature that turns margins into honest probabilities. The same examples give the same bytes.
 */
final class Trainer {
    /** Changes whenever the same examples would give another model. */
    static final String PARAMETERS = "L2R_L2LOSS_SVC_DUAL,C=2,eps=0.1,folds=5,seed=20260101;" + Features.EXTRACTION;

    private static final double COST = 2;
    private static final double TOLERANCE = 0.1;
    private static final int FOLDS = 5;
    private static final long SEED = 20_260_101;
    /** Share of in-scope texts that may be taken for out of scope because the model is unsure of them. */
    private static final double UNSURE_SHARE = 0.03;

    private static final int CALIBRATION_BINS = 15;

    private final List<Example> examples;
    private final int[] folds;
    private final int[] buckets;
    private final Feature[][] vectors;

    private Trainer(List<Example> examples) {
        this.examples = examples;
        this.folds = Examples.folds(examples, FOLDS);
        var features = examples.stream().map(e -> Features.of(e.text())).toList();
        var rows = new int[Features.DIMENSIONS];
        for (var vector : features) {
            for (var i = 0; i < vector.size(); i++) {
                rows[vector.bucket(i)] = 1;
            }
        }
        var used = new int[Features.DIMENSIONS];
        var count = 0;
        for (var bucket = 0; bucket < rows.length; bucket++) {
            if (rows[bucket] == 1) {
                rows[bucket] = count;
                used[count++] = bucket;
            }
        }
        this.buckets = Arrays.copyOf(used, count);
        this.vectors = features.stream().map(vector -> nodes(vector, rows)).toArray(Feature[][]::new);
    }

    /** Trains a model; {@code version} goes into its card. */
    static TextModel train(List<Example> examples, String version) {
        Linear.disableDebugOutput();
        return new Trainer(examples).train(version);
    }

    private TextModel train(String version) {
        var intent = head("intent", Example::label);
        var language = head("language", Example::language);
        var sentiment = head("sentiment", Example::sentiment);
        var priority = head("priority", Example::priority);
        var trained = List.of(intent, language, sentiment, priority);

        var columns = trained.stream().mapToInt(h -> h.head.labels().size()).sum();
        var weights = new float[buckets.length][columns];
        var bias = new float[columns];
        var offset = 0;
        for (var head : trained) {
            var labels = head.head.labels().size();
            for (var label = 0; label < labels; label++) {
                for (var row = 0; row < buckets.length; row++) {
                    weights[row][offset + label] = (float) head.weights[row * labels + label];
                }
                bias[offset + label] = (float) head.weights[buckets.length * labels + label];
            }
            offset += labels;
        }
        var card = new ModelCard(
                version,
                examples.size(),
                intent.accuracy,
                intent.calibrationError,
                language.accuracy,
                sentiment.accuracy,
                priority.accuracy);
        var heads = trained.stream().map(h -> h.head).toList();
        return TextModel.of(card, intent.unsureBelow, heads, bias, buckets, weights);
    }

    /** A head, its weights by row and label, and what cross-validation found. */
    private static final class TrainedHead {
        private final Head head;
        private final double[] weights;
        private final double accuracy;
        private final double calibrationError;
        private final double unsureBelow;

        private TrainedHead(Head head, double[] weights, double accuracy, double calibrationError, double unsureBelow) {
            this.head = head;
            this.weights = weights;
            this.accuracy = accuracy;
            this.calibrationError = calibrationError;
            this.unsureBelow = unsureBelow;
        }
    }

    private TrainedHead head(String name, Function<Example, String> answer) {
        var labels = examples.stream().map(answer).distinct().sorted().toList();
        var truth =
                examples.stream().mapToInt(e -> labels.indexOf(answer.apply(e))).toArray();

        var margins = new double[truth.length][];
        for (var fold = 0; fold < FOLDS; fold++) {
            var rest = new ArrayList<Integer>();
            for (var i = 0; i < folds.length; i++) {
                if (folds[i] != fold) {
                    rest.add(i);
                }
            }
            var weights = fit(rest, truth, labels.size());
            for (var i = 0; i < folds.length; i++) {
                if (folds[i] == fold) {
                    margins[i] = margins(weights, vectors[i], labels.size());
                }
            }
        }
        var scale = fitScale(margins, truth);
        var probabilities =
                Arrays.stream(margins).map(m -> Head.softmax(m, scale)).toArray(double[][]::new);
        var all = new ArrayList<Integer>();
        for (var i = 0; i < truth.length; i++) {
            all.add(i);
        }
        return new TrainedHead(
                new Head(name, labels, scale),
                fit(all, truth, labels.size()),
                accuracy(probabilities, truth),
                calibrationError(probabilities, truth),
                unsureBelow(probabilities, truth, labels.indexOf(Examples.OUT_OF_SCOPE)));
    }

    /** Returns weights by row and label, the bias as a last row. */
    private double[] fit(List<Integer> rows, int[] truth, int labels) {
        var problem = new Problem();
        problem.l = rows.size();
        problem.n = buckets.length + 1;
        problem.bias = 1;
        problem.x = rows.stream().map(i -> vectors[i]).toArray(Feature[][]::new);
        problem.y = rows.stream().mapToDouble(i -> truth[i]).toArray();
        var parameter = new Parameter(SolverType.L2R_L2LOSS_SVC_DUAL, COST, TOLERANCE);
        parameter.setRandom(new Random(SEED));
        var model = Linear.train(problem, parameter);
        var order = model.getLabels();
        if (order.length != labels) {
            throw new IllegalArgumentException("a label has too few examples to be cross-validated");
        }
        var own = model.getFeatureWeights();
        // Of two labels liblinear keeps one column, for the first against the second.
        var stride = labels == 2 ? 1 : labels;
        var result = new double[problem.n * labels];
        for (var row = 0; row < problem.n; row++) {
            for (var column = 0; column < labels; column++) {
                var weight = stride == 1 ? (column == 0 ? own[row] : -own[row]) : own[row * stride + column];
                result[row * labels + order[column]] = weight;
            }
        }
        return result;
    }

    private static double[] margins(double[] weights, Feature[] vector, int labels) {
        var result = new double[labels];
        for (var node : vector) {
            var offset = (node.getIndex() - 1) * labels;
            for (var label = 0; label < labels; label++) {
                result[label] += node.getValue() * weights[offset + label];
            }
        }
        return result;
    }

    /** Finds the scale with the least negative log-likelihood by golden section over its logarithm. */
    private static double fitScale(double[][] margins, int[] truth) {
        var ratio = (Math.sqrt(5) - 1) / 2;
        var low = StrictMath.log(0.05);
        var high = StrictMath.log(100);
        for (var step = 0; step < 60; step++) {
            var left = high - ratio * (high - low);
            var right = low + ratio * (high - low);
            if (loss(margins, truth, StrictMath.exp(left)) < loss(margins, truth, StrictMath.exp(right))) {
                high = right;
            } else {
                low = left;
            }
        }
        return StrictMath.exp((low + high) / 2);
    }

    private static double loss(double[][] margins, int[] truth, double scale) {
        var loss = 0.0;
        for (var i = 0; i < truth.length; i++) {
            loss -= StrictMath.log(Math.max(1e-12, Head.softmax(margins[i], scale)[truth[i]]));
        }
        return loss;
    }

    private static double accuracy(double[][] probabilities, int[] truth) {
        var right = 0;
        for (var i = 0; i < truth.length; i++) {
            right += Classifier.best(probabilities[i]) == truth[i] ? 1 : 0;
        }
        return (double) right / truth.length;
    }

    /** Mean distance between confidence and accuracy over equal-width bins of confidence, weighted by their size. */
    private static double calibrationError(double[][] probabilities, int[] truth) {
        var surplus = new double[CALIBRATION_BINS];
        for (var i = 0; i < truth.length; i++) {
            var best = Classifier.best(probabilities[i]);
            var confidence = probabilities[i][best];
            var bin = Math.min(CALIBRATION_BINS - 1, (int) (confidence * CALIBRATION_BINS));
            surplus[bin] += confidence - (best == truth[i] ? 1 : 0);
        }
        return Arrays.stream(surplus).map(Math::abs).sum() / truth.length;
    }

    /** Returns the confidence under which {@link #UNSURE_SHARE} of the rightly answered in-scope texts lie. */
    private static double unsureBelow(double[][] probabilities, int[] truth, int outOfScope) {
        var confidences = new ArrayList<Double>();
        for (var i = 0; i < truth.length; i++) {
            if (truth[i] != outOfScope && Classifier.best(probabilities[i]) == truth[i]) {
                confidences.add(probabilities[i][truth[i]]);
            }
        }
        confidences.sort(null);
        return confidences.isEmpty() ? 0 : confidences.get((int) (confidences.size() * UNSURE_SHARE));
    }

    private Feature[] nodes(Features features, int[] rows) {
        var nodes = new Feature[features.size() + 1];
        for (var i = 0; i < features.size(); i++) {
            nodes[i] = new FeatureNode(rows[features.bucket(i)] + 1, features.value(i));
        }
        nodes[features.size()] = new FeatureNode(buckets.length + 1, 1);
        return nodes;
    }
}
