package io.opsrelay.agent.model;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opsrelay.agent.model.ModelProperties.Provider;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/** Embedders of tests. */
public final class Embedders {

    private Embedders() {}

    /** One that asks this server for this model, some passages at a time. */
    public static Embedder of(FakeEmbeddingServer server, String model, int batch) {
        return of(server, Provider.OPENAI, model, batch, null, new SimpleMeterRegistry());
    }

    static Embedder of(
            FakeEmbeddingServer server,
            Provider provider,
            String model,
            int batch,
            @Nullable Integer dimensions,
            MeterRegistry meters) {
        return new Embedder(properties(server, provider, model, batch, dimensions), meters, Clock.systemUTC());
    }

    static EmbeddingProperties properties(
            FakeEmbeddingServer server, Provider provider, String model, int batch, @Nullable Integer dimensions) {
        return new EmbeddingProperties(
                provider,
                URI.create(server.url() + (provider == Provider.OLLAMA ? "" : "/v1")),
                model,
                "sk-secret",
                List.of(),
                dimensions,
                "passage: ",
                "query: ",
                0.6,
                Duration.ofSeconds(30),
                Duration.ofSeconds(6),
                2,
                Duration.ofMillis(5),
                batch,
                10,
                DataSize.ofKilobytes(256),
                new BigDecimal("2.5"));
    }
}
