package io.opsrelay.agent.learning;

import java.util.Arrays;

/**
 * Turns margins into honest probabilities: a temperature for all labels, then a logistic correction of the best one's.
 *
 * @param scale what margins are multiplied by before the softmax
 * @param slope of the best label's log odds
 * @param shift of the best label's log odds
 */
record Calibration(double scale, double slope, double shift) {

    /** With fewer texts a correction of two more parameters would follow chance. */
    private static final int LEAST_FOR_CORRECTION = 200;

    private static final int SEARCH_STEPS = 25;
    private static final int NEWTON_STEPS = 20;
    private static final double LEAST_PROBABILITY = 1e-9;

    /** What the scale is usually near to. A few texts that were all right are no reason to be sure of everything. */
    private static final double USUAL_SCALE = 4;

    Calibration {
        if (!(scale > 0) || Double.isInfinite(scale) || !(slope > 0) || Double.isInfinite(slope)) {
            throw new IllegalArgumentException("scale and slope must be positive, were " + scale + " and " + slope);
        }
    }

    /**
     * Fits to margins of texts that the models were not shown.
     *
     * @param margins by text and label
     * @param truth each text's label
     * @param counted whether a text is to be looked at
     */
    static Calibration fit(float[][] margins, int[] truth, boolean[] counted) {
        var rows = 0;
        for (var is : counted) {
            rows += is ? 1 : 0;
        }
        var scale = scale(margins, truth, counted);
        if (rows < LEAST_FOR_CORRECTION) {
            return new Calibration(scale, 1, 0);
        }
        return corrected(margins, truth, counted, scale);
    }

    /** A probability for each label; those of the best one and of the others add up to 1. */
    double[] probabilities(float[] margins) {
        var result = softmax(margins, scale);
        var best = best(result);
        var rest = 1 - result[best];
        var confidence = sigmoid(slope * logit(result[best]) + shift);
        // The correction must not put another label in front.
        var most = 0.0;
        for (var i = 0; i < result.length; i++) {
            most = i == best ? most : Math.max(most, result[i]);
        }
        if (rest > 0) {
            confidence = Math.max(confidence, most / (most + rest));
        }
        for (var i = 0; i < result.length; i++) {
            result[i] = i == best ? confidence : rest > 0 ? result[i] / rest * (1 - confidence) : 0;
        }
        return result;
    }

    static int best(double[] values) {
        var best = 0;
        for (var i = 1; i < values.length; i++) {
            best = values[i] > values[best] ? i : best;
        }
        return best;
    }

    /** Finds the scale with the least negative log-likelihood by golden section over its logarithm. */
    private static double scale(float[][] margins, int[] truth, boolean[] counted) {
        var ratio = (Math.sqrt(5) - 1) / 2;
        var low = StrictMath.log(0.1);
        var high = StrictMath.log(50);
        var left = high - ratio * (high - low);
        var right = low + ratio * (high - low);
        var lossLeft = loss(margins, truth, counted, StrictMath.exp(left));
        var lossRight = loss(margins, truth, counted, StrictMath.exp(right));
        for (var step = 0; step < SEARCH_STEPS; step++) {
            if (lossLeft < lossRight) {
                high = right;
                right = left;
                lossRight = lossLeft;
                left = high - ratio * (high - low);
                lossLeft = loss(margins, truth, counted, StrictMath.exp(left));
            } else {
                low = left;
                left = right;
                lossLeft = lossRight;
                right = low + ratio * (high - low);
                lossRight = loss(margins, truth, counted, StrictMath.exp(right));
            }
        }
        return StrictMath.exp((low + high) / 2);
    }

    private static double loss(float[][] margins, int[] truth, boolean[] counted, double scale) {
        var unusual = StrictMath.log(scale / USUAL_SCALE);
        var loss = unusual * unusual;
        for (var i = 0; i < truth.length; i++) {
            if (counted[i]) {
                loss -= StrictMath.log(Math.max(LEAST_PROBABILITY, softmax(margins[i], scale)[truth[i]]));
            }
        }
        return loss;
    }

    /** Newton's method on the logistic regression of "the best label is right" on its log odds, held near (1, 0). */
    private static Calibration corrected(float[][] margins, int[] truth, boolean[] counted, double scale) {
        var odds = new double[truth.length];
        var right = new double[truth.length];
        for (var i = 0; i < truth.length; i++) {
            if (counted[i]) {
                var probabilities = softmax(margins[i], scale);
                var best = best(probabilities);
                odds[i] = logit(probabilities[best]);
                right[i] = best == truth[i] ? 1 : 0;
            }
        }
        var slope = 1.0;
        var shift = 0.0;
        for (var step = 0; step < NEWTON_STEPS; step++) {
            // A weak pull towards no correction keeps texts that are all right from driving the slope to infinity.
            var gradient = new double[] {slope - 1, shift};
            var hessian = new double[] {1, 0, 1};
            for (var i = 0; i < truth.length; i++) {
                if (counted[i]) {
                    var p = sigmoid(slope * odds[i] + shift);
                    var weight = p * (1 - p);
                    gradient[0] += (p - right[i]) * odds[i];
                    gradient[1] += p - right[i];
                    hessian[0] += weight * odds[i] * odds[i];
                    hessian[1] += weight * odds[i];
                    hessian[2] += weight;
                }
            }
            var determinant = hessian[0] * hessian[2] - hessian[1] * hessian[1];
            slope -= (hessian[2] * gradient[0] - hessian[1] * gradient[1]) / determinant;
            shift -= (hessian[0] * gradient[1] - hessian[1] * gradient[0]) / determinant;
        }
        return slope > 0.1 && slope < 10 && Math.abs(shift) < 10
                ? new Calibration(scale, slope, shift)
                : new Calibration(scale, 1, 0);
    }

    private static double[] softmax(float[] margins, double scale) {
        var max = Float.NEGATIVE_INFINITY;
        for (var margin : margins) {
            max = Math.max(max, margin);
        }
        var result = new double[margins.length];
        var sum = 0.0;
        for (var i = 0; i < margins.length; i++) {
            // StrictMath gives the same bits on every machine; what is that far behind adds nothing.
            var exponent = (margins[i] - max) * scale;
            result[i] = exponent < -30 ? 0 : StrictMath.exp(exponent);
            sum += result[i];
        }
        var total = sum;
        Arrays.setAll(result, i -> result[i] / total);
        return result;
    }

    private static double logit(double probability) {
        var bounded = Math.min(Math.max(probability, LEAST_PROBABILITY), 1 - LEAST_PROBABILITY);
        return StrictMath.log(bounded / (1 - bounded));
    }

    private static double sigmoid(double value) {
        return 1 / (1 + StrictMath.exp(-value));
    }
}
