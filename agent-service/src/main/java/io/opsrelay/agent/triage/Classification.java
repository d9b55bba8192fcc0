package io.opsrelay.agent.triage;

import java.util.List;
import java.util.Locale;

/**
 * What the model makes of one text.
 *
 * @param intent the likeliest intent, also when {@code outOfScope}
 * @param confidence calibrated probability of {@code intent}, 0 to 1
 * @param outOfScope whether the text is probably about none of the intents: a person should look at it
 * @param runnersUp the next likeliest intents, best first
 * @param language the likeliest of the four languages
 * @param languageConfidence calibrated probability of {@code language}, 0 to 1
 * @param sentiment how the writer feels
 * @param priority how soon somebody should act
 * @param modelVersion version of the model that said so, see {@link ModelCard#version()}
 */
public record Classification(
        Intent intent,
        double confidence,
        boolean outOfScope,
        List<Candidate> runnersUp,
        Language language,
        double languageConfidence,
        Sentiment sentiment,
        Priority priority,
        String modelVersion) {

    public Classification {
        requireProbability(confidence);
        requireProbability(languageConfidence);
        runnersUp = List.copyOf(runnersUp);
    }

    /**
     * An intent that was not chosen.
     *
     * @param confidence calibrated probability, 0 to 1
     */
    public record Candidate(Intent intent, double confidence) {
        public Candidate {
            requireProbability(confidence);
        }
    }

    /** How the writer feels. */
    public enum Sentiment {
        NEGATIVE,
        NEUTRAL,
        POSITIVE;

        /** Returns the name used in JSON and in the training data. */
        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How soon somebody should act. */
    public enum Priority {
        LOW,
        NORMAL,
        HIGH,
        URGENT;

        /** Returns the name used in JSON and in the training data. */
        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static void requireProbability(double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException("not a probability: " + value);
        }
    }
}
