package io.opsrelay.agent.tool;

import dev.langchain4j.agent.tool.ToolSpecification;
import java.util.regex.Pattern;

/**
 * A tool that a client has added. It only looks something up: whatever acts is an action, which policy or a person has to
 * grant.
 *
 * @param code its name in schemas, settings and transcripts; begins with {@code http_} or {@code mcp_}, so that it is none
 *     of ours
 * @param description as models are told
 * @param arguments what it wants to be told
 */
public record OwnTool(String code, String description, Arguments arguments) {

    private static final Pattern CODE = Pattern.compile("(http|mcp)_[a-z0-9_]{1,59}");

    public OwnTool {
        if (!isCode(code)) {
            throw new IllegalArgumentException("not the name of a client's own tool: " + code);
        }
    }

    /** Whether a client's own tool may have this name. */
    public static boolean isCode(String name) {
        return CODE.matcher(name).matches();
    }

    /** As models are told of it. */
    public ToolSpecification specification() {
        return ToolSpecification.builder()
                .name(code)
                .description(description)
                .parameters(arguments.schema())
                .build();
    }
}
