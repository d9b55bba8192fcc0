package io.opsrelay.agent.model;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.ollama.OllamaEmbeddingModel;
import dev.langchain4j.model.openai.OpenAiEmbeddingModel;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.output.TokenUsage;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.retry.Retry;
import io.micrometer.core.instrument.MeterRegistry;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The configured embedding model, if any. Batches of passages may take their time and are tried again; a question is asked
 * once and briefly. Each way has a breaker of its own: slow batches must not keep questions from being asked.
 */
@Component
public class Embedder implements AutoCloseable {

    private static final int MOST_DIMENSIONS = 8_192;
    private static final double SHORTEST = 1e-12;

    private final EmbeddingProperties properties;
    private final MeterRegistry meters;
    private final String name;
    private final HttpClient http = Models.client();
    private final @Nullable Way passages;
    private final @Nullable Way questions;

    Embedder(EmbeddingProperties properties, MeterRegistry meters, Clock clock) {
        this.properties = properties;
        this.meters = meters;
        this.name = properties.model() == null ? "" : properties.model();
        if (name.isBlank()) {
            this.passages = null;
            this.questions = null;
        } else {
            this.passages = new Way(properties, http, clock, properties.timeout(), properties.retries());
            this.questions = new Way(properties, http, clock, properties.questionTimeout(), 0);
        }
    }

    /** Whether this client's texts are to be embedded. */
    public boolean serves(String clientId) {
        return passages != null
                && (properties.clients().isEmpty() || properties.clients().contains(clientId));
    }

    /** The model as its server names it; null if none is configured. */
    public @Nullable String model() {
        return passages == null ? null : name;
    }

    /**
     * What has to be the same for vectors to be comparable: the model, its dimensions where they are configured, and what
     * stands before passages.
     */
    public String space() {
        return Objects.requireNonNull(model(), "no embedding model is configured")
                + (properties.dimensions() == null ? "" : "/" + properties.dimensions())
                + (properties.passagePrefix().isEmpty() ? "" : "|" + properties.passagePrefix());
    }

    /** Passages in one request. */
    public int batch() {
        return properties.batch();
    }

    /** Pause after trouble; whoever tries on and on doubles it. */
    public Duration pause() {
        return properties.retryPause();
    }

    /** Cosine from which on a passage counts that shares no words with a question. */
    public double leastSimilarity() {
        return properties.leastSimilarity();
    }

    /**
     * Embeds passages. Outside any transaction.
     *
     * @throws ModelUnavailableException with the reason, if there is no usable answer
     */
    public Embedded passages(String clientId, List<String> texts) {
        return ask(clientId, Objects.requireNonNull(passages, "no model"), properties.passagePrefix(), texts);
    }

    /**
     * Embeds questions, within the time that a customer may wait. Outside any transaction.
     *
     * @throws ModelUnavailableException with the reason, if there is no usable answer
     */
    public Embedded questions(String clientId, List<String> texts) {
        return ask(clientId, Objects.requireNonNull(questions, "no model"), properties.questionPrefix(), texts);
    }

    private Embedded ask(String clientId, Way way, String prefix, List<String> texts) {
        List<TextSegment> segments =
                texts.stream().map(text -> TextSegment.from(prefix + text)).toList();
        long began = System.nanoTime();
        try {
            Embedded answer = way.guarded(clientId, () -> read(way.client.embedAll(segments), texts.size()))
                    .get();
            ModelMetric.answered(meters, name, "ok", began);
            ModelMetric.used(meters, name, answer.usage());
            return answer;
        } catch (RuntimeException e) {
            ModelMetric.answered(meters, name, "failed", began);
            throw unavailable(e);
        }
    }

    private Embedded read(Response<List<Embedding>> response, int wanted) {
        List<Embedding> found = response.content();
        if (found.size() != wanted) {
            throw new ModelUnavailableException(
                    "the embedding model answered with " + found.size() + " vectors for " + wanted + " texts");
        }
        List<float[]> vectors = new ArrayList<>(wanted);
        int dimensions = properties.dimensions() == null ? found.getFirst().dimension() : properties.dimensions();
        if (dimensions > MOST_DIMENSIONS) {
            throw new ModelUnavailableException("vectors of " + dimensions + " dimensions are too long to be kept");
        }
        for (Embedding embedding : found) {
            if (embedding.dimension() != dimensions) {
                throw new ModelUnavailableException("the embedding model answered with a vector of "
                        + embedding.dimension() + " dimensions instead of " + dimensions);
            }
            vectors.add(ofLengthOne(embedding.vector()));
        }
        return new Embedded(vectors, usage(response.tokenUsage()));
    }

    private static float[] ofLengthOne(float[] vector) {
        double squares = 0;
        for (float value : vector) {
            squares += (double) value * value;
        }
        double length = Math.sqrt(squares);
        if (!(length > SHORTEST && length < Double.POSITIVE_INFINITY)) {
            throw new ModelUnavailableException("the embedding model answered with a vector that points nowhere");
        }
        float[] unit = new float[vector.length];
        for (int i = 0; i < unit.length; i++) {
            unit[i] = (float) (vector[i] / length);
        }
        return unit;
    }

    private Usage usage(@Nullable TokenUsage counted) {
        Integer tokens = counted == null ? null : counted.inputTokenCount();
        long input = tokens == null ? 0 : Math.max(0, tokens);
        return new Usage(
                input,
                0,
                properties
                        .inputPrice()
                        .multiply(BigDecimal.valueOf(input))
                        .setScale(0, RoundingMode.CEILING)
                        .min(BigDecimal.valueOf(Long.MAX_VALUE))
                        .longValue());
    }

    private static ModelUnavailableException unavailable(RuntimeException e) {
        return switch (e) {
            case ModelUnavailableException known -> known;
            case CallNotPermittedException _ ->
                new ModelUnavailableException(
                        "the embedding model has failed too often and is left alone for a while", e);
            default ->
                new ModelUnavailableException(
                        "the embedding model failed: " + Model.clip(String.valueOf(e.getMessage())), e);
        };
    }

    @Override
    public void close() {
        http.shutdownNow();
    }

    /** The model with a limit of time, and what guards it. */
    private static final class Way {

        private static final String NAME = "embedding";

        private final EmbeddingModel client;
        private final CircuitBreaker breaker = CircuitBreaker.of(NAME, Model.breaking());
        private final Places places;
        private final Retry retry;

        Way(EmbeddingProperties properties, HttpClient http, Clock clock, Duration timeout, int retries) {
            this.client = client(
                    properties,
                    new BoundedHttpClient.Builder(
                            http, timeout, properties.maxAnswer().toBytes(), clock));
            // Who waits longer is late even if the answer comes at once.
            this.places = new Places(String.valueOf(properties.model()), properties.atOnce(), timeout.dividedBy(4));
            this.retry = Retry.of(NAME, Model.retrying(retries, properties.retryPause(), timeout));
        }

        private static EmbeddingModel client(EmbeddingProperties properties, HttpClientBuilder http) {
            String url = String.valueOf(properties.baseUrl());
            return properties.provider() == ModelProperties.Provider.OLLAMA
                    ? OllamaEmbeddingModel.builder()
                            .httpClientBuilder(http)
                            .baseUrl(url)
                            .modelName(properties.model())
                            .dimensions(properties.dimensions())
                            .maxRetries(0)
                            .build()
                    : OpenAiEmbeddingModel.builder()
                            .httpClientBuilder(http)
                            .baseUrl(url)
                            .apiKey(Models.keyOf(properties.apiKey()))
                            .modelName(properties.model())
                            .dimensions(properties.dimensions())
                            .maxRetries(0)
                            .build();
        }

        <T> Supplier<T> guarded(String clientId, Supplier<T> call) {
            return Retry.decorateSupplier(
                    retry, places.within(clientId, CircuitBreaker.decorateSupplier(breaker, call)));
        }
    }
}
