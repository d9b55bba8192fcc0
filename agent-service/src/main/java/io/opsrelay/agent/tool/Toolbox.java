package io.opsrelay.agent.tool;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The tools that a run may use, which are those that its model is told of.
 *
 * @param builtIn those of ours
 * @param own those that the client has added
 */
public record Toolbox(Set<Tool> builtIn, List<OwnTool> own) {

    public Toolbox {
        builtIn = Set.copyOf(builtIn);
        own = List.copyOf(own);
    }

    /** As models are told, always in the same order. */
    public List<ToolSpecification> specifications() {
        return Stream.concat(ours().map(Tool::specification), own.stream().map(OwnTool::specification))
                .toList();
    }

    /** What a model's call comes to. */
    public Call read(ToolExecutionRequest request) {
        return Call.of(request, this);
    }

    Optional<OwnTool> ownNamed(String code) {
        return own.stream().filter(tool -> tool.code().equals(code)).findFirst();
    }

    /** All names, for a model that named another. */
    String names() {
        return Stream.concat(ours().map(Tool::code), own.stream().map(OwnTool::code))
                .collect(Collectors.joining(", "));
    }

    private Stream<Tool> ours() {
        return Arrays.stream(Tool.values()).filter(builtIn::contains);
    }
}
