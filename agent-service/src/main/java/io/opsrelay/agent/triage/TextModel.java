package io.opsrelay.agent.triage;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A linear model over {@link Features} that answers several questions about a text in one pass. Immutable.
 *
 * <p>Only buckets that occurred in training have a row of weights, one byte for each answer, scaled per row: a few
 * megabytes on disk and on the heap.
 */
final class TextModel {
    private static final int MAGIC = 0x4F505354;
    private static final int FORMAT = 1;
    private static final int MAX_LABELS = 10_000;

    private final ModelCard card;
    private final double outOfScopeBelow;
    private final List<Head> heads;
    private final int columns;
    private final float[] bias;
    private final int[] buckets;
    private final float[] rowScale;
    private final byte[] weights;
    /** Row of every bucket of the hashed space, or -1: one look-up instead of a search in the hot loop. */
    private final int[] rowOfBucket;

    private TextModel(
            ModelCard card,
            double outOfScopeBelow,
            List<Head> heads,
            float[] bias,
            int[] buckets,
            float[] rowScale,
            byte[] weights) {
        this.card = card;
        this.outOfScopeBelow = outOfScopeBelow;
        this.heads = List.copyOf(heads);
        this.columns = heads.stream().mapToInt(head -> head.labels().size()).sum();
        this.bias = bias;
        this.buckets = buckets;
        this.rowScale = rowScale;
        this.weights = weights;
        this.rowOfBucket = new int[Features.DIMENSIONS];
        Arrays.fill(rowOfBucket, -1);
        for (var row = 0; row < buckets.length; row++) {
            rowOfBucket[buckets[row]] = row;
        }
    }

    /**
     * Makes a model of exact weights.
     *
     * @param outOfScopeBelow intent confidence under which a text counts as out of scope
     * @param bias one per column; the columns are the heads' labels, one head after the other
     * @param buckets ascending
     * @param weights by row (one for each bucket), then by column
     */
    static TextModel of(
            ModelCard card, double outOfScopeBelow, List<Head> heads, float[] bias, int[] buckets, float[][] weights) {
        var columns = bias.length;
        var rowScale = new float[buckets.length];
        var bytes = new byte[buckets.length * columns];
        for (var row = 0; row < buckets.length; row++) {
            var max = 0f;
            for (var weight : weights[row]) {
                max = Math.max(max, Math.abs(weight));
            }
            rowScale[row] = max / Byte.MAX_VALUE;
            for (var column = 0; column < columns && max > 0; column++) {
                bytes[row * columns + column] = (byte) Math.round(weights[row][column] / rowScale[row]);
            }
        }
        return new TextModel(card, outOfScopeBelow, heads, bias.clone(), buckets.clone(), rowScale, bytes);
    }

    ModelCard card() {
        return card;
    }

    double outOfScopeBelow() {
        return outOfScopeBelow;
    }

    List<Head> heads() {
        return heads;
    }

    /** Returns the margins of every column: for each head in order, for each of its labels. */
    double[] margins(Features features) {
        var sums = new float[columns];
        System.arraycopy(bias, 0, sums, 0, columns);
        for (var i = 0; i < features.size(); i++) {
            var row = rowOfBucket[features.bucket(i)];
            if (row < 0) {
                continue;
            }
            var factor = features.value(i) * rowScale[row];
            var offset = row * columns;
            for (var column = 0; column < columns; column++) {
                sums[column] += factor * weights[offset + column];
            }
        }
        var margins = new double[columns];
        for (var column = 0; column < columns; column++) {
            margins[column] = sums[column];
        }
        return margins;
    }

    /** Writes the model; the stream stays open. */
    void write(OutputStream stream) throws IOException {
        var out = new DataOutputStream(stream);
        out.writeInt(MAGIC);
        out.writeInt(FORMAT);
        out.writeUTF(Features.EXTRACTION);
        out.writeUTF(card.version());
        out.writeInt(card.trainedExamples());
        out.writeDouble(card.intentAccuracy());
        out.writeDouble(card.calibrationError());
        out.writeDouble(card.languageAccuracy());
        out.writeDouble(card.sentimentAccuracy());
        out.writeDouble(card.priorityAccuracy());
        out.writeDouble(outOfScopeBelow);
        out.writeInt(heads.size());
        for (var head : heads) {
            out.writeUTF(head.name());
            out.writeDouble(head.scale());
            out.writeInt(head.labels().size());
            for (var label : head.labels()) {
                out.writeUTF(label);
            }
        }
        for (var value : bias) {
            out.writeFloat(value);
        }
        out.writeInt(buckets.length);
        for (var bucket : buckets) {
            out.writeInt(bucket);
        }
        for (var scale : rowScale) {
            out.writeFloat(scale);
        }
        out.write(weights);
        out.flush();
    }

    /**
     * Reads a model that {@link #write} wrote.
     *
     * @throws IOException if it is not one, is of another format, or was trained for another feature extraction
     */
    static TextModel read(InputStream stream) throws IOException {
        var in = new DataInputStream(stream);
        if (in.readInt() != MAGIC || in.readInt() != FORMAT) {
            throw new IOException("not a classifier model of format " + FORMAT);
        }
        var extraction = in.readUTF();
        if (!extraction.equals(Features.EXTRACTION)) {
            throw new IOException("the model was trained for the features '" + extraction + "', not for '"
                    + Features.EXTRACTION + "': train it again");
        }
        var card = new ModelCard(
                in.readUTF(),
                in.readInt(),
                in.readDouble(),
                in.readDouble(),
                in.readDouble(),
                in.readDouble(),
                in.readDouble());
        var outOfScopeBelow = in.readDouble();
        var heads = new ArrayList<Head>();
        var columns = 0;
        for (var remaining = checked(in.readInt(), 16); remaining > 0; remaining--) {
            var name = in.readUTF();
            var scale = in.readDouble();
            var labels = new String[checked(in.readInt(), MAX_LABELS)];
            for (var i = 0; i < labels.length; i++) {
                labels[i] = in.readUTF();
            }
            heads.add(new Head(name, List.of(labels), scale));
            columns += labels.length;
        }
        var bias = floats(in, columns);
        var buckets = new int[checked(in.readInt(), Features.DIMENSIONS)];
        for (var i = 0; i < buckets.length; i++) {
            buckets[i] = checked(in.readInt(), Features.DIMENSIONS - 1);
        }
        var rowScale = floats(in, buckets.length);
        var weights = new byte[Math.multiplyExact(buckets.length, columns)];
        in.readFully(weights);
        return new TextModel(card, outOfScopeBelow, heads, bias, buckets, rowScale, weights);
    }

    private static float[] floats(DataInputStream in, int count) throws IOException {
        var result = new float[count];
        for (var i = 0; i < count; i++) {
            result[i] = in.readFloat();
        }
        return result;
    }

    private static int checked(int value, int max) throws IOException {
        if (value < 0 || value > max) {
            throw new IOException("damaged classifier model: " + value + " is not within 0 and " + max);
        }
        return value;
    }
}
