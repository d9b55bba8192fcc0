package io.opsrelay.agent.labels;

import io.opsrelay.agent.learning.LabelModel.Candidate;
import java.util.List;

/**
 * What a client's own classifier makes of a text.
 *
 * @param category the likeliest of the client's labels, also when {@code outOfScope}
 * @param confidence calibrated probability of {@code category}, 0 to 1
 * @param outOfScope whether the text is probably about none of the labels
 * @param candidates the likeliest labels, {@code category} included, best first
 * @param version of the client's classifier, counted from 1
 */
public record OwnLabel(
        String category, double confidence, boolean outOfScope, List<Candidate> candidates, int version) {

    public OwnLabel {
        candidates = List.copyOf(candidates);
        if (category.isBlank() || !(confidence >= 0 && confidence <= 1)) {
            throw new IllegalArgumentException("a category has a name and a probability");
        }
    }
}
