package io.opsrelay.agent.learning;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Trains one linear support vector machine with squared hinge loss by coordinate descent on the dual problem, as Hsieh et
 * al. describe it ("A dual coordinate descent method for large-scale linear SVM", 2008), shrinking included. The same
 * examples give the same weights.
 */
final class LinearSvm {
    private static final int MOST_ROUNDS = 300;
    private static final double NOTHING = 1e-12;

    private LinearSvm() {}

    /**
     * Returns the weights, the last of them the bias.
     *
     * @param labelOf each vector's label
     * @param label the one to tell from the rest
     * @param rows the vectors to learn from
     * @param features how many different features the vectors have
     * @param tolerance how far the gradient may be from that of the best solution
     */
    static float[] fit(
            Vectors vectors,
            int[] labelOf,
            int label,
            int[] rows,
            int features,
            double cost,
            double tolerance,
            long seed) {
        var weights = new float[features + 1];
        var alpha = new double[rows.length];
        var curvature = new double[rows.length];
        var softness = 0.5 / cost;
        for (var i = 0; i < rows.length; i++) {
            curvature[i] = softness + 1 + vectors.squaredLength(rows[i]);
        }
        var order = new int[rows.length];
        Arrays.setAll(order, i -> i);
        var random = new SplittableRandom(seed);
        var active = rows.length;
        var shrinkAbove = Double.POSITIVE_INFINITY;
        for (var round = 0; round < MOST_ROUNDS; round++) {
            var highest = Double.NEGATIVE_INFINITY;
            var lowest = Double.POSITIVE_INFINITY;
            for (var i = 0; i < active; i++) {
                swap(order, i, i + random.nextInt(active - i));
            }
            for (var s = 0; s < active; s++) {
                var i = order[s];
                var row = rows[i];
                var sign = labelOf[row] == label ? 1 : -1;
                var gradient = sign * (vectors.dot(weights, row) + weights[features]) - 1 + alpha[i] * softness;
                if (alpha[i] == 0 && gradient > shrinkAbove) {
                    // Far on the right side of the margin: it will hardly come back, and is looked at again at the end.
                    swap(order, s--, --active);
                    continue;
                }
                var projected = alpha[i] == 0 ? Math.min(gradient, 0) : gradient;
                highest = Math.max(highest, projected);
                lowest = Math.min(lowest, projected);
                if (Math.abs(projected) > NOTHING) {
                    var before = alpha[i];
                    alpha[i] = Math.max(before - gradient / curvature[i], 0);
                    var step = (alpha[i] - before) * sign;
                    vectors.addTo(weights, row, step);
                    weights[features] += (float) step;
                }
            }
            if (highest - lowest <= tolerance) {
                if (active == rows.length) {
                    break;
                }
                active = rows.length;
                shrinkAbove = Double.POSITIVE_INFINITY;
            } else {
                shrinkAbove = highest > 0 ? highest : Double.POSITIVE_INFINITY;
            }
        }
        return weights;
    }

    private static void swap(int[] order, int a, int b) {
        var kept = order[a];
        order[a] = order[b];
        order[b] = kept;
    }
}
