package io.opsrelay.agent.owntool;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.opsrelay.agent.tool.Call;
import io.opsrelay.agent.tool.OwnTool;
import io.opsrelay.contracts.TicketEvent.TicketReceived;
import io.opsrelay.security.outbound.GuardedHttp;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.springframework.stereotype.Component;

/** Clients' own tools. What is asked of others goes over the network: outside any transaction. */
@Component
public class OwnTools {

    private final Map<String, ClientTools> clients = new HashMap<>();
    private final Duration together;
    private final MeterRegistry meters;

    OwnTools(OwnToolProperties properties, GuardedHttp http, MeterRegistry meters, Clock clock) {
        this.together = properties.together();
        this.meters = meters;
        Set<String> names = new HashSet<>(properties.http().keySet());
        names.addAll(properties.mcp().keySet());
        names.forEach(client -> clients.put(
                client,
                new ClientTools(
                        client,
                        properties.http().getOrDefault(client, Map.of()).entrySet().stream()
                                .map(tool -> new HttpTool(tool.getKey(), tool.getValue(), http))
                                .toList(),
                        properties.mcp().getOrDefault(client, Map.of()).entrySet().stream()
                                .map(server -> new McpServer(client, server.getKey(), server.getValue(), http, clock))
                                .toList())));
    }

    /** The names of a client's own tools, as its configuration has them. */
    public List<String> codes(String clientId) {
        ClientTools tools = clients.get(clientId);
        return tools == null ? List.of() : tools.codes();
    }

    /**
     * Those that a run may be offered. May ask MCP servers what they have, side by side and within {@link #together()}.
     *
     * @param verified whether the sender is who they say; others get no tool that is told whose ticket it is
     * @param wanted by their names; a server of which nothing is wanted is not asked
     */
    public List<OwnTool> of(String clientId, boolean verified, Predicate<String> wanted) {
        return known(clientId, verified, wanted).stream()
                .flatMap(known -> known.tool().stream())
                .toList();
    }

    /** All of a client's, whoever may use them. */
    List<ClientTools.Known> known(String clientId) {
        return known(clientId, true, code -> true);
    }

    private List<ClientTools.Known> known(String clientId, boolean verified, Predicate<String> wanted) {
        ClientTools tools = clients.get(clientId);
        return tools == null ? List.of() : tools.known(verified, wanted, together);
    }

    /** Longest time for all that one answer of a model asks for. */
    public Duration together() {
        return together;
    }

    /** Asks a tool for a ticket of its client; what is wrong with the tool is told like an answer. */
    public Told ask(String clientId, TicketReceived ticket, Call.Ask call) {
        ClientTools tools = clients.get(clientId);
        long began = System.nanoTime();
        Told told = tools == null
                ? Told.failed("gone", "the tool is not there any more")
                : tools.ask(ticket, call.tool(), call.arguments());
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        Timer.builder(OwnToolMetric.CALLS.id())
                .description(OwnToolMetric.CALLS.meaning())
                .tag("tool", call.tool().code())
                .tag("outcome", told.kind().name().toLowerCase(Locale.ROOT))
                .register(meters)
                .record(took);
        return told.after(took.toMillis());
    }
}
