package io.opsrelay.agent.tool;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The tools there are. A model sees their schemas; what it sends is read by {@link Call#of} and nothing else. */
public enum Tool {
    SEARCH_KNOWLEDGE_BASE(
            Category.INFORMATION,
            "Searches the knowledge base. Facts in a reply must come from what this returns.",
            new Field("query", "what to look for, in the customer's words", 500, true)),
    CHECK_ORDER_STATUS(
            Category.INFORMATION,
            "Looks up one of the customer's orders.",
            new Field("order_id", "the order as the customer named it", 64, true)),
    PROCESS_REFUND(
            Category.FINANCIAL,
            "Asks for a refund of an order. What is refunded follows from the order; a person may have to agree.",
            new Field("order_id", "the order as the customer named it", 64, true),
            new Field("reason", "why, in one sentence", 500, true)),
    RESET_PASSWORD(
            Category.ACCOUNT,
            "Asks for a password reset for the customer who wrote. It goes to the address that is on record.",
            new Field("reason", "why, in one sentence", 500, false)),
    CREATE_BUG_REPORT(
            Category.TECHNICAL,
            "Files a bug report with the developers.",
            new Field("title", "one line", 120, true),
            new Field("description", "what happens, what should happen, how to see it", 4000, true),
            new Field("priority", "how urgent it is", List.of("low", "normal", "high", "urgent"), true)),
    RESTART_DEPLOYMENT(
            Category.OPERATIONS,
            "Proposes to restart a service. An SRE decides.",
            Field.SERVICE,
            Field.TARGET,
            Field.REASON),
    SCALE_DEPLOYMENT(
            Category.OPERATIONS,
            "Proposes another number of instances of a service. An SRE decides.",
            Field.SERVICE,
            Field.TARGET,
            new Field("replicas", "number of instances", 1, 100),
            Field.REASON),
    ROLLOUT_RESTART(
            Category.OPERATIONS,
            "Proposes to restart a service's instances one after the other. An SRE decides.",
            Field.SERVICE,
            Field.TARGET,
            Field.REASON),
    ESCALATE_TO_HUMAN(
            Category.ESCALATION,
            "Hands the ticket over to a person. Use it whenever you are not sure.",
            new Field("reason", "why a person is needed", 500, true),
            new Field("suggested_action", "what that person could do", 500, false)),
    REPLY_TO_CUSTOMER(
            Category.INFORMATION,
            "Sends the final reply. Plain text; every fact must come from passages, which are cited, or from results of tools.",
            new Field("text", "the reply in the customer's language", 4000, true),
            new Field("passages", "ids of the passages that the reply rests on, divided by commas", 500, false));

    private final Category category;
    private final String description;
    // Made by List.of, which cannot be changed.
    @SuppressWarnings("ImmutableEnumChecker")
    private final List<Field> fields;

    Tool(Category category, String description, Field... fields) {
        this.category = category;
        this.description = description;
        this.fields = List.of(fields);
    }

    /** Its name in schemas, settings and transcripts. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What policies go by. */
    public Category category() {
        return category;
    }

    /** Whether a call of it is an action on the outside world, which somebody or a policy has to grant. */
    public boolean acts() {
        return switch (category) {
            case FINANCIAL, ACCOUNT, TECHNICAL, OPERATIONS -> true;
            case INFORMATION, ESCALATION -> false;
        };
    }

    /**
     * The action catalogue's name of what it asks for.
     *
     * @throws IllegalStateException if it does not act
     */
    public String actionType() {
        return switch (this) {
            case PROCESS_REFUND -> "refund";
            case RESET_PASSWORD -> "password_reset";
            case CREATE_BUG_REPORT -> "bug_report";
            case RESTART_DEPLOYMENT, SCALE_DEPLOYMENT, ROLLOUT_RESTART -> code();
            case SEARCH_KNOWLEDGE_BASE, CHECK_ORDER_STATUS, ESCALATE_TO_HUMAN, REPLY_TO_CUSTOMER ->
                throw new IllegalStateException(code() + " does not act");
        };
    }

    List<Field> fields() {
        return fields;
    }

    /** Empty if there is no tool of that name. */
    public static Optional<Tool> named(String code) {
        return Arrays.stream(values()).filter(tool -> tool.code().equals(code)).findFirst();
    }

    /** As models are told of it. */
    public ToolSpecification specification() {
        JsonObjectSchema.Builder schema = JsonObjectSchema.builder();
        fields.forEach(field -> field.describeIn(schema));
        schema.required(fields.stream().filter(Field::required).map(Field::name).toList());
        schema.additionalProperties(false);
        return ToolSpecification.builder()
                .name(code())
                .description(description)
                .parameters(schema.build())
                .build();
    }

    /** What a tool has to do with. */
    public enum Category {
        INFORMATION,
        ACCOUNT,
        FINANCIAL,
        TECHNICAL,
        ESCALATION,
        OPERATIONS
    }
}
