package io.opsrelay.agent.knowledge;

import io.opsrelay.agent.model.Usage;
import org.jspecify.annotations.Nullable;

/** What a question means, as the embedding model sees it; nothing where there is no model or it gave no answer. */
public final class Meaning {

    private static final Meaning NONE = new Meaning(null, 0, null, null, Usage.NONE);

    private final @Nullable String space;
    private final double leastSimilarity;
    private final float @Nullable [] vector;
    private volatile @Nullable String note;
    private final Usage usage;

    private Meaning(
            @Nullable String space,
            double leastSimilarity,
            float @Nullable [] vector,
            @Nullable String note,
            Usage usage) {
        this.space = space;
        this.leastSimilarity = leastSimilarity;
        this.vector = vector;
        this.note = note;
        this.usage = usage;
    }

    /** Full text searches alone, as it shall. */
    public static Meaning none() {
        return NONE;
    }

    /** Full text searches alone, for this reason. */
    static Meaning missing(String reason) {
        return new Meaning(null, 0, null, reason, Usage.NONE);
    }

    /** @param leastSimilarity cosine from which on a passage counts that shares no words with the question */
    static Meaning of(String space, double leastSimilarity, float[] vector, Usage usage) {
        return new Meaning(space, leastSimilarity, vector, null, usage);
    }

    /** It was not used in a search, for this reason. */
    void leftOut(String reason) {
        note = reason;
    }

    /** Why full text searches alone although vectors should as well; null if they do, or shall not. */
    public @Nullable String note() {
        return note;
    }

    /** What it used of the model. */
    public Usage usage() {
        return usage;
    }

    @Nullable
    String space() {
        return space;
    }

    double leastSimilarity() {
        return leastSimilarity;
    }

    float @Nullable [] vector() {
        return vector;
    }
}
