package io.opsrelay.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ChosenEngineTest {

    private static final JsonMapper JSON = JsonMapper.shared();

    private final List<JsonNode> put = new CopyOnWriteArrayList<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private volatile String tools = "[\"search_knowledge_base\",\"check_order_status\"]";
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        server.createContext("/api/v1/auth/token", exchange -> answer(exchange, 200, "{\"access_token\":\"t\"}"));
        server.createContext(
                "/api/v1/agent/tools",
                exchange -> answer(
                        exchange,
                        200,
                        "{\"items\":[{\"name\":\"search_knowledge_base\"},{\"name\":\"check_order_status\"}]}"));
        server.createContext("/api/v1/agent/workflow", this::workflow);
        server.start();
    }

    private void workflow(HttpExchange exchange) throws IOException {
        if (exchange.getRequestMethod().equals("PUT")) {
            JsonNode body = JSON.readTree(exchange.getRequestBody());
            put.add(body);
            boolean known = !body.path("engine").asString("").equals("gpt-99");
            answer(exchange, known ? 200 : 422, known ? "{}" : "{\"detail\":\"must be one of big, local\"}");
        } else {
            answer(
                    exchange,
                    200,
                    "{\"version\":3,\"mode\":\"react\",\"engine\":\"big\",\"classification\":\"model\",\"tools\":"
                            + tools + ",\"changed_by\":\"user:a\",\"changed_at\":\"2026-11-20T10:00:00Z\"}");
        }
    }

    @AfterEach
    void stop() {
        http.close();
        server.stop(0);
    }

    @Test
    void theWorkflowHasTheEngineForAWhileAndIsThenAsItWas() throws Exception {
        try (ChosenEngine _ = choose("local")) {
            assertThat(put)
                    .containsExactly(
                            JSON.readTree("{\"mode\":\"react\",\"engine\":\"local\",\"classification\":\"local\"}"));
        }

        assertThat(put)
                .last()
                .isEqualTo(JSON.readTree("{\"mode\":\"react\",\"engine\":\"big\",\"classification\":\"model\"}"));
    }

    @Test
    void aChoiceOfToolsIsKept() throws Exception {
        tools = "[\"search_knowledge_base\"]";

        choose("big").close();

        assertThat(put).hasSize(2).allSatisfy(settings -> assertThat(
                        settings.path("tools").toString())
                .isEqualTo(tools));
    }

    @Test
    void anEngineThatIsNotThereIsToldWithThoseThatAre() {
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> choose("gpt-99"))
                .withMessageContaining("gpt-99")
                .withMessageContaining("big, local");
    }

    private ChosenEngine choose(String engine) throws IOException, InterruptedException {
        URI base = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        return new ChosenEngine(http, base, new Tokens(http, base, "admin", "demo"), engine);
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        try (exchange) {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }
}
