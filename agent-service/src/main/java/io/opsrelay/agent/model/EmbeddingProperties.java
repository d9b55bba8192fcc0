package io.opsrelay.agent.model;

import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DataSizeUnit;
import org.springframework.util.unit.DataSize;
import org.springframework.util.unit.DataUnit;

/**
 * The model that turns passages and questions into vectors; without a name there is none, and full text searches alone.
 *
 * @param provider whose protocol its server speaks
 * @param baseUrl of its server
 * @param model as the server names it
 * @param apiKey absent where the server wants none
 * @param clients whose passages and questions are sent there; everybody's if it is empty
 * @param dimensions asked of the server and required of its vectors; absent leaves them to the model
 * @param passagePrefix what the model wants to stand before a passage, e.g. {@code "passage: "}
 * @param questionPrefix the same before a question
 * @param leastSimilarity cosine from which on a passage counts that shares no words with the question. Models differ so much
 *     that the default is above what any of those that were measured gives to texts that have nothing to do with each other
 * @param timeout longest time for a batch of passages
 * @param questionTimeout longest time for a question, on which a customer waits; it is asked once
 * @param retries further tries for a batch after 429, 5xx and lost connections
 * @param retryPause before the first of them, doubled before each next one
 * @param batch passages in one request
 * @param atOnce requests under way from this instance
 * @param maxAnswer most bytes of an answer that are read
 * @param inputPrice US dollars for a million tokens
 */
@ConfigurationProperties("opsrelay.llm.embedding")
record EmbeddingProperties(
        ModelProperties.@Nullable Provider provider,
        @Nullable URI baseUrl,
        @Nullable String model,
        @Nullable String apiKey,
        @DefaultValue List<String> clients,
        @Nullable Integer dimensions,
        @DefaultValue("") String passagePrefix,
        @DefaultValue("") String questionPrefix,
        @DefaultValue("0.9") double leastSimilarity,
        @DefaultValue("30s") Duration timeout,
        @DefaultValue("2s") Duration questionTimeout,
        @DefaultValue("2") int retries,
        @DefaultValue("500ms") Duration retryPause,
        @DefaultValue("64") int batch,
        @DefaultValue("100") int atOnce,

        @DefaultValue("16MB") @DataSizeUnit(DataUnit.BYTES) DataSize maxAnswer,

        @DefaultValue("0") BigDecimal inputPrice) {

    private static final int MOST_IN_A_BATCH = 1_000;

    EmbeddingProperties {
        clients = List.copyOf(clients);
        boolean named = model != null && !model.isBlank();
        if (named
                && (baseUrl == null
                        || (provider != ModelProperties.Provider.OPENAI
                                && provider != ModelProperties.Provider.OLLAMA))) {
            throw new IllegalArgumentException(
                    "opsrelay.llm.embedding needs a provider (openai, ollama) and a base-url beside its model");
        }
        if (!(leastSimilarity > 0 && leastSimilarity <= 1)) {
            throw new IllegalArgumentException("opsrelay.llm.embedding.least-similarity must lie above 0 and up to 1");
        }
        if (!positive(timeout) || !positive(questionTimeout) || !positive(retryPause) || retries < 0 || atOnce < 1) {
            throw new IllegalArgumentException(
                    "opsrelay.llm.embedding needs positive timeouts, retry-pause and at-once, and retries of 0 or more");
        }
        if (batch < 1 || batch > MOST_IN_A_BATCH || (dimensions != null && dimensions < 1)) {
            throw new IllegalArgumentException("opsrelay.llm.embedding.batch must lie between 1 and " + MOST_IN_A_BATCH
                    + ", and dimensions be at least 1");
        }
        if (inputPrice.signum() < 0) {
            throw new IllegalArgumentException("opsrelay.llm.embedding.input-price must not be negative");
        }
    }

    private static boolean positive(Duration duration) {
        return !duration.isNegative() && !duration.isZero();
    }

    /** A key does not belong into a log. */
    @Override
    public String toString() {
        return provider + " " + model + " at " + baseUrl;
    }
}
