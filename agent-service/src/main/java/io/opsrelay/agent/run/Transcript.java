package io.opsrelay.agent.run;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A run's conversation with a model as people read it. */
record Transcript(UUID runId, @Nullable String model, List<Said> messages) {

    Transcript {
        messages = List.copyOf(messages);
    }

    static Transcript of(Run run) {
        Dialogue dialogue = run.dialogue();
        return dialogue == null
                ? new Transcript(run.runId(), null, List.of())
                : new Transcript(
                        run.runId(),
                        dialogue.model(),
                        dialogue.messages().stream().map(Said::of).toList());
    }

    /**
     * A message.
     *
     * @param role system, user, model or tool
     * @param tool whose result it is
     * @param callId of the call that it answers
     * @param calls that the model made
     */
    record Said(
            String role,
            @Nullable String text,
            @Nullable String tool,
            @Nullable String callId,
            List<CallMade> calls) {

        static Said of(ChatMessage message) {
            return switch (message) {
                case SystemMessage system -> new Said("system", system.text(), null, null, List.of());
                case UserMessage user -> new Said("user", user.singleText(), null, null, List.of());
                case ToolExecutionResultMessage result ->
                    new Said("tool", result.text(), result.toolName(), result.id(), List.of());
                case AiMessage model ->
                    new Said(
                            "model",
                            model.text(),
                            null,
                            null,
                            model.toolExecutionRequests().stream()
                                    .map(call -> new CallMade(call.id(), call.name(), call.arguments()))
                                    .toList());
                default -> new Said("other", null, null, null, List.of());
            };
        }
    }

    /** A call of a tool as the model made it, before anything was dropped from it. */
    record CallMade(String id, String tool, @Nullable String arguments) {}
}
