package io.opsrelay.agent.accuracy;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.opsrelay.agent.accuracy.JudgementStore.Group;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How often tickets were classified rightly, as far as people judged it: they said what a classified ticket is about, or
 * resolved or closed it and left what was found.
 *
 * @param since judgements made from then on
 * @param judged classified tickets that people judged
 * @param corrected those whose category they changed
 * @param confirmed those whose category they confirmed in so many words
 * @param accuracy share of the judged ones that was not corrected, 0 to 1; null as long as nobody corrected or confirmed
 *     any: that nobody cared says nothing about the classifier. Never the classifier's confidence
 * @param notLearned words of people that did not become examples for the classifier
 * @param versions by the version of the model that had classified
 * @param categories by the category that had been found
 * @param confusion what was found, and what people said instead; the most frequent first
 */
record Accuracy(
        Instant since,
        long judged,
        long corrected,
        long confirmed,

        @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable Double accuracy,

        long notLearned,
        List<OfVersion> versions,
        List<OfCategory> categories,
        List<Confused> confusion) {

    private static final String UNKNOWN = "unknown";
    private static final int MOST_CONFUSED = 200;

    static Accuracy of(Instant since, List<Group> groups, long notLearned) {
        Sums all = Sums.of(groups);
        Map<String, Long> said = groups.stream()
                .filter(Accuracy::isCorrected)
                .collect(Collectors.groupingBy(
                        group -> Objects.requireNonNull(group.said()), Collectors.summingLong(Group::tickets)));
        return new Accuracy(
                since,
                all.judged(),
                all.corrected(),
                all.confirmed(),
                all.accuracy(),
                notLearned,
                by(group -> group.modelVersion() == null ? UNKNOWN : group.modelVersion(), groups).entrySet().stream()
                        .map(entry -> OfVersion.of(entry.getKey(), entry.getValue()))
                        .sorted(Comparator.comparingLong(OfVersion::judged).reversed())
                        .toList(),
                by(Group::classified, groups).entrySet().stream()
                        .map(entry ->
                                OfCategory.of(entry.getKey(), entry.getValue(), said.getOrDefault(entry.getKey(), 0L)))
                        .sorted(Comparator.comparingLong(OfCategory::judged).reversed())
                        .toList(),
                confusionOf(groups));
    }

    private static Map<String, Sums> by(Function<Group, String> name, List<Group> groups) {
        return groups.stream()
                .collect(Collectors.groupingBy(
                        name, TreeMap::new, Collectors.collectingAndThen(Collectors.toList(), Sums::of)));
    }

    private static List<Confused> confusionOf(List<Group> groups) {
        Map<Confused, Long> counts = groups.stream()
                .filter(Accuracy::isCorrected)
                .collect(Collectors.groupingBy(
                        group -> new Confused(group.classified(), String.valueOf(group.said()), 0),
                        Collectors.summingLong(Group::tickets)));
        return counts.entrySet().stream()
                .map(entry ->
                        new Confused(entry.getKey().classified(), entry.getKey().corrected(), entry.getValue()))
                .sorted(Comparator.comparingLong(Confused::count)
                        .reversed()
                        .thenComparing(Confused::classified)
                        .thenComparing(Confused::corrected))
                .limit(MOST_CONFUSED)
                .toList();
    }

    private static boolean isCorrected(Group group) {
        return group.said() != null && !group.said().equals(group.classified());
    }

    /**
     * Of one version.
     *
     * @param modelVersion unknown where an older run did not keep it
     */
    record OfVersion(
            String modelVersion,
            long judged,
            long corrected,
            long confirmed,
            @Nullable Double accuracy) {

        private static OfVersion of(String version, Sums sums) {
            return new OfVersion(version, sums.judged(), sums.corrected(), sums.confirmed(), sums.accuracy());
        }
    }

    /**
     * Of one category.
     *
     * @param judged tickets that were found to be of it
     * @param missed tickets that were found to be of another one, and of which people said that they are of it
     */
    record OfCategory(
            String category,
            long judged,
            long corrected,
            long confirmed,
            @Nullable Double accuracy,
            long missed) {

        private static OfCategory of(String category, Sums sums, long missed) {
            return new OfCategory(category, sums.judged(), sums.corrected(), sums.confirmed(), sums.accuracy(), missed);
        }
    }

    /** So many tickets were found to be of one category, and are of another. */
    record Confused(String classified, String corrected, long count) {}

    private record Sums(long judged, long corrected, long confirmed) {

        static Sums of(List<Group> groups) {
            long judged = 0;
            long corrected = 0;
            long confirmed = 0;
            for (Group group : groups) {
                judged += group.tickets();
                if (isCorrected(group)) {
                    corrected += group.tickets();
                } else if (group.said() != null) {
                    confirmed += group.tickets();
                }
            }
            return new Sums(judged, corrected, confirmed);
        }

        @Nullable
        Double accuracy() {
            return corrected + confirmed == 0 ? null : (double) (judged - corrected) / judged;
        }
    }
}
