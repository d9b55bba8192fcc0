package io.opsrelay.agent.model;

import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.model.anthropic.AnthropicChatModel;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.ollama.OllamaChatModel;
import dev.langchain4j.model.openai.OpenAiChatModel;
import io.micrometer.core.instrument.MeterRegistry;
import io.opsrelay.agent.model.ModelProperties.Settings;
import java.net.http.HttpClient;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The configured models by name. */
@Component
public class Models implements AutoCloseable {

    /** Servers that want no key refuse requests without one nevertheless. */
    private static final String NO_KEY = "none";

    private final HttpClient http;
    private final Clock clock;
    private final Map<String, Model> models = new TreeMap<>();

    Models(ModelProperties properties, MeterRegistry meters, Clock clock) {
        this.http = client();
        this.clock = clock;
        properties
                .models()
                .forEach((name, settings) -> models.put(name, new Model(name, settings, chat(settings), meters)));
    }

    static HttpClient client() {
        return HttpClient.newBuilder()
                // Local servers often do not speak HTTP/2, and an upgrade that is not answered costs a round trip.
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .build();
    }

    /** Empty if the configuration knows no such model. */
    public Optional<Model> named(String name) {
        return Optional.ofNullable(models.get(name));
    }

    /** All names. */
    public Set<String> names() {
        return Set.copyOf(models.keySet());
    }

    /** By name. */
    List<Model> all() {
        return List.copyOf(models.values());
    }

    private ChatModel chat(Settings settings) {
        HttpClientBuilder client = new BoundedHttpClient.Builder(
                http, settings.timeout(), settings.maxAnswer().toBytes(), clock);
        return switch (settings.provider()) {
            case OPENAI ->
                OpenAiChatModel.builder()
                        .httpClientBuilder(client)
                        .baseUrl(settings.baseUrl().toString())
                        .apiKey(keyOf(settings.apiKey()))
                        .modelName(settings.model())
                        .temperature(settings.temperature())
                        .maxTokens(settings.maxOutputTokens())
                        .strictJsonSchema(true)
                        .maxRetries(0)
                        .build();
            case OLLAMA ->
                OllamaChatModel.builder()
                        .httpClientBuilder(client)
                        .baseUrl(settings.baseUrl().toString())
                        .modelName(settings.model())
                        .temperature(settings.temperature())
                        .numPredict(settings.maxOutputTokens())
                        .maxRetries(0)
                        .build();
            case ANTHROPIC ->
                AnthropicChatModel.builder()
                        .httpClientBuilder(client)
                        .baseUrl(settings.baseUrl().toString())
                        .apiKey(keyOf(settings.apiKey()))
                        .modelName(settings.model())
                        .temperature(settings.temperature())
                        .maxTokens(settings.maxOutputTokens())
                        .maxRetries(0)
                        .build();
        };
    }

    static String keyOf(@Nullable String key) {
        return key == null || key.isBlank() ? NO_KEY : key;
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
