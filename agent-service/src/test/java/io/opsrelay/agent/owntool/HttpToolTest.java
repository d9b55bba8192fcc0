package io.opsrelay.agent.owntool;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opsrelay.agent.tool.Call;
import io.opsrelay.agent.tool.OwnTool;
import io.opsrelay.agent.tool.Toolbox;
import io.opsrelay.contracts.TicketEvent.Customer;
import io.opsrelay.contracts.TicketEvent.TicketReceived;
import io.opsrelay.security.outbound.GuardedHttp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP tools with the real client against a server on loopback. */
@Timeout(60)
class HttpToolTest {

    private final CountDownLatch closing = new CountDownLatch(1);
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final TicketReceived ticket = ticket(true);
    private volatile int status = 200;
    private volatile String type = "application/json";
    private volatile String body = "{}";
    private HttpServer server;
    private GuardedHttp http;

    @BeforeEach
    void start() throws IOException {
        http = new GuardedHttp();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() throws IOException {
        closing.countDown();
        server.stop(0);
        http.close();
    }

    @Test
    void itIsAskedWithItsFieldsAndWithWhatTheTicketSaysAndTellsWhatIsPointedAt() {
        body = "{\"stock\":{\"quantity\":7,\"places\":[\"Ulm\",\"Bonn\"]},\"cost\":3,\"next\":null}";
        OwnTools tools = tools(
                "url", url("/articles/{article}/stock?client={client}"),
                "authorization", "Bearer key",
                "headers.X-Version", "2",
                "fields.article.description", "its number",
                "fields.branch.type", "choice",
                "fields.branch.values[0]", "north",
                "fields.branch.description", "where",
                "fields.branch.required", "false",
                "fixed.client", "client-id",
                "fixed.mail", "customer-email",
                "tell.in_stock", "/stock/quantity",
                "tell.places", "/stock/places",
                "tell.next", "/next");

        Told told = ask(
                tools,
                "{\"article\":\"Ä 1/2&x=y?z#\",\"branch\":\"north\",\"mail\":\"ceo@shop.example\",\"client\":\"other\"}");

        assertThat(told.kind()).isEqualTo(Told.Kind.ANSWER);
        assertThat(told.text()).isEqualTo("in_stock: 7\nplaces: [ \"Ulm\", \"Bonn\" ]");
        assertThat(told.status()).isEqualTo("200");
        assertThat(asked)
                .containsExactly("GET /articles/%C3%84%201%2F2%26x%3Dy%3Fz%23/stock?client=shop&branch=north"
                        + "&mail=mary.major%40example.org Bearer key 2 ");
    }

    @Test
    void aPostSendsJson() {
        OwnTools tools = tools(
                "url", url("/search/{ticket}"),
                "method", "POST",
                "fields.days.type", "integer",
                "fields.days.least", "1",
                "fields.days.most", "9",
                "fields.days.description", "how many",
                "fixed.ticket", "ticket-id",
                "fixed.customer", "customer-id");

        ask(tools, "{\"days\":3,\"customer\":\"other\",\"ticket\":\"other\"}");

        assertThat(asked)
                .containsExactly("POST /search/" + ticket.ticketId() + " null null {\"days\":3,\"customer\":\""
                        + ticket.customer().customerId() + "\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", ".", "../admin", "a/../../admin", "..\\\\admin", "a/."})
    void aFieldCannotLeadOutOfItsPlaceInThePath(String value) {
        Told told = ask(articles(), "{\"article\":\"" + value + "\"}");

        assertThat(told.kind()).isEqualTo(Told.Kind.FAILED);
        assertThat(told.text()).isEqualTo("article must not lead elsewhere");
        assertThat(asked).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://evil.example/ | http%3A%2F%2Fevil.example%2F",
                "@evil.example | %40evil.example",
                "%2e%2e%2fadmin | %252e%252e%252fadmin",
                "a..b | a..b",
                "x?admin=1 | x%3Fadmin%3D1"
            })
    void whateverAFieldHoldsIsOneSegmentOfThePath(String value, String sent) {
        ask(articles(), "{\"article\":\"" + value + "\"}");

        assertThat(asked).singleElement().asString().startsWith("GET /articles/" + sent + " ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "404 | application/json | {} | there is nothing of that kind",
                "302 | application/json | {} | it leads elsewhere, which is not followed",
                "401 | application/json | {} | it answered 401",
                "500 | application/json | {} | it answered 500",
                "200 | text/html | <p>hi</p> | it answered with something that is neither JSON nor plain text",
                "200 | application/octet-stream | x | it answered with something that is neither JSON nor plain text",
                "200 | application/json | {\"a\": | it answered with broken JSON",
                "200 | text/plain | ' ' | it answered with nothing",
                "204 | '' | '' | it answered with something that is neither JSON nor plain text"
            })
    void anAnswerThatIsNoneIsToldInOurWords(int status, String type, String body, String reason) {
        this.status = status;
        this.type = type;
        this.body = body;

        Told told = ask(articles(), "{\"article\":\"A-1\"}");

        assertThat(told.kind()).isEqualTo(Told.Kind.FAILED);
        assertThat(told.text()).isEqualTo(reason);
    }

    @Test
    void textAndWholeJsonAreToldWithoutWhatHidesInThem() {
        type = "text/plain";
        body = "one\u0000\u200b two\u202e\r\nthree";
        assertThat(ask(articles(), "{\"article\":\"A-1\"}").text()).isEqualTo("one  two\nthree");

        type = "application/problem+json; charset=utf-8";
        body = "{\"a\":[1,2],\"b\":\"x\\u0000\"}";
        assertThat(ask(articles(), "{\"article\":\"A-1\"}").text())
                .contains("[ 1, 2 ]")
                .doesNotContain("\u0000");
    }

    @Test
    void aSlowAndAHugeAnswerEndInTheirBounds() {
        type = "slow";
        Told slow = ask(articles(), "{\"article\":\"A-1\"}");
        assertThat(slow.status()).isEqualTo("timed out");
        assertThat(slow.text()).isEqualTo("it did not answer within 7000 ms");
        assertThat(slow.millis()).isGreaterThan(6_900L);

        type = "text/plain";
        body = "x".repeat(300_000);
        assertThat(ask(articles(), "{\"article\":\"A-1\"}").text()).isEqualTo("it answered with more than 256 KiB");
    }

    @Test
    void aToolThatFailsTooOftenIsLeftAloneAndOneThatRefusesIsNot() {
        OwnTools tools = articles();
        status = 404;
        for (int i = 0; i < 10; i++) {
            assertThat(ask(tools, "{\"article\":\"A-1\"}").status()).isEqualTo("404");
        }
        status = 503;
        String last = "";
        for (int i = 0; i < 25 && !last.equals("left alone"); i++) {
            last = ask(tools, "{\"article\":\"A-1\"}").status();
        }
        assertThat(last).isEqualTo("left alone");
        int before = asked.size();
        ask(tools, "{\"article\":\"A-1\"}");
        assertThat(asked).hasSize(before);
    }

    @Test
    void withoutLeaveNothingInOurOwnNetworkIsAsked() {
        Told told = ask(
                tools(
                        "url", url("/articles/{article}"),
                        "fields.article.description", "its number",
                        "allow-private", "false"),
                "{\"article\":\"A-1\"}");

        assertThat(told.status()).isEqualTo("refused address");
        assertThat(told.text()).contains("loopback");
        assertThat(asked).isEmpty();
    }

    @Test
    void aToolThatIsToldWhoseTicketItIsIsNotThereForStrangers() {
        OwnTools tools = tools("url", url("/mine"), "fixed.mail", "customer-email");

        assertThat(tools.of("shop", true, code -> true))
                .extracting(OwnTool::code)
                .containsExactly("http_stock");
        assertThat(tools.of("shop", false, code -> true)).isEmpty();
        assertThat(tools.of("another", true, code -> true)).isEmpty();
        assertThat(tools.codes("shop")).containsExactly("http_stock");
        assertThat(tools.codes("another")).isEmpty();

        Told told = ask(tools, "{}", ticket(false));
        assertThat(told.status()).isEqualTo("refused");
        assertThat(asked).isEmpty();
    }

    private OwnTools articles() {
        return tools("url", url("/articles/{article}"), "fields.article.description", "its number");
    }

    private OwnTools tools(String... pairs) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("description", "Tells the stock.");
        all.put("timeout", "7s"); // longer than a machine halts
        all.put("allow-private", "true");
        all.put("allow-http", "true");
        for (int i = 0; i < pairs.length; i += 2) {
            all.put(pairs[i], pairs[i + 1]);
        }
        Map<String, String> named = new LinkedHashMap<>();
        all.forEach((name, value) -> named.put("http.shop.stock." + name, value));
        return new OwnTools(Configured.by(named), http, new SimpleMeterRegistry(), Clock.systemUTC());
    }

    private String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    private Told ask(OwnTools tools, String arguments) {
        return ask(tools, arguments, ticket);
    }

    private static Told ask(OwnTools tools, String arguments, TicketReceived ticket) {
        Call call = new Toolbox(Set.of(), tools.of("shop", true, code -> true))
                .read(ToolExecutionRequest.builder()
                        .id("1")
                        .name("http_stock")
                        .arguments(arguments)
                        .build());
        assertThat(call).isInstanceOf(Call.Ask.class);
        return tools.ask("shop", ticket, (Call.Ask) call);
    }

    static TicketReceived ticket(boolean verified) {
        return new TicketReceived(
                UUID.randomUUID(),
                "api",
                "A question",
                "Is it there?",
                new Customer(UUID.randomUUID(), "mary.major@example.org", verified),
                null,
                null,
                Map.of());
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("Authorization") + " "
                    + exchange.getRequestHeaders().getFirst("X-Version") + " "
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            if (type.equals("slow")) {
                closing.await();
            }
            if (!type.isEmpty()) {
                exchange.getResponseHeaders().add("Content-Type", type);
            }
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
