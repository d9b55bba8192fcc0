package io.opsrelay.agent.learning;

import io.opsrelay.agent.triage.Features;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/** Sparse vectors in few arrays: a list of objects would take several times the memory. Not thread-safe while it grows. */
final class Vectors {
    private int[] starts;
    private int[] indices;
    private float[] values;
    private int count;

    /** Room for so many vectors and values at first; it grows as needed. */
    Vectors(int vectors, int values) {
        this.starts = new int[Math.max(vectors, 1) + 1];
        this.indices = new int[Math.max(values, 1)];
        this.values = new float[Math.max(values, 1)];
    }

    /** Adds a text's vector. */
    void add(Features features) {
        for (var i = 0; i < features.size(); i++) {
            add(features.bucket(i), features.value(i));
        }
        end();
    }

    void add(int index, float value) {
        var at = starts[count + 1];
        if (at == indices.length) {
            indices = Arrays.copyOf(indices, grown(at));
            values = Arrays.copyOf(values, grown(at));
        }
        indices[at] = index;
        values[at] = value;
        starts[count + 1] = at + 1;
    }

    /** Ends the vector that the last values belong to. */
    void end() {
        count++;
        if (count + 1 == starts.length) {
            starts = Arrays.copyOf(starts, grown(starts.length));
        }
        starts[count + 1] = starts[count];
    }

    int count() {
        return count;
    }

    /** How many values all vectors have together. */
    int size() {
        return starts[count];
    }

    int start(int vector) {
        return starts[vector];
    }

    int end(int vector) {
        return starts[vector + 1];
    }

    int index(int at) {
        return indices[at];
    }

    float value(int at) {
        return values[at];
    }

    double dot(float[] weights, int vector) {
        var sum = 0.0;
        var end = starts[vector + 1];
        for (var at = starts[vector]; at < end; at++) {
            sum += (double) weights[indices[at]] * values[at];
        }
        return sum;
    }

    void addTo(float[] weights, int vector, double factor) {
        var end = starts[vector + 1];
        for (var at = starts[vector]; at < end; at++) {
            weights[indices[at]] += (float) (factor * values[at]);
        }
    }

    double squaredLength(int vector) {
        var sum = 0.0;
        for (var at = starts[vector]; at < starts[vector + 1]; at++) {
            sum += (double) values[at] * values[at];
        }
        return sum;
    }

    /**
     * Makes rows of buckets, in place: values are multiplied by their row's weight, and of each vector the words' part and
     * the characters' part get length 1 again. Values without a row fall away but count in that length: the more of a text
     * is unknown, the less sure the model is to be of it, the same in use as when it was measured.
     *
     * @param rowOf a bucket's row, negative if it has none
     * @param strangeWeight of buckets without a row
     */
    void weigh(IntUnaryOperator rowOf, float[] rowWeights, float strangeWeight) {
        var to = 0;
        for (var vector = 0; vector < count; vector++) {
            var from = starts[vector];
            var end = starts[vector + 1];
            starts[vector] = to;
            for (var offset = Features.BLOCK; offset <= Features.DIMENSIONS; offset += Features.BLOCK) {
                var start = to;
                var squares = 0.0;
                for (; from < end && indices[from] < offset; from++) {
                    var row = rowOf.applyAsInt(indices[from]);
                    var value = values[from] * (row < 0 ? strangeWeight : rowWeights[row]);
                    squares += (double) value * value;
                    if (row >= 0) {
                        indices[to] = row;
                        values[to++] = value;
                    }
                }
                var scale = squares == 0 ? 0 : (float) (1 / Math.sqrt(squares));
                for (var i = start; i < to; i++) {
                    values[i] *= scale;
                }
            }
        }
        starts[count] = to;
    }

    private static int grown(int size) {
        return size + (size >> 1) + 1;
    }
}
