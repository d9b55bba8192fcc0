package io.opsrelay.agent.model;

import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DataSizeUnit;
import org.springframework.util.unit.DataSize;
import org.springframework.util.unit.DataUnit;

/**
 * The models that clients may choose in their workflow, by name; without any, the local engine does everything.
 *
 * @param models by the name that a workflow uses
 */
@ConfigurationProperties("opsrelay.llm")
record ModelProperties(@DefaultValue Map<String, Settings> models) {

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,39}");

    ModelProperties {
        models = Map.copyOf(models);
        models.keySet().stream()
                .filter(name -> !NAME.matcher(name).matches() || name.equals("local"))
                .findFirst()
                .ifPresent(name -> {
                    throw new IllegalArgumentException("opsrelay.llm.models." + name
                            + ": a model's name is small letters, digits and dashes, and not 'local'");
                });
    }

    /** Whose protocol the server speaks. */
    enum Provider {
        /** Any server with OpenAI's chat completions. */
        OPENAI,
        OLLAMA,
        ANTHROPIC
    }

    /**
     * A model.
     *
     * @param baseUrl of its server, e.g. {@code http://127.0.0.1:11434}
     * @param model as the server names it
     * @param apiKey absent where the server wants none
     * @param timeout longest time for one answer, from the first byte sent to the last one read
     * @param retries further tries after 429, 5xx and lost connections, not before the server wants to be asked again
     * @param retryPause before the first of them, doubled before each next one
     * @param atOnce requests under way from this instance, of all clients; more wait up to {@code timeout}
     * @param maxAnswer most bytes of an answer that are read
     * @param maxOutputTokens asked of the model for one answer
     * @param temperature asked of the model
     * @param inputPrice US dollars for a million input tokens
     * @param outputPrice US dollars for a million output tokens
     */
    record Settings(
            Provider provider,
            URI baseUrl,
            String model,
            @Nullable String apiKey,
            @DefaultValue("30s") Duration timeout,
            @DefaultValue("2") int retries,
            @DefaultValue("500ms") Duration retryPause,
            @DefaultValue("1000") int atOnce,

            @DefaultValue("1MB") @DataSizeUnit(DataUnit.BYTES)
            DataSize maxAnswer,

            @DefaultValue("1024") int maxOutputTokens,
            @DefaultValue("0") double temperature,
            @DefaultValue("0") BigDecimal inputPrice,
            @DefaultValue("0") BigDecimal outputPrice) {

        Settings {
            if (provider == null || baseUrl == null || model == null || model.isBlank()) {
                throw new IllegalArgumentException(
                        "a model of opsrelay.llm.models needs a provider (openai, ollama, anthropic), a base-url and a model");
            }
            if (timeout.isNegative() || timeout.isZero() || retries < 0 || atOnce < 1 || maxOutputTokens < 1) {
                throw new IllegalArgumentException(
                        "a model of opsrelay.llm.models needs a positive timeout, at-once and max-output-tokens, and retries of 0 or more");
            }
            if (inputPrice.signum() < 0 || outputPrice.signum() < 0) {
                throw new IllegalArgumentException("prices of opsrelay.llm.models must not be negative");
            }
        }

        /** A key does not belong into a log. */
        @Override
        public String toString() {
            return provider + " " + model + " at " + baseUrl;
        }
    }
}
