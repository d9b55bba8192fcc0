package io.opsrelay.agent.model;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;

/** The metrics of this package, tagged by model. */
enum ModelMetric {
    /** Time of one answer, by outcome. */
    ANSWERS("opsrelay.model.answers", "seconds", "Time a model took to answer, by model and outcome (ok, failed)"),
    /** Tokens, by direction. */
    TOKENS("opsrelay.model.tokens", "tokens", "Tokens as the model's server counts them, by model and direction"),
    /** Money by the configured prices. */
    COST("opsrelay.model.cost", "usd", "Cost by the configured prices, by model");

    private static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);

    private final String id;
    private final String unit;
    private final String meaning;

    ModelMetric(String id, String unit, String meaning) {
        this.id = id;
        this.unit = unit;
        this.meaning = meaning;
    }

    String id() {
        return id;
    }

    String unit() {
        return unit;
    }

    String meaning() {
        return meaning;
    }

    /** Records an answer that was asked for at {@code began}, by {@link System#nanoTime}. */
    static void answered(MeterRegistry meters, String model, String outcome, long began) {
        Timer.builder(ANSWERS.id)
                .description(ANSWERS.meaning)
                .tag("model", model)
                .tag("outcome", outcome)
                .register(meters)
                .record(Duration.ofNanos(System.nanoTime() - began));
    }

    /** Counts what an answer used. */
    static void used(MeterRegistry meters, String model, Usage usage) {
        meters.counter(TOKENS.id, "model", model, "direction", "input").increment((double) usage.inputTokens());
        meters.counter(TOKENS.id, "model", model, "direction", "output").increment((double) usage.outputTokens());
        meters.counter(COST.id, "model", model)
                .increment(BigDecimal.valueOf(usage.costMicros())
                        .divide(MILLION, 6, RoundingMode.HALF_UP)
                        .doubleValue());
    }
}
