package io.opsrelay.agent.vector;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Vectors of length 1, each with a key, searched exactly: every one is compared. Immutable; what is added shares memory with
 * what was there.
 *
 * @param <K> what a vector stands for
 */
public final class VectorSet<K> {

    /** A key, its strings and its place in a list, about. */
    private static final int BYTES_A_KEY = 120;

    private final int dimensions;
    private final List<Block<K>> blocks;
    private final int size;

    private VectorSet(int dimensions, List<Block<K>> blocks, int size) {
        this.dimensions = dimensions;
        this.blocks = blocks;
        this.size = size;
    }

    /** Returns a set without vectors. */
    public static <K> VectorSet<K> empty(int dimensions) {
        if (dimensions < 1) {
            throw new IllegalArgumentException("a vector has at least one dimension, not " + dimensions);
        }
        return new VectorSet<>(dimensions, List.of(), 0);
    }

    /**
     * Returns this set and further vectors. A few hundred at a time make the search fastest and cost no copies.
     *
     * @param vectors of length 1, one for each key
     */
    public VectorSet<K> with(List<K> keys, List<float[]> vectors) {
        if (keys.size() != vectors.size()) {
            throw new IllegalArgumentException(keys.size() + " keys for " + vectors.size() + " vectors");
        }
        if (keys.isEmpty()) {
            return this;
        }
        float[] values = new float[Math.multiplyExact(keys.size(), dimensions)];
        for (int i = 0; i < vectors.size(); i++) {
            float[] vector = vectors.get(i);
            if (vector.length != dimensions) {
                throw new IllegalArgumentException(vector.length + " dimensions instead of " + dimensions);
            }
            System.arraycopy(vector, 0, values, i * dimensions, dimensions);
        }
        List<Block<K>> more = new ArrayList<>(blocks);
        more.add(new Block<>(List.copyOf(keys), values));
        return new VectorSet<>(dimensions, List.copyOf(more), size + keys.size());
    }

    /** How many vectors there are. */
    public int size() {
        return size;
    }

    /** How many numbers each has. */
    public int dimensions() {
        return dimensions;
    }

    /** Memory that so many vectors take, about. */
    public static long bytes(long vectors, int dimensions) {
        return vectors * ((long) dimensions * Float.BYTES + BYTES_A_KEY);
    }

    /** Memory that it takes, about. */
    public long bytes() {
        return bytes(size, dimensions);
    }

    /**
     * Returns the vectors with the greatest cosine, greatest first.
     *
     * @param wanted of length 1
     * @param most how many at most
     */
    public List<Near<K>> nearest(float[] wanted, int most) {
        if (wanted.length != dimensions || most < 1) {
            throw new IllegalArgumentException("asked for the " + most + " nearest to " + wanted.length
                    + " dimensions among vectors of " + dimensions);
        }
        PriorityQueue<Near<K>> farthestFirst = new PriorityQueue<>(Comparator.comparingDouble(Near::cosine));
        float least = Float.NEGATIVE_INFINITY;
        for (Block<K> block : blocks) {
            for (int i = 0; i < block.keys.size(); i++) {
                float cosine = dot(block.values, i * dimensions, wanted);
                if (cosine > least) {
                    farthestFirst.add(new Near<>(block.keys.get(i), cosine));
                    if (farthestFirst.size() > most) {
                        farthestFirst.poll();
                    }
                    least = farthestFirst.size() < most
                            ? Float.NEGATIVE_INFINITY
                            : farthestFirst.element().cosine();
                }
            }
        }
        List<Near<K>> found = new ArrayList<>(farthestFirst);
        found.sort(Comparator.comparingDouble((Near<K> near) -> near.cosine()).reversed());
        return List.copyOf(found);
    }

    /** Eight sums that do not wait for each other: a single one takes twice as long. */
    private static float dot(float[] values, int from, float[] wanted) {
        float a = 0;
        float b = 0;
        float c = 0;
        float d = 0;
        float e = 0;
        float f = 0;
        float g = 0;
        float h = 0;
        int i = 0;
        for (; i <= wanted.length - 8; i += 8) {
            a += values[from + i] * wanted[i];
            b += values[from + i + 1] * wanted[i + 1];
            c += values[from + i + 2] * wanted[i + 2];
            d += values[from + i + 3] * wanted[i + 3];
            e += values[from + i + 4] * wanted[i + 4];
            f += values[from + i + 5] * wanted[i + 5];
            g += values[from + i + 6] * wanted[i + 6];
            h += values[from + i + 7] * wanted[i + 7];
        }
        for (; i < wanted.length; i++) {
            a += values[from + i] * wanted[i];
        }
        return (a + b) + (c + d) + ((e + f) + (g + h));
    }

    /**
     * A vector that was found.
     *
     * @param cosine with what was wanted, -1 to 1
     */
    public record Near<K>(K key, float cosine) {}

    /** Vectors one behind the other. */
    private static final class Block<K> {

        private final List<K> keys;
        private final float[] values;

        Block(List<K> keys, float[] values) {
            this.keys = keys;
            this.values = values;
        }
    }
}
