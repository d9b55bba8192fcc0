package io.opsrelay.agent.workflow;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.opsrelay.agent.tool.Tool;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A client's settings. What a client leaves out of a change takes the default.
 *
 * @param mode pipeline (classify, draft, finalize) or react (the model chooses tools step by step)
 * @param engine {@code local}, or the name of a configured model
 * @param classification who says what a ticket is about: the local engine, or the model that is the engine
 * @param tools that the agent may use, by code, of ours and of those that the client has added; null for all
 * @param routing rules by category, the first that fits counts
 * @param thresholds when the agent is sure enough
 * @param limits of one run and of a day
 */
public record Workflow(
        Mode mode,
        String engine,
        Classifying classification,
        @Nullable List<String> tools,
        List<Route> routing,
        Thresholds thresholds,
        Limits limits) {

    /** The engine that needs no model. */
    public static final String LOCAL = "local";

    private static final int MOST_RULES = 100;
    private static final Pattern CATEGORY = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N} _.:/-]{0,99}");

    public Workflow {
        mode = mode == null ? Mode.PIPELINE : mode;
        engine = engine == null ? LOCAL : engine;
        classification = classification == null ? Classifying.LOCAL : classification;
        if (classification == Classifying.MODEL && engine.equals(LOCAL)) {
            throw new InvalidWorkflowException("classification", "must be local unless the engine is a model");
        }
        tools = tools == null ? null : List.copyOf(tools);
        routing = routing == null ? List.of() : List.copyOf(routing);
        thresholds = thresholds == null ? Thresholds.usual() : thresholds;
        limits = limits == null ? Limits.usual() : limits;
        if (tools != null && new HashSet<>(tools).size() != tools.size()) {
            throw new InvalidWorkflowException("tools", "must not name a tool twice");
        }
        if (routing.size() > MOST_RULES) {
            throw new InvalidWorkflowException("routing", "must have at most " + MOST_RULES + " rules");
        }
    }

    /** What holds for a client that has set nothing. */
    public static Workflow usual() {
        return new Workflow(
                Mode.PIPELINE, LOCAL, Classifying.LOCAL, null, List.of(), Thresholds.usual(), Limits.usual());
    }

    /** Whether a model has a part in it. */
    public boolean usesModel() {
        return !engine.equals(LOCAL);
    }

    /** Whether that tool may be used, as far as the client says. */
    public boolean allows(String code) {
        return tools == null || tools.contains(code);
    }

    /**
     * Those of our tools that a run has. Replying and handing over are always among them.
     *
     * @param verified whether the sender is who they say; others get no financial or account tool
     */
    public Set<Tool> toolsFor(boolean verified) {
        return Arrays.stream(Tool.values())
                .filter(tool -> tool == Tool.REPLY_TO_CUSTOMER || tool == Tool.ESCALATE_TO_HUMAN || allows(tool.code()))
                .filter(tool -> verified
                        || (tool.category() != Tool.Category.FINANCIAL && tool.category() != Tool.Category.ACCOUNT))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The first rule for the category, if any. */
    public @Nullable Route routeOf(String category) {
        return routing.stream()
                .filter(rule -> rule.categories().contains(category))
                .findFirst()
                .orElse(null);
    }

    /** Whether the model is asked what a ticket is about. */
    public boolean classifiesByModel() {
        return classification == Classifying.MODEL;
    }

    /** Who says what a ticket is about. */
    public enum Classifying {
        LOCAL,
        MODEL
    }

    /** How a ticket is worked. */
    public enum Mode {
        PIPELINE,
        REACT
    }

    /**
     * Who takes tickets of some categories.
     *
     * @param categories as the classifier names them
     * @param to agent or person
     */
    public record Route(List<String> categories, Destination to) {
        public Route {
            categories = categories == null ? List.of() : List.copyOf(categories);
            if (categories.isEmpty()
                    || !categories.stream()
                            .allMatch(name -> CATEGORY.matcher(name).matches())) {
                throw new InvalidWorkflowException("routing.categories", "must name at least one category");
            }
            if (to == null) {
                throw new InvalidWorkflowException("routing.to", "must be agent or person");
            }
        }
    }

    /** Where a rule leads. */
    public enum Destination {
        AGENT,
        PERSON
    }

    /**
     * When the agent is sure enough.
     *
     * @param leastConfidence 0 to 1; below it no action is proposed, and no ticket is over without a person but a question
     * @param leastConfidenceToAnswer 0 to 1; below it, or where the classifier does not know such texts, no question is
     *     answered. With 0, which is the default, a passage that fits is enough
     */
    public record Thresholds(
            @JsonProperty("least_confidence") @Nullable Double leastConfidence,

            @JsonProperty("least_confidence_to_answer") @Nullable
            Double leastConfidenceToAnswer) {

        private static final double USUAL = 0.5;

        public Thresholds {
            leastConfidence = within("thresholds.least_confidence", leastConfidence, USUAL);
            leastConfidenceToAnswer = within("thresholds.least_confidence_to_answer", leastConfidenceToAnswer, 0);
        }

        static Thresholds usual() {
            return new Thresholds(null, null);
        }

        private static double within(String field, @Nullable Double value, double usual) {
            double chosen = value == null ? usual : value;
            if (!(chosen >= 0 && chosen <= 1)) {
                throw new InvalidWorkflowException(field, "must lie between 0 and 1");
            }
            return chosen;
        }

        /** 0 to 1. */
        public double least() {
            return Objects.requireNonNull(leastConfidence);
        }

        /** 0 to 1. */
        public double leastToAnswer() {
            return Objects.requireNonNull(leastConfidenceToAnswer);
        }
    }

    /**
     * What a run with a model may use, and a day of them. Over a limit a person takes over.
     *
     * @param maxSteps answers of the model in one run
     * @param maxTokens input and output of one run
     * @param maxSeconds from a run's first question to the model, without the time it waits for decisions
     * @param maxCostUsd of one run, by the configured prices
     * @param dailyBudgetUsd of all runs of a UTC day; then, and always if it is 0, the local engine works
     */
    public record Limits(
            @Nullable Integer maxSteps,
            @Nullable Integer maxTokens,
            @Nullable Integer maxSeconds,
            @Nullable BigDecimal maxCostUsd,
            @Nullable BigDecimal dailyBudgetUsd) {

        public Limits {
            maxSteps = within("limits.max_steps", maxSteps, 8, 1, 50);
            maxTokens = within("limits.max_tokens", maxTokens, 50_000, 100, 5_000_000);
            maxSeconds = within("limits.max_seconds", maxSeconds, 300, 1, 3600);
            maxCostUsd = within("limits.max_cost_usd", maxCostUsd, new BigDecimal("0.50"));
            dailyBudgetUsd = within("limits.daily_budget_usd", dailyBudgetUsd, new BigDecimal("20"));
        }

        static Limits usual() {
            return new Limits(null, null, null, null, null);
        }

        private static int within(String field, @Nullable Integer value, int usual, int least, int most) {
            int chosen = value == null ? usual : value;
            if (chosen < least || chosen > most) {
                throw new InvalidWorkflowException(field, "must lie between " + least + " and " + most);
            }
            return chosen;
        }

        private static BigDecimal within(String field, @Nullable BigDecimal value, BigDecimal usual) {
            BigDecimal chosen = value == null ? usual : value;
            if (chosen.signum() < 0 || chosen.compareTo(BigDecimal.valueOf(1_000_000)) > 0) {
                throw new InvalidWorkflowException(field, "must lie between 0 and 1000000");
            }
            return chosen;
        }

        /** Answers. */
        public int steps() {
            return Objects.requireNonNull(maxSteps);
        }

        /** Tokens. */
        public int tokens() {
            return Objects.requireNonNull(maxTokens);
        }

        /** Seconds. */
        public int seconds() {
            return Objects.requireNonNull(maxSeconds);
        }

        /** Millionths of a US dollar. */
        public long costMicros() {
            return Objects.requireNonNull(maxCostUsd).movePointRight(6).longValue();
        }

        /** Millionths of a US dollar. */
        public long dailyMicros() {
            return Objects.requireNonNull(dailyBudgetUsd).movePointRight(6).longValue();
        }
    }

    @Override
    public String toString() {
        return mode.name().toLowerCase(Locale.ROOT) + " with " + engine;
    }
}
