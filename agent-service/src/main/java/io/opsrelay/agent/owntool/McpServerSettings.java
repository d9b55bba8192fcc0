package io.opsrelay.agent.owntool;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * An MCP server that is spoken to over streamable HTTP.
 *
 * @param url of its endpoint
 * @param headers beside the usual ones
 * @param authorization value of the Authorization header, if it wants one
 * @param tools the names of those that may be used, as the server spells them; the others do not exist
 * @param fixed arguments that are filled from the ticket and that no model sees; a tool that lacks one is not offered
 * @param timeout for the whole answer, with opening a session where there is none
 * @param refresh how long its list of tools holds
 * @param allowPrivate whether it may lie in our own network
 * @param allowHttp whether it may be spoken to without TLS
 */
record McpServerSettings(
        String url,
        @DefaultValue Map<String, String> headers,
        @Nullable String authorization,
        @DefaultValue List<String> tools,
        @DefaultValue Map<String, String> fixed,
        @DefaultValue("5s") Duration timeout,
        @DefaultValue("5m") Duration refresh,
        @DefaultValue("false") boolean allowPrivate,
        @DefaultValue("false") boolean allowHttp) {

    private static final int MOST_TOOLS = 50;
    private static final int LONGEST_CODE = 64;
    private static final Pattern TOOL = Pattern.compile("[A-Za-z][A-Za-z0-9_./-]{0,127}");

    McpServerSettings {
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
        fixed = Collections.unmodifiableMap(new LinkedHashMap<>(fixed));
        tools = List.copyOf(tools);
    }

    void check(String property, String server) {
        Wrong.unless(url != null, property + ".url", "is missing");
        Wrong.unlessUrl(url, allowHttp, property);
        Wrong.unlessTimeout(timeout, property);
        Wrong.unlessHeaders(headers, authorization, property);
        Wrong.unless(refresh.isPositive(), property + ".refresh", "must be positive");
        Wrong.unless(
                !tools.isEmpty() && tools.size() <= MOST_TOOLS,
                property + ".tools",
                "must name 1 to " + MOST_TOOLS + " tools of the server");
        fixed.forEach((name, value) -> {
            String where = property + ".fixed." + name;
            Wrong.unless(McpTool.NAME.matcher(name).matches(), where, "is no name of an argument that can be filled");
            Wrong.unlessTicketValue(value, where);
        });
        Map<String, String> codes = new LinkedHashMap<>();
        for (int i = 0; i < tools.size(); i++) {
            String where = property + ".tools[" + i + "]";
            Wrong.unless(TOOL.matcher(tools.get(i)).matches(), where, "is no name of a tool");
            String code = codeOf(server, tools.get(i));
            Wrong.unless(code.length() <= LONGEST_CODE, where, "is too long: it would be called " + code);
            String other = codes.putIfAbsent(code, tools.get(i));
            Wrong.unless(other == null, where, "would have the same name as " + other + ": " + code);
        }
    }

    /** What is filled, by the argument's name. */
    Map<String, TicketValue> filled() {
        return TicketValue.named(fixed);
    }

    /** Whether only senders may have it asked who are who they say. */
    boolean needsVerification() {
        return filled().values().stream().anyMatch(TicketValue::needsVerification);
    }

    /** What a tool of the server is called here: {@code getStock} of {@code shop} is {@code mcp_shop_get_stock}. */
    static String codeOf(String server, String tool) {
        return "mcp_" + server + "_"
                + tool.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_")
                        .replaceAll("[^A-Za-z0-9]", "_")
                        .toLowerCase(Locale.ROOT);
    }

    /** A key does not belong into a log. */
    @Override
    public String toString() {
        return "MCP " + url;
    }
}
