package io.opsrelay.agent.tool;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a model's call of a tool comes to. Only the tool's own fields are read: an amount, a recipient or a customer that a
 * model sends is dropped, since those are resolved from what is known of the ticket.
 */
public sealed interface Call {

    /** Look something up in the knowledge base. */
    record Search(String query) implements Call {}

    /** Look up an order of the customer's. */
    record OrderStatus(String orderId) implements Call {}

    /** Ask a tool that the client has added. */
    record Ask(OwnTool tool, Map<String, Object> arguments) implements Call {
        public Ask {
            arguments = Collections.unmodifiableMap(new LinkedHashMap<>(arguments));
        }
    }

    /** Do something, if it is granted. {@code actionType} and {@code arguments} are the action catalogue's. */
    record Act(Tool tool, String actionType, Map<String, Object> arguments) implements Call {
        public Act {
            arguments = Map.copyOf(arguments);
        }
    }

    /** A person shall take over. */
    record Escalate(String reason, @Nullable String suggestedAction) implements Call {}

    /** The final reply, and the passages it rests on. */
    record Reply(String text, List<String> passages) implements Call {
        public Reply {
            passages = List.copyOf(passages);
        }
    }

    /** It cannot be followed; the reason goes back to the model. */
    record Refused(String reason) implements Call {}

    /** Longest arguments that are looked at, in characters. */
    int LONGEST_ARGUMENTS = 20_000;

    /** Arguments are flat; whoever nests them deeply means no good. */
    JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(8)
                            .maxStringLength(LONGEST_ARGUMENTS)
                            .maxNumberLength(20)
                            .build())
                    .build())
            .build();

    /**
     * Reads a call.
     *
     * @param offered the tools that this run may use, which are those the model was told of
     */
    static Call of(ToolExecutionRequest request, Toolbox offered) {
        String name = String.valueOf(request.name());
        Tool tool = Tool.named(name).filter(offered.builtIn()::contains).orElse(null);
        OwnTool own = offered.ownNamed(name).orElse(null);
        if (tool == null && own == null) {
            return new Refused("there is no such tool here; there are " + offered.names());
        }
        String text = request.arguments() == null || request.arguments().isBlank() ? "{}" : request.arguments();
        if (text.length() > LONGEST_ARGUMENTS) {
            return new Refused("the arguments are too long");
        }
        try {
            JsonNode arguments = JSON.readTree(text);
            if (!arguments.isObject()) {
                return new Refused("the arguments must be a JSON object");
            }
            // Half of a surrogate pair can neither be stored nor sent.
            if (!StandardCharsets.UTF_8.newEncoder().canEncode(arguments.toString())) {
                return new Refused("the arguments hold characters that are none");
            }
            return tool == null
                    ? new Ask(Objects.requireNonNull(own), own.arguments().read(arguments))
                    : meaning(tool, new Arguments.Declared(tool.fields()).read(arguments));
        } catch (JacksonException e) {
            return new Refused("the arguments are not JSON: " + e.getOriginalMessage());
        } catch (IllegalArgumentException e) {
            return new Refused(String.valueOf(e.getMessage()));
        }
    }

    private static Call meaning(Tool tool, Map<String, Object> read) {
        return switch (tool) {
            case SEARCH_KNOWLEDGE_BASE -> new Search(text(read, "query"));
            case CHECK_ORDER_STATUS -> new OrderStatus(text(read, "order_id"));
            case ESCALATE_TO_HUMAN -> new Escalate(text(read, "reason"), (String) read.get("suggested_action"));
            case REPLY_TO_CUSTOMER ->
                new Reply(
                        text(read, "text"),
                        Arrays.stream(String.valueOf(read.getOrDefault("passages", ""))
                                        .split(","))
                                .map(String::strip)
                                .filter(id -> !id.isEmpty())
                                .distinct()
                                .toList());
            case PROCESS_REFUND,
                    RESET_PASSWORD,
                    CREATE_BUG_REPORT,
                    RESTART_DEPLOYMENT,
                    SCALE_DEPLOYMENT,
                    ROLLOUT_RESTART -> new Act(tool, tool.actionType(), read);
        };
    }

    private static String text(Map<String, Object> read, String name) {
        return String.valueOf(read.get(name));
    }
}
