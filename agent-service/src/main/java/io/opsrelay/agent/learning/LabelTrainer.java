package io.opsrelay.agent.learning;

import io.opsrelay.agent.triage.Features;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleConsumer;
import java.util.stream.IntStream;

/**
 * Collects labelled texts, then trains one linear support vector machine for each label against the rest. Accuracy,
 * confidence and the border of the scope are measured by stratified cross-validation, tenfold (fivefold where there are
 * more than 20,000 examples). The same examples give the same model, in whatever order they came. For one thread, and
 * for one training.
 */
public final class LabelTrainer {
    /** How many different texts a label needs; labels with fewer are left out. */
    public static final int LEAST_EXAMPLES = 2;

    private static final int BYTES_A_VALUE = 8;

    private final int threads;
    private final long mostValues;
    private final Map<String, Integer> numbers = new HashMap<>();
    private final List<String> names = new ArrayList<>();
    private final Vectors vectors = new Vectors(1_024, 1 << 16);
    private int[] labelOf = new int[1_024];
    private long[] fingerprints = new long[1_024];

    /** Trains on so many threads of its own, with vectors in at most a sixth of the memory that this JVM may use. */
    public LabelTrainer(int threads) {
        this(threads, Runtime.getRuntime().maxMemory() / 6 / BYTES_A_VALUE);
    }

    LabelTrainer(int threads, long mostValues) {
        if (threads < 1) {
            throw new IllegalArgumentException("training needs at least one thread, not " + threads);
        }
        this.threads = threads;
        this.mostValues = mostValues;
    }

    /**
     * What came of a training.
     *
     * @param figures of the cross-validation
     * @param examples how many different examples were learned from
     * @param leftOut labels with too few examples, in alphabetical order
     */
    public record Trained(LabelModel model, LabelFigures figures, int examples, List<String> leftOut) {
        public Trained {
            leftOut = List.copyOf(leftOut);
        }
    }

    /**
     * Adds an example. One that says the same as an earlier one counts once.
     *
     * @throws UntrainableException if there is more text than fits into memory
     */
    public void add(String text, String label) {
        var number = numbers.computeIfAbsent(label, name -> {
            names.add(name);
            return names.size() - 1;
        });
        var at = vectors.count();
        if (at == labelOf.length) {
            labelOf = Arrays.copyOf(labelOf, at * 2);
            fingerprints = Arrays.copyOf(fingerprints, at * 2);
        }
        labelOf[at] = number;
        fingerprints[at] = fingerprint(text);
        vectors.add(Features.of(text));
        if (vectors.size() > mostValues) {
            throw new UntrainableException("the text does not fit into memory, which was full after " + vectors.count()
                    + " examples; send fewer or shorter ones, or give the service more memory");
        }
    }

    /**
     * Trains and measures.
     *
     * @param progress is told the share of the work that is done, 0 to 1, now and then
     * @throws UntrainableException if fewer than two labels have enough examples
     */
    public Trained train(DoubleConsumer progress) throws InterruptedException {
        var order = IntStream.range(0, vectors.count())
                .boxed()
                .sorted((a, b) -> {
                    var byLabel = names.get(labelOf[a]).compareTo(names.get(labelOf[b]));
                    return byLabel != 0 ? byLabel : Long.compare(fingerprints[a], fingerprints[b]);
                })
                .mapToInt(Integer::intValue)
                .toArray();
        var labels = new ArrayList<String>();
        var leftOut = new ArrayList<String>();
        var rows = new int[order.length];
        var newLabelOf = new int[order.length];
        var count = 0;
        for (var from = 0; from < order.length; ) {
            var label = labelOf[order[from]];
            var start = count;
            var to = from;
            for (; to < order.length && labelOf[order[to]] == label; to++) {
                if (to == from || fingerprints[order[to]] != fingerprints[order[to - 1]]) {
                    rows[count++] = order[to];
                    newLabelOf[order[to]] = labels.size();
                }
            }
            if (count - start >= LEAST_EXAMPLES) {
                labels.add(names.get(label));
            } else {
                leftOut.add(names.get(label));
                count = start;
            }
            from = to;
        }
        if (labels.size() < 2) {
            throw new UntrainableException("a classifier needs at least 2 labels with at least " + LEAST_EXAMPLES
                    + " different examples each; there are " + labels.size());
        }
        var fit = new CrossValidation(vectors, Arrays.copyOf(rows, count), newLabelOf, labels, threads);
        return fit.train(progress, leftOut);
    }

    /** Texts that differ in case or outer space alone are the same. */
    private static long fingerprint(String text) {
        var same = text.strip().toLowerCase(Locale.ROOT);
        var hash = 0xCBF29CE484222325L;
        for (var i = 0; i < same.length(); i++) {
            hash = (hash ^ same.charAt(i)) * 0x100000001B3L;
        }
        // FNV leaves texts with one beginning close together; the order of examples is to be as good as random.
        hash = (hash ^ (hash >>> 33)) * 0xFF51AFD7ED558CCDL;
        return hash ^ (hash >>> 33);
    }
}
