package io.opsrelay.agent.triage;

import java.util.List;

/**
 * One question that a model answers (intent, language, ...): its possible answers and how margins become probabilities.
 *
 * @param labels the answers, in the order of the model's columns
 * @param scale what margins are multiplied by before the softmax; the inverse of the fitted temperature
 */
record Head(String name, List<String> labels, double scale) {
    Head {
        labels = List.copyOf(labels);
        if (labels.size() < 2) {
            throw new IllegalArgumentException(name + " needs at least two labels, had " + labels);
        }
        if (!(scale > 0) || Double.isInfinite(scale)) {
            throw new IllegalArgumentException(name + " needs a positive scale, had " + scale);
        }
    }

    /** Returns a probability for each label from its margins. */
    double[] probabilities(double[] margins) {
        return softmax(margins, scale);
    }

    static double[] softmax(double[] margins, double scale) {
        var max = Double.NEGATIVE_INFINITY;
        for (var margin : margins) {
            max = Math.max(max, margin);
        }
        var result = new double[margins.length];
        var sum = 0.0;
        for (var i = 0; i < margins.length; i++) {
            result[i] = Math.exp((margins[i] - max) * scale);
            sum += result[i];
        }
        for (var i = 0; i < result.length; i++) {
            result[i] /= sum;
        }
        return result;
    }
}
