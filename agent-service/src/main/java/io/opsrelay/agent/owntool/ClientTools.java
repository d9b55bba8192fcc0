package io.opsrelay.agent.owntool;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.opsrelay.agent.tool.OwnTool;
import io.opsrelay.contracts.TicketEvent.TicketReceived;
import io.opsrelay.security.outbound.OutboundException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The own tools of one client. Each of its HTTP tools and MCP servers that fails too often is left alone for a while. */
final class ClientTools {

    private static final Logger LOG = LoggerFactory.getLogger(ClientTools.class);

    private final String client;
    private final Map<String, HttpTool> http = new LinkedHashMap<>();
    private final Map<String, McpServer> mcp = new LinkedHashMap<>();
    private final Map<String, CircuitBreaker> breakers = new LinkedHashMap<>();

    ClientTools(String client, Collection<HttpTool> tools, Collection<McpServer> servers) {
        this.client = client;
        tools.forEach(tool -> {
            http.put(tool.tool().code(), tool);
            breakers.put(tool.tool().code(), breaker(tool.tool().code()));
        });
        servers.forEach(server -> {
            CircuitBreaker breaker = breaker("mcp_" + server.name());
            server.codes().forEach(code -> {
                mcp.put(code, server);
                breakers.put(code, breaker);
            });
        });
    }

    private static CircuitBreaker breaker(String name) {
        return CircuitBreaker.of(
                name,
                CircuitBreakerConfig.custom()
                        .slidingWindowSize(20)
                        .minimumNumberOfCalls(5)
                        .failureRateThreshold(50)
                        .waitDurationInOpenState(Duration.ofSeconds(10))
                        .permittedNumberOfCallsInHalfOpenState(2)
                        .ignoreException(trouble -> !(trouble instanceof OutboundException known) || !known.unwell())
                        .build());
    }

    /** All names that the configuration knows. */
    List<String> codes() {
        List<String> codes = new ArrayList<>(http.keySet());
        codes.addAll(mcp.keySet());
        return codes;
    }

    /**
     * Those that can be asked, as far as is known. May ask MCP servers what they have, but none of which nothing may be
     * used.
     *
     * @param verified whether the sender is who they say; others get no tool that is told whose ticket it is
     * @param wanted by their names
     * @param most time for all servers together
     */
    List<Known> known(boolean verified, Predicate<String> wanted, Duration most) {
        List<Known> known = new ArrayList<>();
        http.values().stream()
                .filter(tool -> (verified || !tool.needsVerification())
                        && wanted.test(tool.tool().code()))
                .forEach(tool ->
                        known.add(new Known(tool.tool().code(), "http", Optional.of(tool.tool()), Optional.empty())));
        List<McpServer> servers = mcp.values().stream()
                .distinct()
                .filter(server -> (verified || !server.needsVerification())
                        && server.codes().stream().anyMatch(wanted))
                .toList();
        List<McpServer.Listed> listed = sideBySide(servers, most);
        for (int i = 0; i < servers.size(); i++) {
            McpServer server = servers.get(i);
            McpServer.Listed has = listed.get(i);
            server.codes().stream()
                    .filter(wanted)
                    .forEach(code -> known.add(new Known(
                            code,
                            "mcp:" + server.name(),
                            Optional.ofNullable(has.tools().get(code)),
                            has.objection(code))));
        }
        return known;
    }

    private static List<McpServer.Listed> sideBySide(List<McpServer> servers, Duration most) {
        List<Callable<McpServer.Listed>> tasks = servers.stream()
                .map(server -> (Callable<McpServer.Listed>) () -> server.listed(most))
                .toList();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            return threads.invokeAll(tasks).stream().map(Future::resultNow).toList();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted");
        }
    }

    /** Asks one, within its time; never throws for what is wrong with the tool. */
    Told ask(TicketReceived ticket, OwnTool tool, Map<String, Object> arguments) {
        CircuitBreaker breaker = breakers.get(tool.code());
        if (breaker == null) {
            return Told.failed("gone", "the tool is not there any more");
        }
        try {
            return breaker.executeSupplier(() -> asked(ticket, tool, arguments));
        } catch (CallNotPermittedException e) {
            return Told.failed("left alone", "it has failed too often and is left alone for a while");
        } catch (OutboundException e) {
            LOG.info("Tool {} of {}: {} ({})", tool.code(), client, e.status(), e.causedBy());
            return Told.failed(e.status(), "it " + e.reason());
        } catch (CancellationException e) {
            throw e;
        } catch (RuntimeException e) {
            // Whatever is wrong with it, a run that asks again would only meet it again.
            LOG.error(
                    "Tool {} of {} failed: {}",
                    tool.code(),
                    client,
                    e.getClass().getName());
            return Told.failed("failed", "it could not be asked");
        }
    }

    private Told asked(TicketReceived ticket, OwnTool tool, Map<String, Object> arguments) {
        HttpTool endpoint = http.get(tool.code());
        McpServer server = mcp.get(tool.code());
        if (endpoint != null) {
            return endpoint.ask(client, ticket, arguments);
        }
        return server == null
                ? Told.failed("gone", "the tool is not there any more")
                : server.ask(client, ticket, tool, arguments);
    }

    /**
     * A tool that the configuration knows.
     *
     * @param source http, or mcp: and the server's name
     * @param tool if it can be asked
     * @param trouble why it cannot be asked
     */
    record Known(String code, String source, Optional<OwnTool> tool, Optional<String> trouble) {}
}
