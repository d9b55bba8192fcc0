package io.opsrelay.agent.model;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.exception.HttpException;
import dev.langchain4j.exception.NonRetriableException;
import dev.langchain4j.exception.RetriableException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.bulkhead.BulkheadFullException;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One configured model: asked with a limit of time and size, again after passing trouble, and not at all while it is down. */
public final class Model {

    private static final int LONGEST_REASON = 300;

    /** Of English; other languages have fewer. */
    private static final int CHARACTERS_OF_A_TOKEN = 4;

    private final String name;
    private final ModelProperties.Settings settings;
    private final ChatModel chat;
    private final MeterRegistry meters;
    private final CircuitBreaker breaker;
    private final Bulkhead places;
    private final Retry retry;

    Model(String name, ModelProperties.Settings settings, ChatModel chat, MeterRegistry meters) {
        this.name = name;
        this.settings = settings;
        this.chat = chat;
        this.meters = meters;
        this.breaker = CircuitBreaker.of(name, breaking());
        this.places = Bulkhead.of(
                name,
                BulkheadConfig.custom()
                        .maxConcurrentCalls(settings.atOnce())
                        .maxWaitDuration(settings.timeout())
                        .build());
        this.retry = Retry.of(
                name,
                RetryConfig.custom()
                        .maxAttempts(1 + settings.retries())
                        .intervalFunction(IntervalFunction.ofExponentialRandomBackoff(settings.retryPause(), 2.0))
                        .retryOnException(Model::mayPass)
                        .build());
    }

    /** When a model is left alone, and for how long. */
    static CircuitBreakerConfig breaking() {
        return CircuitBreakerConfig.custom()
                .slidingWindowSize(20)
                .minimumNumberOfCalls(5)
                .failureRateThreshold(50)
                .waitDurationInOpenState(Duration.ofSeconds(10))
                .permittedNumberOfCallsInHalfOpenState(2)
                .ignoreException(Model::isOfTheRequest)
                .build();
    }

    /** The name that workflows use. */
    public String name() {
        return name;
    }

    ModelProperties.Settings settings() {
        return settings;
    }

    /** Whether it is asked: closed, open (left alone for a while), half_open (tried again). */
    String breakerState() {
        return switch (breaker.getState()) {
            case CLOSED, DISABLED, METRICS_ONLY -> "closed";
            case OPEN, FORCED_OPEN -> "open";
            case HALF_OPEN -> "half_open";
        };
    }

    /**
     * Asks for the next message. Takes at most the configured time for each try.
     *
     * @param tools that it may call; it may name others all the same
     * @throws ModelUnavailableException with the reason, if there is no usable answer
     */
    public Answer ask(List<ChatMessage> messages, List<ToolSpecification> tools) {
        ChatRequest.Builder request = ChatRequest.builder().messages(messages);
        if (!tools.isEmpty()) {
            request.toolSpecifications(tools);
        }
        return ask(request.build());
    }

    /**
     * Like {@link #ask(List, List)}, with its tries and pauses, and waiting for a place, within a time for all of it.
     *
     * @throws ModelUnavailableException also if the time is over
     */
    public Answer ask(List<ChatMessage> messages, List<ToolSpecification> tools, Duration atMost) {
        FutureTask<Answer> asking = new FutureTask<>(() -> ask(messages, tools));
        Thread.ofVirtual().name("model-" + name).start(asking);
        try {
            return asking.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new ModelUnavailableException(
                    "model " + name + " did not answer within " + atMost.toMillis() + " ms", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted");
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException failure -> throw failure;
                case Error failure -> throw failure;
                case null, default -> throw new IllegalStateException(e);
            }
        } finally {
            asking.cancel(true);
        }
    }

    /**
     * What an answer will cost at most, or nearly so, if it comes at the first try.
     *
     * @param characters of all that it is asked with
     * @return millionths of a US dollar
     */
    public long likelyMicros(int characters) {
        return usage(new TokenUsage(characters / CHARACTERS_OF_A_TOKEN, settings.maxOutputTokens()))
                .costMicros();
    }

    /**
     * Asks for an answer of this form; not all servers keep to it.
     *
     * @throws ModelUnavailableException as {@link #ask(List, List)}
     */
    public Answer ask(List<ChatMessage> messages, ResponseFormat form) {
        return ask(ChatRequest.builder().messages(messages).responseFormat(form).build());
    }

    private Answer ask(ChatRequest asked) {
        Supplier<ChatResponse> guarded = Retry.decorateSupplier(
                retry,
                CircuitBreaker.decorateSupplier(breaker, Bulkhead.decorateSupplier(places, () -> chat.chat(asked))));
        long began = System.nanoTime();
        try {
            Answer answer = read(guarded.get(), began);
            ModelMetric.answered(meters, name, "ok", began);
            ModelMetric.used(meters, name, answer.usage());
            return answer;
        } catch (RuntimeException e) {
            ModelMetric.answered(meters, name, "failed", began);
            throw unavailable(e);
        }
    }

    private Answer read(ChatResponse response, long began) {
        AiMessage message = response.aiMessage();
        if (message == null || (!message.hasToolExecutionRequests() && isBlank(message.text()))) {
            throw new ModelUnavailableException("model " + name + " answered with nothing");
        }
        return new Answer(
                message,
                usage(response.tokenUsage()),
                response.finishReason() == FinishReason.LENGTH,
                Duration.ofNanos(System.nanoTime() - began));
    }

    private Usage usage(@Nullable TokenUsage counted) {
        long input = counted == null ? 0 : whole(counted.inputTokenCount());
        long output = counted == null ? 0 : whole(counted.outputTokenCount());
        // Dollars for a million tokens are millionths of a dollar for one.
        BigDecimal micros = settings.inputPrice()
                .multiply(BigDecimal.valueOf(input))
                .add(settings.outputPrice().multiply(BigDecimal.valueOf(output)));
        return new Usage(
                input,
                output,
                micros.setScale(0, RoundingMode.CEILING)
                        .min(BigDecimal.valueOf(Long.MAX_VALUE))
                        .longValue());
    }

    private static long whole(@Nullable Integer count) {
        return count == null ? 0 : Math.max(0, count);
    }

    private static boolean isBlank(@Nullable String text) {
        return text == null || text.isBlank();
    }

    /** Trouble that another try may not have. */
    static boolean mayPass(Throwable trouble) {
        return trouble instanceof RetriableException
                || trouble instanceof UncheckedIOException
                || (trouble instanceof HttpException answered
                        && (answered.statusCode() == 429 || answered.statusCode() >= 500));
    }

    /** The server is well, and would say the same of this request again. */
    private static boolean isOfTheRequest(Throwable trouble) {
        return trouble instanceof NonRetriableException
                || trouble instanceof CancellationException
                || (trouble instanceof HttpException answered && answered.statusCode() < 429);
    }

    private ModelUnavailableException unavailable(RuntimeException e) {
        return switch (e) {
            case ModelUnavailableException known -> known;
            case CallNotPermittedException _ ->
                new ModelUnavailableException(
                        "model " + name + " has failed too often and is left alone for a while", e);
            case BulkheadFullException _ ->
                new ModelUnavailableException(
                        "model " + name + " has " + settings.atOnce() + " requests under way already", e);
            default ->
                new ModelUnavailableException("model " + name + " failed: " + clip(String.valueOf(e.getMessage())), e);
        };
    }

    static String clip(String text) {
        String line = text.replaceAll("[\\p{Cntrl}]+", " ");
        return line.length() <= LONGEST_REASON ? line : line.substring(0, LONGEST_REASON) + "...";
    }
}
