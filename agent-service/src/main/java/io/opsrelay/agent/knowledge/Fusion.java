package io.opsrelay.agent.knowledge;

import io.opsrelay.agent.knowledge.Knowledge.Hit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes one order of two, by ranks alone (reciprocal rank fusion): what full text and vectors count in cannot be compared.
 * What full text found has its evidence; what vectors alone found needs to be near.
 */
final class Fusion {

    /** Usual: ranks behind the first few differ little. */
    private static final double DAMPING = 60;

    /** Of a passage that is first in both orders. */
    private static final double BEST = 2 / (DAMPING + 1);

    private Fusion() {}

    /**
     * One order, best first; each score is 1 for what is first in both.
     *
     * @param byWords what holds words of the question, best first
     * @param byMeaning nearest first, each with its similarity
     * @param least similarity that a passage needs that is only in {@code byMeaning}
     */
    static List<Hit> of(List<Hit> byWords, List<Hit> byMeaning, double least) {
        Map<Place, Hit> hits = new LinkedHashMap<>();
        Map<Place, Double> scores = new LinkedHashMap<>();
        for (int i = 0; i < byWords.size(); i++) {
            Place place = Place.of(byWords.get(i));
            hits.put(place, byWords.get(i));
            scores.put(place, 1 / (DAMPING + i + 1));
        }
        for (int i = 0; i < byMeaning.size(); i++) {
            Hit near = byMeaning.get(i);
            Place place = Place.of(near);
            Hit known = hits.get(place);
            double similarity = near.similarity() == null ? -1 : near.similarity();
            if (known != null || similarity >= least) {
                hits.put(place, known == null ? near : known.near(similarity));
                scores.merge(place, 1 / (DAMPING + i + 1), Double::sum);
            }
        }
        List<Hit> fused = new ArrayList<>();
        hits.forEach((place, hit) -> fused.add(hit.scored(scores.getOrDefault(place, 0.0) / BEST)));
        // Stable: of equals those with words come first.
        fused.sort(Comparator.comparingDouble(Hit::score).reversed());
        return List.copyOf(fused);
    }

    private record Place(String articleId, int seq) {

        static Place of(Hit hit) {
            return new Place(hit.passage().articleId(), hit.seq());
        }
    }
}
