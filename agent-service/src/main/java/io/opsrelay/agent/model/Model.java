package io.opsrelay.agent.model;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.exception.HttpException;
import dev.langchain4j.exception.NonRetriableException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.RetriableException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.core.IntervalBiFunction;
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
    private final Places places;
    private final Retry retry;
    /** By {@link System#nanoTime}; until then the server wants to be left alone. */
    private volatile long aloneUntil = System.nanoTime();

    Model(String name, ModelProperties.Settings settings, ChatModel chat, MeterRegistry meters) {
        this.name = name;
        this.settings = settings;
        this.chat = chat;
        this.meters = meters;
        this.breaker = CircuitBreaker.of(name, breaking());
        this.places = new Places(name, settings.atOnce(), settings.timeout());
        this.retry = Retry.of(name, retrying(settings.retries(), settings.retryPause(), settings.timeout()));
    }

    /**
     * How often and when a server is asked again after passing trouble: with growing pauses, and not before it wants to be.
     *
     * @param longest most that is waited for a server that says when; one that wants more is not asked again
     */
    static RetryConfig retrying(int retries, Duration pause, Duration longest) {
        IntervalFunction growing = IntervalFunction.ofExponentialRandomBackoff(pause, 2.0);
        IntervalBiFunction<Object> interval = (attempt, outcome) -> {
            long usual = growing.apply(attempt);
            Duration wanted = outcome.isLeft() ? RetryAfter.in(outcome.getLeft()) : null;
            // Those that were all told the same do not come back at the same moment.
            return wanted == null ? usual : wanted.toMillis() + Math.min(usual, pause.toMillis());
        };
        return RetryConfig.custom()
                .maxAttempts(1 + retries)
                .intervalBiFunction(interval)
                .retryOnException(trouble -> {
                    Duration wanted = RetryAfter.in(trouble);
                    return mayPass(trouble) && (wanted == null || wanted.compareTo(longest) <= 0);
                })
                .build();
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
     * @param clientId the client (tenant) for whose run it is asked: clients share what may be under way
     * @param tools that it may call; it may name others all the same
     * @throws ModelUnavailableException with the reason, if there is no usable answer
     */
    public Answer ask(String clientId, List<ChatMessage> messages, List<ToolSpecification> tools) {
        ChatRequest.Builder request = ChatRequest.builder().messages(messages);
        if (!tools.isEmpty()) {
            request.toolSpecifications(tools);
        }
        return ask(clientId, request.build());
    }

    /**
     * Like {@link #ask(String, List, List)}, with its tries and pauses, and waiting for a place, within a time for all of it.
     *
     * @throws ModelUnavailableException also if the time is over
     */
    public Answer ask(String clientId, List<ChatMessage> messages, List<ToolSpecification> tools, Duration atMost) {
        FutureTask<Answer> asking = new FutureTask<>(() -> ask(clientId, messages, tools));
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
     * @throws ModelUnavailableException as {@link #ask(String, List, List)}
     */
    public Answer ask(String clientId, List<ChatMessage> messages, ResponseFormat form) {
        return ask(
                clientId,
                ChatRequest.builder().messages(messages).responseFormat(form).build());
    }

    private Answer ask(String clientId, ChatRequest asked) {
        // The breaker hears of the server only, never of how long it takes to get a place.
        Supplier<ChatResponse> guarded = Retry.decorateSupplier(
                retry, places.within(clientId, CircuitBreaker.decorateSupplier(breaker, () -> politely(asked))));
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

    /** What the server told one of those who asked it holds for all. */
    private ChatResponse politely(ChatRequest asked) {
        Duration left = leftAlone();
        if (left.isPositive()) {
            throw RetryAfter.still(left);
        }
        try {
            return chat.chat(asked);
        } catch (RuntimeException e) {
            Duration wanted = RetryAfter.in(e);
            if (wanted != null) {
                Duration bounded = wanted.compareTo(settings.timeout()) < 0 ? wanted : settings.timeout();
                aloneUntil = System.nanoTime() + bounded.toNanos();
            }
            throw e;
        }
    }

    /** How long the server still wants to be left alone; not positive if it does not. */
    Duration leftAlone() {
        return Duration.ofNanos(aloneUntil - System.nanoTime());
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

    /**
     * The server is well: it would say the same of this request again, or has more to do than it takes, which pauses help
     * against. One client's crowd must not have it left alone for all.
     */
    private static boolean isOfTheRequest(Throwable trouble) {
        return trouble instanceof NonRetriableException
                || trouble instanceof RateLimitException
                || trouble instanceof CancellationException
                || (trouble instanceof HttpException answered && answered.statusCode() <= 429);
    }

    private ModelUnavailableException unavailable(RuntimeException e) {
        return switch (e) {
            case ModelUnavailableException known -> known;
            case CallNotPermittedException _ ->
                new ModelUnavailableException(
                        "model " + name + " has failed too often and is left alone for a while", e);
            default ->
                new ModelUnavailableException("model " + name + " failed: " + clip(String.valueOf(e.getMessage())), e);
        };
    }

    static String clip(String text) {
        String line = text.replaceAll("[\\p{Cntrl}]+", " ");
        return line.length() <= LONGEST_REASON ? line : line.substring(0, LONGEST_REASON) + "...";
    }
}
