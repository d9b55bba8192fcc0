package io.opsrelay.agent.owntool;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.internal.JsonSchemaElementUtils;
import io.opsrelay.agent.offer.OfferedActions;
import io.opsrelay.agent.tool.OwnTool;
import io.opsrelay.agent.tool.Tool;
import io.opsrelay.security.Caller;
import io.opsrelay.security.RequiresRole;
import io.opsrelay.security.Role;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.security.web.Page;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The tools a client has, ours and its own. */
@RestController
@RequestMapping("/api/v1/agent/tools")
@RequiresRole({Role.VIEWER, Role.AGENT, Role.APPROVER, Role.SRE, Role.ADMIN})
class ToolController {

    private final OwnTools ownTools;
    private final OfferedActions offered;
    private final ClientTransactions transactions;

    ToolController(OwnTools ownTools, OfferedActions offered, ClientTransactions transactions) {
        this.ownTools = ownTools;
        this.offered = offered;
        this.transactions = transactions;
    }

    /** All of them; which of them a run may use the workflow and the AI employee say. */
    @GetMapping
    Page<ToolView> list(Caller caller) {
        Set<Tool> idle = transactions.read(caller.clientId(), offered::idleTools);
        return new Page<>(
                Stream.concat(
                                Arrays.stream(Tool.values()).map(tool -> ToolView.of(tool, idle.contains(tool))),
                                ownTools.known(caller.clientId()).stream().map(ToolView::of))
                        .toList(),
                null);
    }

    /**
     * A tool as the API shows it.
     *
     * @param source built_in, http, or mcp: and the server's name
     * @param available whether it can be asked now
     * @param reason why not
     * @param schema JSON schema of what it wants to be told, where that is known
     */
    record ToolView(
            String name,
            String category,
            @Nullable String description,
            String source,
            boolean available,
            @Nullable String reason,
            @Nullable Map<String, Object> schema) {

        static ToolView of(Tool tool, boolean idle) {
            ToolSpecification told = tool.specification();
            return new ToolView(
                    tool.code(),
                    tool.category().name().toLowerCase(Locale.ROOT),
                    told.description(),
                    "built_in",
                    !idle,
                    idle ? "nothing is set up here that could carry it out, so the agent is not told of it" : null,
                    JsonSchemaElementUtils.toMap(told.parameters()));
        }

        static ToolView of(ClientTools.Known known) {
            OwnTool tool = known.tool().orElse(null);
            return new ToolView(
                    known.code(),
                    Tool.Category.INFORMATION.name().toLowerCase(Locale.ROOT),
                    tool == null ? null : tool.description(),
                    known.source(),
                    tool != null,
                    known.trouble().orElse(null),
                    tool == null
                            ? null
                            : JsonSchemaElementUtils.toMap(tool.specification().parameters()));
        }
    }
}
