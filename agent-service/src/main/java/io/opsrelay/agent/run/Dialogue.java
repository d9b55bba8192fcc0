package io.opsrelay.agent.run;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ChatMessageDeserializer;
import dev.langchain4j.data.message.ChatMessageSerializer;
import io.opsrelay.agent.knowledge.Passage;
import io.opsrelay.agent.model.Usage;
import io.opsrelay.agent.persona.Personas.Assigned;
import io.opsrelay.agent.tool.Tool;
import io.opsrelay.agent.workflow.Workflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A run's conversation with a model, kept after each of its answers, so that any process can go on with it.
 *
 * @param model the model's name in the configuration
 * @param workflow the client's settings when the run began: a change in between does not change a run
 * @param employee who has the run, if the client has AI employees
 * @param transcript the messages as langchain4j writes them
 * @param answers how often the model answered
 * @param usage what that used
 * @param busyMillis time spent on it, without waiting for decisions
 * @param passages what was found in the knowledge base, by the id that the model was told
 * @param learnt what was looked up elsewhere, in words of ours
 * @param outcomes what became of its actions, in words of ours
 */
record Dialogue(
        String model,
        Workflow workflow,
        @Nullable Assigned employee,
        JsonNode transcript,
        int answers,
        Usage usage,
        long busyMillis,
        Map<String, Passage> passages,
        List<String> learnt,
        List<String> outcomes) {

    Dialogue {
        passages = new LinkedHashMap<>(passages);
        learnt = List.copyOf(learnt);
        outcomes = List.copyOf(outcomes);
    }

    /** The messages. */
    List<ChatMessage> messages() {
        return new ArrayList<>(ChatMessageDeserializer.messagesFromJson(transcript.toString()));
    }

    static JsonNode transcriptOf(List<ChatMessage> messages) {
        return JsonMapper.shared().readTree(ChatMessageSerializer.messagesToJson(messages));
    }

    /**
     * Those of our tools that the model is told of, and may use.
     *
     * @param verified whether the sender is who they say
     */
    Set<Tool> offered(boolean verified) {
        if (workflow.mode() == Workflow.Mode.PIPELINE) {
            return Set.of(Tool.REPLY_TO_CUSTOMER, Tool.ESCALATE_TO_HUMAN);
        }
        return workflow.toolsFor(verified).stream()
                .filter(tool -> !tool.acts() || employee == null || employee.mayUse(tool.code()))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Whether it may use tools that the client has added at all: a model that only words an answer may not. */
    boolean mayUseOwnTools() {
        return workflow.mode() == Workflow.Mode.REACT;
    }

    /** Whether the workflow and the AI employee have that tool of the client's. */
    boolean mayUse(String code) {
        return workflow.allows(code) && (employee == null || employee.mayUse(code));
    }

    /** With more time spent on it. */
    Dialogue after(long millis) {
        return new Dialogue(
                model, workflow, employee, transcript, answers, usage, busyMillis + millis, passages, learnt, outcomes);
    }

    /** How long it may go on, where no limit is reached. */
    Duration timeLeft() {
        return Duration.ofSeconds(workflow.limits().seconds()).minusMillis(busyMillis);
    }

    /** Which limit is reached, if any. */
    @Nullable
    String limitReached() {
        Workflow.Limits limits = workflow.limits();
        if (answers >= limits.steps()) {
            return "the model has answered " + answers + " times without an end";
        }
        if (usage.tokens() >= limits.tokens()) {
            return "the run has used " + usage.tokens() + " of " + limits.tokens() + " tokens";
        }
        if (busyMillis >= limits.seconds() * 1000L) {
            return "the run has taken " + busyMillis / 1000 + " of " + limits.seconds() + " s";
        }
        if (usage.costMicros() > limits.costMicros()) {
            return "the run has cost more than one may";
        }
        return null;
    }
}
