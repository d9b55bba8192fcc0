package io.opsrelay.agent.triage;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Labelled texts, read from tab-separated lines under a heading line. */
final class Examples {
    private static final List<String> COLUMNS = List.of("label", "language", "sentiment", "priority", "text");

    /** The label of texts that ask for nothing this system is for. It is trained like an intent, but never answered. */
    static final String OUT_OF_SCOPE = "out_of_scope";

    private Examples() {}

    /** One labelled text. */
    record Example(String label, String language, String sentiment, String priority, String text) {}

    /**
     * Reads the whole of a file.
     *
     * @throws IllegalArgumentException naming the line that does not have the five columns
     */
    static List<Example> parse(String file) {
        var lines = file.lines().toList();
        if (lines.isEmpty() || !List.of(lines.getFirst().split("\t")).equals(COLUMNS)) {
            throw new IllegalArgumentException("line 1: expected the columns " + COLUMNS);
        }
        var examples = new ArrayList<Example>();
        for (var i = 1; i < lines.size(); i++) {
            var cells = lines.get(i).split("\t", -1);
            if (cells.length != COLUMNS.size() || cells[4].isBlank()) {
                throw new IllegalArgumentException("line " + (i + 1) + ": expected the columns " + COLUMNS);
            }
            examples.add(new Example(cells[0], cells[1], cells[2], cells[3], cells[4]));
        }
        return List.copyOf(examples);
    }

    /**
     * Assigns each example a fold: the examples of one label and language are cut into {@code folds} runs of neighbours.
     * Neighbours in the file are variants of one wording; were they spread over folds, the measurement would flatter.
     */
    static int[] folds(List<Example> examples, int folds) {
        var sizes = new HashMap<Map.Entry<String, String>, Integer>();
        for (var example : examples) {
            sizes.merge(Map.entry(example.label(), example.language()), 1, Integer::sum);
        }
        var seen = new HashMap<Map.Entry<String, String>, Integer>();
        var result = new int[examples.size()];
        for (var i = 0; i < result.length; i++) {
            var group = Map.entry(examples.get(i).label(), examples.get(i).language());
            var position = seen.merge(group, 1, Integer::sum) - 1;
            result[i] = (int) ((long) position * folds / Objects.requireNonNull(sizes.get(group)));
        }
        return result;
    }
}
