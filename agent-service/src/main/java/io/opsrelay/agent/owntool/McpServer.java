package io.opsrelay.agent.owntool;

import io.opsrelay.agent.tool.OwnTool;
import io.opsrelay.contracts.TicketEvent.TicketReceived;
import io.opsrelay.security.outbound.GuardedHttp;
import io.opsrelay.security.outbound.OutboundException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The tools of one MCP server that the configuration allows. What they want to be told the server says, and it is asked
 * anew from time to time; while it does not answer, what it said last holds.
 */
final class McpServer {

    private static final Logger LOG = LoggerFactory.getLogger(McpServer.class);

    private static final int MOST_PAGES = 20;
    private static final int LONGEST_MESSAGE = 1_000;
    private static final Duration AGAIN_AFTER = Duration.ofSeconds(30);

    private final String client;
    private final String name;
    private final McpServerSettings settings;
    private final McpClient mcp;
    private final Clock clock;
    private final Map<String, String> codes = new LinkedHashMap<>();
    private final ReentrantLock asking = new ReentrantLock();
    private volatile Listed current = new Listed(Map.of(), Map.of(), null, Instant.MIN);

    McpServer(String client, String name, McpServerSettings settings, GuardedHttp http, Clock clock) {
        this.client = client;
        this.name = name;
        this.settings = settings;
        this.mcp = new McpClient(settings, http);
        this.clock = clock;
        settings.tools().forEach(tool -> codes.put(McpServerSettings.codeOf(name, tool), tool));
    }

    String name() {
        return name;
    }

    /** The names of all tools that are allowed, whether or not the server has them. */
    List<String> codes() {
        return List.copyOf(codes.keySet());
    }

    /** Whether only senders may have it asked who are who they say. */
    boolean needsVerification() {
        return settings.needsVerification();
    }

    /** Those that the server has, too; if it has to be asked, within that time or its own. */
    Listed listed(Duration most) {
        Listed known = current;
        if (clock.instant().isBefore(known.until())) {
            return known;
        }
        McpClient.Deadline deadline = mcp.within(most);
        try {
            // Where something is known already nobody waits for those who ask anew.
            boolean mine = known.tools().isEmpty()
                    ? asking.tryLock(deadline.limit().toMillis(), TimeUnit.MILLISECONDS)
                    : asking.tryLock();
            if (!mine) {
                return known;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return known;
        }
        try {
            if (!clock.instant().isBefore(current.until())) {
                current = asked(known, deadline);
            }
            return current;
        } finally {
            asking.unlock();
        }
    }

    private Listed asked(Listed before, McpClient.Deadline deadline) {
        try {
            return read(pages(deadline));
        } catch (OutboundException e) {
            LOG.warn("MCP server {} of {} tells no tools: it {} ({})", name, client, e.reason(), e.causedBy());
            return troubled(before, e.reason());
        } catch (McpClient.DeclinedException e) {
            LOG.warn("MCP server {} of {} tells no tools: error {}", name, client, e.code());
            return troubled(before, "answered with error " + e.code());
        } catch (CancellationException e) {
            throw e;
        } catch (RuntimeException e) {
            // Whatever a server does, it must not end the runs of its client.
            LOG.warn(
                    "MCP server {} of {} tells no tools: {}",
                    name,
                    client,
                    e.getClass().getName());
            return troubled(before, "could not be asked");
        }
    }

    private Listed troubled(Listed before, String reason) {
        return before.troubled(
                "the MCP server " + name + " " + reason, clock.instant().plus(AGAIN_AFTER));
    }

    private List<JsonNode> pages(McpClient.Deadline deadline) {
        List<JsonNode> tools = new ArrayList<>();
        String cursor = "";
        for (int page = 0; page < MOST_PAGES; page++) {
            ObjectNode params = HttpTool.JSON.createObjectNode();
            if (!cursor.isEmpty()) {
                params.put("cursor", cursor);
            }
            JsonNode result = mcp.ask("tools/list", params, deadline);
            result.path("tools").forEach(tool -> {
                if (settings.tools().contains(tool.path("name").asString(""))) {
                    tools.add(tool);
                }
            });
            String next = result.path("nextCursor").asString("");
            if (next.isEmpty() || next.equals(cursor)) {
                return tools;
            }
            cursor = next;
        }
        LOG.warn(
                "MCP server {} of {} has more than {} pages of tools, the others are not read",
                name,
                client,
                MOST_PAGES);
        return tools;
    }

    private Listed read(List<JsonNode> described) {
        Map<String, OwnTool> found = new LinkedHashMap<>();
        Map<String, String> refused = new HashMap<>();
        for (JsonNode one : described) {
            String code = McpServerSettings.codeOf(name, one.path("name").asString());
            try {
                found.putIfAbsent(
                        code, McpTool.read(name, code, one, settings.fixed().keySet()));
            } catch (IllegalArgumentException e) {
                refused.put(code, String.valueOf(e.getMessage()));
                LOG.warn("Tool {} of {} is not offered: {}", code, client, e.getMessage());
            }
        }
        codes.forEach((code, tool) -> {
            if (!found.containsKey(code) && !refused.containsKey(code)) {
                refused.put(code, "the server has no such tool");
                LOG.warn("MCP server {} of {} has no tool {}", name, client, tool);
            }
        });
        return new Listed(found, refused, null, clock.instant().plus(settings.refresh()));
    }

    /** @throws OutboundException if there is no answer */
    Told ask(String clientId, TicketReceived ticket, OwnTool tool, Map<String, Object> arguments) {
        // Looked at again where it counts, whoever was offered the tool.
        if (needsVerification() && !ticket.customer().verified()) {
            return Told.strange();
        }
        OwnTool known = current.tools().get(tool.code());
        String called = codes.get(tool.code());
        if (known == null || called == null) {
            return Told.failed("gone", "the tool is not there any more");
        }
        ObjectNode params = HttpTool.JSON.createObjectNode().put("name", called);
        ObjectNode sent = params.putObject("arguments");
        arguments.forEach((field, value) -> sent.set(field, HttpTool.JSON.valueToTree(value)));
        // After the others: no model's word stands where the ticket's belongs.
        settings.filled().forEach((field, value) -> sent.put(field, value.of(clientId, ticket)));
        try {
            return inWords(mcp.ask("tools/call", params, mcp.within(settings.timeout())));
        } catch (McpClient.DeclinedException e) {
            return Told.declined(
                    "error " + e.code(),
                    OutsideText.line(e.getMessage() == null ? "" : e.getMessage(), LONGEST_MESSAGE));
        }
    }

    private static Told inWords(JsonNode result) {
        List<String> texts = new ArrayList<>();
        for (JsonNode part : result.path("content")) {
            String text =
                    switch (part.path("type").asString("")) {
                        case "text" -> part.path("text").asString("");
                        case "resource" -> part.path("resource").path("text").asString("");
                        default -> "";
                    };
            if (!text.isBlank()) {
                texts.add(text);
            }
        }
        JsonNode structured = result.path("structuredContent");
        if (texts.isEmpty() && structured.isObject()) {
            texts.add(HttpTool.inWords(structured));
        }
        String text = OutsideText.clean(String.join("\n", texts)).strip();
        if (result.path("isError").asBoolean(false)) {
            return Told.declined("error", text.isEmpty() ? "no reason is given" : text);
        }
        return text.isEmpty()
                ? Told.failed("ok", "it answered with nothing that can be read here")
                : Told.answer("ok", text);
    }

    /**
     * What the server said of its tools.
     *
     * @param refused why the others are not offered
     * @param trouble why it could not be asked the last time
     * @param until when it is asked again
     */
    record Listed(
            Map<String, OwnTool> tools,
            Map<String, String> refused,
            @Nullable String trouble,
            Instant until) {

        Listed {
            tools = Collections.unmodifiableMap(new LinkedHashMap<>(tools));
            refused = Map.copyOf(refused);
        }

        Listed troubled(String reason, Instant again) {
            return new Listed(tools, refused, reason, again);
        }

        /** Why a tool is not offered now; empty if it is. */
        Optional<String> objection(String code) {
            return tools.containsKey(code)
                    ? Optional.empty()
                    : Optional.of(refused.getOrDefault(code, trouble == null ? "it is not there" : trouble));
        }
    }
}
