package io.opsrelay.agent.learning;

import io.opsrelay.agent.triage.Features;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * A linear model over {@link Features} for labels of any names. Immutable and safe for use by many threads; a text takes
 * well under a millisecond.
 *
 * <p>Each bucket that occurred in training has a row: how rare it is, and one byte of weight for each label.
 */
public final class LabelModel {
    /** The label of texts that are about none of the others. Trained like them, but never answered as the best one. */
    public static final String OUT_OF_SCOPE = "out_of_scope";

    /** How many labels an answer names at most, the best one included. */
    public static final int CANDIDATES = 4;

    private static final int MAGIC = 0x4F50534C;
    private static final int FORMAT = 1;
    private static final int MOST_LABELS = 100_000;

    private final List<String> labels;
    private final Calibration calibration;
    private final double unsureBelow;
    private final float[] bias;
    private final int[] buckets;
    private final float[] rarity;
    private final float strangeRarity;
    private final float[] rowScale;
    private final byte[] weights;

    private LabelModel(
            List<String> labels,
            Calibration calibration,
            double unsureBelow,
            float[] bias,
            int[] buckets,
            float[] rarity,
            float strangeRarity,
            float[] rowScale,
            byte[] weights) {
        this.labels = List.copyOf(labels);
        this.calibration = calibration;
        this.unsureBelow = unsureBelow;
        this.bias = bias;
        this.buckets = buckets;
        this.rarity = rarity;
        this.strangeRarity = strangeRarity;
        this.rowScale = rowScale;
        this.weights = weights;
    }

    /**
     * Makes a model of exact weights.
     *
     * @param unsureBelow confidence under which a text counts as out of scope
     * @param bias one per label
     * @param buckets ascending
     * @param rarity what a bucket's values are multiplied by
     * @param strangeRarity the same, for buckets that did not occur
     * @param exact weights by row (one for each bucket), then by label
     */
    static LabelModel of(
            List<String> labels,
            Calibration calibration,
            double unsureBelow,
            float[] bias,
            int[] buckets,
            float[] rarity,
            float strangeRarity,
            float[] exact) {
        var columns = labels.size();
        var rowScale = new float[buckets.length];
        var weights = new byte[exact.length];
        for (var row = 0; row < buckets.length; row++) {
            var max = 0f;
            for (var at = row * columns; at < (row + 1) * columns; at++) {
                max = Math.max(max, Math.abs(exact[at]));
            }
            rowScale[row] = max / Byte.MAX_VALUE;
            for (var at = row * columns; at < (row + 1) * columns && max > 0; at++) {
                weights[at] = (byte) Math.round(exact[at] / rowScale[row]);
            }
        }
        return new LabelModel(
                labels, calibration, unsureBelow, bias, buckets, rarity, strangeRarity, rowScale, weights);
    }

    /**
     * What the model makes of one text.
     *
     * @param label the likeliest label, also when {@code outOfScope}
     * @param confidence calibrated probability of {@code label}, 0 to 1
     * @param outOfScope whether the text is probably about none of the labels
     * @param candidates the likeliest labels, {@code label} included, best first
     */
    public record Answer(String label, double confidence, boolean outOfScope, List<Candidate> candidates) {
        public Answer {
            candidates = List.copyOf(candidates);
        }
    }

    /**
     * A label that a text may have.
     *
     * @param confidence calibrated probability, 0 to 1
     */
    public record Candidate(String label, double confidence) {}

    /** Classifies a text of any length, kind and language; only its first few thousand characters count. */
    public Answer classify(String text) {
        return answer(labels, calibration.probabilities(margins(text)), unsureBelow);
    }

    static Answer answer(List<String> labels, double[] probabilities, double unsureBelow) {
        var candidates = new ArrayList<Candidate>(labels.size());
        for (var i = 0; i < probabilities.length; i++) {
            if (!labels.get(i).equals(OUT_OF_SCOPE)) {
                candidates.add(new Candidate(labels.get(i), Math.clamp(probabilities[i], 0.0, 1.0)));
            }
        }
        candidates.sort(Comparator.comparingDouble(Candidate::confidence).reversed());
        var best = candidates.getFirst();
        var strange = labels.get(Calibration.best(probabilities)).equals(OUT_OF_SCOPE);
        return new Answer(
                best.label(),
                best.confidence(),
                strange || best.confidence() < unsureBelow,
                candidates.subList(0, Math.min(CANDIDATES, candidates.size())));
    }

    private float[] margins(String text) {
        var features = Features.of(text);
        var vectors = new Vectors(1, features.size());
        vectors.add(features);
        vectors.weigh(bucket -> Arrays.binarySearch(buckets, bucket), rarity, strangeRarity);
        var sums = bias.clone();
        for (var at = vectors.start(0); at < vectors.end(0); at++) {
            var row = vectors.index(at);
            var factor = vectors.value(at) * rowScale[row];
            var offset = row * sums.length;
            for (var column = 0; column < sums.length; column++) {
                sums[column] += factor * weights[offset + column];
            }
        }
        return sums;
    }

    /** The labels it knows, {@link #OUT_OF_SCOPE} included if it was trained. */
    public List<String> labels() {
        return labels;
    }

    /** About how many bytes of memory it takes. */
    public long bytes() {
        return weights.length + 12L * buckets.length + 100L * labels.size();
    }

    /** Writes the model; the stream stays open. */
    public void write(OutputStream stream) throws IOException {
        var out = new DataOutputStream(new BufferedOutputStream(stream, 1 << 16));
        out.writeInt(MAGIC);
        out.writeInt(FORMAT);
        out.writeUTF(Features.EXTRACTION);
        out.writeDouble(calibration.scale());
        out.writeDouble(calibration.slope());
        out.writeDouble(calibration.shift());
        out.writeDouble(unsureBelow);
        out.writeInt(labels.size());
        for (var i = 0; i < labels.size(); i++) {
            out.writeUTF(labels.get(i));
            out.writeFloat(bias[i]);
        }
        out.writeFloat(strangeRarity);
        out.writeInt(buckets.length);
        for (var row = 0; row < buckets.length; row++) {
            out.writeInt(buckets[row]);
            out.writeFloat(rarity[row]);
            out.writeFloat(rowScale[row]);
        }
        out.write(weights);
        out.flush();
    }

    /**
     * Reads a model that {@link #write} wrote; the caller closes the stream.
     *
     * @throws IOException if it is not one, is of another format, or was trained for another feature extraction
     */
    public static LabelModel read(InputStream stream) throws IOException {
        var in = new DataInputStream(new BufferedInputStream(stream, 1 << 16));
        if (in.readInt() != MAGIC || in.readInt() != FORMAT) {
            throw new IOException("not a model of own labels of format " + FORMAT);
        }
        var extraction = in.readUTF();
        if (!extraction.equals(Features.EXTRACTION)) {
            throw new IOException("the model was trained for the features '" + extraction + "', not for '"
                    + Features.EXTRACTION + "': train it again");
        }
        var calibration = new Calibration(in.readDouble(), in.readDouble(), in.readDouble());
        var unsureBelow = in.readDouble();
        var bias = new float[checked(in.readInt(), MOST_LABELS)];
        var labels = new ArrayList<String>();
        for (var i = 0; i < bias.length; i++) {
            labels.add(in.readUTF());
            bias[i] = in.readFloat();
        }
        var strangeRarity = in.readFloat();
        var buckets = new int[checked(in.readInt(), Features.DIMENSIONS)];
        var rarity = new float[buckets.length];
        var rowScale = new float[buckets.length];
        for (var row = 0; row < buckets.length; row++) {
            buckets[row] = in.readInt();
            rarity[row] = in.readFloat();
            rowScale[row] = in.readFloat();
        }
        var weights = new byte[Math.multiplyExact(buckets.length, bias.length)];
        in.readFully(weights);
        return new LabelModel(
                labels, calibration, unsureBelow, bias, buckets, rarity, strangeRarity, rowScale, weights);
    }

    private static int checked(int value, int max) throws IOException {
        if (value < 0 || value > max) {
            throw new IOException("damaged model of own labels: " + value + " is not within 0 and " + max);
        }
        return value;
    }
}
