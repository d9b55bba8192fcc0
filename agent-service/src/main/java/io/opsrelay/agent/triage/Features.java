package io.opsrelay.agent.triage;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.Locale;

/**
 * A text as a sparse vector: hashed word 1-2-grams and character 2-5-grams, each block with signed hashing, sublinear
 * counts and Euclidean length 1. Buckets ascend, are unique and lie below {@link #DIMENSIONS}.
 */
public final class Features {
    /** Changes whenever a text's vector changes, so that models of another extraction are not taken for this one. */
    public static final String EXTRACTION = "words 1-2, characters 2-5 within words, 2^18 each, v2";

    private static final int BLOCK_BITS = 18;
    /** Buckets of words lie below it, those of characters from it on. */
    public static final int BLOCK = 1 << BLOCK_BITS;

    /** The number of buckets. */
    public static final int DIMENSIONS = 2 * BLOCK;

    /** What a ticket asks for stands at its beginning; the limit bounds the time that hostile texts can cost. */
    private static final int MAX_CHARS = 4_000;

    private static final int MIN_GRAM = 2;
    private static final int MAX_GRAM = 5;
    private static final float[] SUBLINEAR = sublinear();

    private final int[] buckets;
    private final float[] values;

    private Features(int[] buckets, float[] values) {
        this.buckets = buckets;
        this.values = values;
    }

    /** Reads a text of any length, kind and language; only its first few thousand characters count. */
    public static Features of(String text) {
        var chars = normalise(text);
        return concat(block(wordGrams(chars), 0), block(charGrams(chars), BLOCK));
    }

    /** How many buckets hold something. */
    public int size() {
        return buckets.length;
    }

    /** The bucket at that place, counted from 0; buckets ascend. */
    public int bucket(int i) {
        return buckets[i];
    }

    /** What the bucket at that place holds. */
    public float value(int i) {
        return values[i];
    }

    /** Lower case without accents, invisible characters or repeated space; every digit is 0; a space at either end. */
    static char[] normalise(String text) {
        var head = text.length() > MAX_CHARS ? text.substring(0, MAX_CHARS) : text;
        // NFKD rather than NFKC, for its marks can then be dropped: people leave accents out when they type in a hurry.
        var decomposed = Normalizer.normalize(head, Normalizer.Form.NFKD).toLowerCase(Locale.ROOT);
        var limit = Math.min(decomposed.length(), MAX_CHARS);
        var out = new char[limit + 2];
        var length = 0;
        out[length++] = ' ';
        for (var i = 0; i < limit; i++) {
            var c = decomposed.charAt(i);
            switch (Character.getType(c)) {
                case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> {}
                case Character.DECIMAL_DIGIT_NUMBER -> out[length++] = '0';
                case Character.CONTROL,
                        Character.SPACE_SEPARATOR,
                        Character.LINE_SEPARATOR,
                        Character.PARAGRAPH_SEPARATOR -> {
                    if (out[length - 1] != ' ') {
                        out[length++] = ' ';
                    }
                }
                default -> out[length++] = c;
            }
        }
        if (out[length - 1] != ' ') {
            out[length++] = ' ';
        }
        return Arrays.copyOf(out, length);
    }

    /** Hashes of words and of pairs of neighbouring words. */
    private static int[] wordGrams(char[] chars) {
        var hashes = new int[chars.length + 1];
        var count = 0;
        var previous = 0x2545F491;
        var i = 0;
        while (i < chars.length) {
            var hash = 0x811C9DC5;
            var start = i;
            while (i < chars.length && Character.isLetterOrDigit(chars[i])) {
                hash = (hash ^ chars[i++]) * 0x01000193;
            }
            if (i == start) {
                i++;
                continue;
            }
            hashes[count++] = mix(hash);
            hashes[count++] = mix(previous * 31 + hash);
            previous = hash;
        }
        return Arrays.copyOf(hashes, count);
    }

    /** Hashes of runs of characters that lie within a word and the spaces around it: they bear spelling, not phrases. */
    private static int[] charGrams(char[] chars) {
        var hashes = new int[chars.length * (MAX_GRAM - MIN_GRAM + 1)];
        var count = 0;
        for (var start = 0; start < chars.length; start++) {
            var hash = 0x811C9DC5;
            var end = Math.min(chars.length, start + MAX_GRAM);
            for (var i = start; i < end; i++) {
                if (i > start + 1 && chars[i - 1] == ' ') {
                    break;
                }
                hash = (hash ^ chars[i]) * 0x01000193;
                if (i - start + 1 >= MIN_GRAM) {
                    hashes[count++] = mix(hash + (i - start) * 0x9E3779B9);
                }
            }
        }
        return Arrays.copyOf(hashes, count);
    }

    /** Counts hashes per bucket with the sign that the hash's top bit gives, and scales the block to length 1. */
    private static Features block(int[] hashes, int offset) {
        for (var i = 0; i < hashes.length; i++) {
            hashes[i] = ((hashes[i] & (BLOCK - 1)) << 1) | (hashes[i] >>> 31);
        }
        Arrays.sort(hashes);
        var buckets = new int[hashes.length];
        var values = new float[hashes.length];
        var count = 0;
        var squares = 0.0;
        for (var i = 0; i < hashes.length; ) {
            var bucket = hashes[i] >> 1;
            var sum = 0;
            for (; i < hashes.length && hashes[i] >> 1 == bucket; i++) {
                sum += (hashes[i] & 1) == 0 ? 1 : -1;
            }
            if (sum != 0) {
                var value = Math.signum(sum) * SUBLINEAR[Math.min(Math.abs(sum), SUBLINEAR.length - 1)];
                buckets[count] = offset + bucket;
                values[count++] = value;
                squares += value * value;
            }
        }
        var scale = squares == 0 ? 0 : (float) (1 / Math.sqrt(squares));
        for (var i = 0; i < count; i++) {
            values[i] *= scale;
        }
        return new Features(Arrays.copyOf(buckets, count), Arrays.copyOf(values, count));
    }

    private static Features concat(Features a, Features b) {
        var buckets = Arrays.copyOf(a.buckets, a.buckets.length + b.buckets.length);
        var values = Arrays.copyOf(a.values, a.values.length + b.values.length);
        System.arraycopy(b.buckets, 0, buckets, a.buckets.length, b.buckets.length);
        System.arraycopy(b.values, 0, values, a.values.length, b.values.length);
        return new Features(buckets, values);
    }

    /** The finaliser of MurmurHash3: spreads what FNV leaves in the low bits. */
    private static int mix(int hash) {
        var h = hash;
        h = (h ^ (h >>> 16)) * 0x85EBCA6B;
        h = (h ^ (h >>> 13)) * 0xC2B2AE35;
        return h ^ (h >>> 16);
    }

    /** 1 + ln(n), from StrictMath: the same bits on every machine. */
    private static float[] sublinear() {
        var table = new float[256];
        for (var n = 1; n < table.length; n++) {
            table[n] = (float) (1 + StrictMath.log(n));
        }
        return table;
    }
}
