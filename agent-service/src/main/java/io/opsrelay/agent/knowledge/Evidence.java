package io.opsrelay.agent.knowledge;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a passage must hold to count as an answer to a question: no passage, no claim. Words weigh by how rare they are
 * among the client's passages (inverse document frequency), so that many everyday words prove less than a telling one; a
 * word that stands in no passage weighs as much as the rarest that does, and no passage can make up for it.
 *
 * @param words those of the question that stand in some passage
 * @param weights of {@code words}
 * @param total weight of all that was asked
 * @param strong words of which a passage must hold one to reach {@link #LEAST_SHARE} at all; empty if none can
 * @param weak the same for a passage about the intent; null if the intent alone is enough
 * @param leastShareAbout share that a passage about the intent must hold
 */
record Evidence(
        List<String> words,
        List<Double> weights,
        double total,
        List<String> strong,
        @Nullable List<String> weak,
        double leastShareAbout) {

    /** Of the weight of the question's words, where nothing else speaks for the passage. */
    static final double LEAST_SHARE = 0.5;

    /** The same where the article's author says that it is about the question's intent. */
    static final double LEAST_SHARE_ABOUT = 0.15;

    /** As long as no more articles than these are about an intent, it names them by itself. */
    static final int FEW_ARTICLES = 2;

    /** Words beyond that many say nothing new; the rarest count. */
    private static final int MOST_WORDS = 24;

    Evidence {
        words = List.copyOf(words);
        weights = List.copyOf(weights);
        strong = List.copyOf(strong);
        weak = weak == null ? null : List.copyOf(weak);
    }

    /** @param articlesAbout articles that are about the question's intent */
    static Evidence of(List<Word> asked, long passages, long articlesAbout) {
        List<Weighed> known = asked.stream()
                .filter(word -> word.passages() > 0)
                .map(word -> new Weighed(word.text(), weight(word.passages(), passages)))
                .sorted(Comparator.comparingDouble(Weighed::weight).reversed())
                .limit(MOST_WORDS)
                .toList();
        long unknown = asked.stream()
                .filter(word -> word.passages() == 0 && !isAName(word.text()))
                .limit(MOST_WORDS)
                .count();
        double total = known.stream().mapToDouble(Weighed::weight).sum() + unknown * weight(1, Math.max(passages, 1));
        boolean intentSuffices = articlesAbout >= 1 && articlesAbout <= FEW_ARTICLES;
        return new Evidence(
                known.stream().map(Weighed::word).toList(),
                known.stream().map(Weighed::weight).toList(),
                total,
                essential(known, LEAST_SHARE * total),
                intentSuffices ? null : articlesAbout == 0 ? List.of() : essential(known, LEAST_SHARE_ABOUT * total),
                intentSuffices ? 0 : LEAST_SHARE_ABOUT);
    }

    /** Whether there is anything to look for. */
    boolean isPossible() {
        return !strong.isEmpty() || weak == null || !weak.isEmpty();
    }

    /** The heaviest words without which the lighter ones together stay under what is needed. */
    private static List<String> essential(List<Weighed> heaviestFirst, double needed) {
        List<String> essential = new ArrayList<>();
        double rest = heaviestFirst.stream().mapToDouble(Weighed::weight).sum();
        for (Weighed word : heaviestFirst) {
            if (rest < needed) {
                break;
            }
            essential.add(word.word());
            rest -= word.weight();
        }
        return essential;
    }

    private static double weight(long passagesWithIt, long passages) {
        double without = Math.max(0, passages - passagesWithIt);
        return Math.log(1 + (without + 0.5) / (passagesWithIt + 0.5));
    }

    /** The customer's own order number, address or file: no article can know it, and none is worse for it. */
    private static boolean isAName(String word) {
        return word.chars().anyMatch(c -> Character.isDigit(c) || c == '@' || c == '/');
    }

    /**
     * A word of a question, its ending cut off.
     *
     * @param passages in how many of the client's passages it stands
     */
    record Word(String text, long passages) {}

    private record Weighed(String word, double weight) {}
}
