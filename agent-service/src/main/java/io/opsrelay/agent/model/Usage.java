package io.opsrelay.agent.model;

/**
 * What was used of a model.
 *
 * @param inputTokens as its server counts them
 * @param outputTokens as its server counts them
 * @param costMicros millionths of a US dollar, by the configured prices
 */
public record Usage(long inputTokens, long outputTokens, long costMicros) {

    public static final Usage NONE = new Usage(0, 0, 0);

    public Usage {
        if (inputTokens < 0 || outputTokens < 0 || costMicros < 0) {
            throw new IllegalArgumentException("usage must not be negative");
        }
    }

    /** Both together. */
    public Usage plus(Usage other) {
        return new Usage(
                inputTokens + other.inputTokens, outputTokens + other.outputTokens, costMicros + other.costMicros);
    }

    /** Input and output. */
    public long tokens() {
        return inputTokens + outputTokens;
    }
}
