package io.opsrelay.agent.owntool;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Clients' own tools. All of them only look something up.
 *
 * @param http by client and by the tool's name
 * @param mcp by client and by the server's name
 * @param together longest time for all that one answer of a model asks for
 */
@ConfigurationProperties(value = "opsrelay.tools", ignoreUnknownFields = false)
record OwnToolProperties(
        @DefaultValue Map<String, Map<String, HttpToolSettings>> http,
        @DefaultValue Map<String, Map<String, McpServerSettings>> mcp,
        @DefaultValue("20s") Duration together) {

    private static final String PREFIX = "opsrelay.tools.";
    private static final Pattern TOOL = Pattern.compile("[a-z][a-z0-9_]{0,58}");
    private static final Pattern SERVER = Pattern.compile("[a-z][a-z0-9]{0,19}");

    OwnToolProperties {
        http = Collections.unmodifiableMap(new LinkedHashMap<>(http));
        mcp = Collections.unmodifiableMap(new LinkedHashMap<>(mcp));
        Wrong.unless(together.isPositive(), PREFIX + "together", "must be positive");
        http.forEach((client, tools) -> tools.forEach((name, tool) -> {
            String property = PREFIX + "http." + client + "." + name;
            Wrong.unless(
                    TOOL.matcher(name).matches(),
                    property,
                    "a tool's name is small letters, digits and underscores, at most 59, and begins with a letter");
            tool.check(property);
        }));
        mcp.forEach((client, servers) -> servers.forEach((name, server) -> {
            String property = PREFIX + "mcp." + client + "." + name;
            Wrong.unless(
                    SERVER.matcher(name).matches(),
                    property,
                    "a server's name is small letters and digits, at most 20, and begins with a letter");
            server.check(property, name);
        }));
    }
}
