package io.opsrelay.agent.classify;

import io.opsrelay.agent.triage.Classification.Priority;
import io.opsrelay.agent.triage.Classification.Sentiment;
import org.jspecify.annotations.Nullable;

/**
 * What a model makes of a text, after its answer was checked.
 *
 * @param category one of those it was offered; null if it says that none fits
 * @param confidence as the model states it, 0 to 1: calibrated by nobody
 * @param language ISO 639-1
 * @param industry kind of business that the text is about, if it says one
 * @param rootCause what is behind the matter, in a few plain words, if it says so
 */
public record Reading(
        @Nullable String category,
        double confidence,
        Sentiment sentiment,
        Priority priority,
        String language,
        @Nullable String industry,
        @Nullable String rootCause) {

    public Reading {
        if (!(confidence >= 0 && confidence <= 1)) {
            throw new IllegalArgumentException("not a probability: " + confidence);
        }
    }
}
