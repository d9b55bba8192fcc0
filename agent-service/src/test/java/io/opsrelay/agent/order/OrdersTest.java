package io.opsrelay.agent.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.opsrelay.contracts.TicketEvent.Customer;
import io.opsrelay.security.Role;
import io.opsrelay.testing.OpsRelayTest;
import io.opsrelay.testing.TestTokens;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.http.MediaType;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

/** Orders that clients load, and those of a client with an order system of its own. */
@OpsRelayTest(service = "agent")
@SpringBootTest(
        properties = {
            "opsrelay.orders.systems.shop.authorization=Bearer key",
            "opsrelay.orders.systems.shop.timeout=7s",
            "opsrelay.orders.systems.shop.allow-private=true",
            "opsrelay.orders.systems.shop.allow-http=true",
            "opsrelay.orders.systems.guarded.allow-http=true",
            "opsrelay.orders.systems.shop.mapping.order_id=/order/number",
            "opsrelay.orders.systems.shop.mapping.customer_email=/order/buyer/mail",
            "opsrelay.orders.systems.shop.mapping.status=/order/state",
        })
@AutoConfigureMockMvc
class OrdersTest {

    private static final CountDownLatch CLOSING = new CountDownLatch(1);
    private static final List<String> ASKED = new CopyOnWriteArrayList<>();
    private static final HttpServer SHOP = shop();

    @Autowired
    private MockMvcTester http;

    @Autowired
    private Orders orders;

    private final String client = "c" + UUID.randomUUID().toString().substring(0, 8);

    @DynamicPropertySource
    static void shop(DynamicPropertyRegistry registry) {
        registry.add(
                "opsrelay.orders.systems.shop.url",
                () -> "http://127.0.0.1:" + SHOP.getAddress().getPort() + "/orders/{order_id}");
        registry.add(
                "opsrelay.orders.systems.guarded.url",
                () -> "http://127.0.0.1:" + SHOP.getAddress().getPort() + "/guarded/{order_id}");
    }

    @AfterAll
    static void close() {
        CLOSING.countDown();
        SHOP.stop(0);
    }

    @Test
    void aCustomerLearnsOfAnOrderOfTheirsAndNobodyElseDoes() {
        put("""
                [{"order_id": "A-1", "customer_email": "Mary@Example.org", "status": "shipped", "total": 25.00,
                  "currency": "EUR", "items": "one lamp", "tracking": "T-9", "placed_at": "2026-11-20T10:00:00Z"}]""");

        assertThat(orders.told(client, "A-1", customer("mary@example.org", true)))
                .isEqualTo("order A-1; status shipped; total 25.0000 EUR; items one lamp; tracking T-9; placed at"
                        + " 2026-11-20T10:00:00Z");
        assertThat(orders.told(client, "A-1", customer("mallory@example.org", true)))
                .isEqualTo("this customer has no such order");
        assertThat(orders.told(client, "A-1", customer("mary@example.org", false)))
                .isEqualTo("this customer has no such order");
        assertThat(orders.told("another-" + client, "A-1", customer("mary@example.org", true)))
                .isEqualTo("this customer has no such order");
    }

    @Test
    void whatIsLoadedAgainReplacesWhatWasThere() {
        put("[{\"order_id\":\"A-1\",\"customer_email\":\"m@example.org\",\"status\":\"paid\"}]");
        put("[{\"order_id\":\"A-1\",\"customer_email\":\"m@example.org\",\"status\":\"shipped\"}]");

        assertThat(get("A-1")).hasStatusOk().bodyJson().extractingPath("status").isEqualTo("shipped");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[] | body",
                "{} | body",
                "[{\"order_id\":\"A-2\",\"customer_email\":\"m@example.org\",\"status\":\"x\"},{\"order_id\":\"A-3\",\"customer_email\":\"nobody\",\"status\":\"x\"}] | [1].customer_email",
                "[{\"order_id\":\"A-2\",\"customer_email\":\"m@example.org\"}] | [0].status",
                "[{\"order_id\":\"A-2\",\"customer_email\":\"m@example.org\",\"status\":\"x\",\"currency\":\"euro\"}] | [0].currency",
                "[{\"order_id\":\"A-2\",\"customer_email\":\"m@example.org\",\"status\":\"x\",\"colour\":\"red\"}] | [0]",
                "[{\"order_id\":\"A-2\",\"customer_email\":\"m@example.org\",\"status\":\"x\"},{\"order_id\":\"A-2\",\"customer_email\":\"m@example.org\",\"status\":\"y\"}] | [1].order_id"
            })
    void ordersThatCannotBeChangeNothingAndNameTheField(String body, String field) {
        assertThat(answer(body, Role.INGEST)).hasStatus(400).bodyText().contains(field);
        assertThat(get("A-2")).hasStatus(404);
    }

    @Test
    void onlyMachinesAndAdministratorsLoadOrders() {
        assertThat(answer("[{\"order_id\":\"A-1\",\"customer_email\":\"m@example.org\",\"status\":\"x\"}]", Role.AGENT))
                .hasStatus(403);
    }

    @Test
    void aClientWithAnOrderSystemIsServedByIt() {
        assertThat(orders.told("shop", "S 1", customer("mary@example.org", true)))
                .isEqualTo("order S-1; status on its way");
        assertThat(ASKED).contains("/orders/S%201 Bearer key");
        assertThat(orders.told("shop", "none", customer("mary@example.org", true)))
                .isEqualTo("this customer has no such order");
    }

    @ParameterizedTest
    @CsvSource({"broken,answered 500", "slow,within 7000 ms", "odd,not as it was configured", "huge,"})
    void anOrderSystemInTroubleIsToldApartFromAnOrderThatIsNotThere(String order, String reason) {
        assertThat(orders.told("shop", order, customer("mary@example.org", true)))
                .startsWith("orders cannot be looked up now")
                .contains(reason == null ? "" : reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", ".", "../admin", "S/../admin", "S/.", "S?x=1", "S&x", "%2e%2e", "S\\x", "", "\n"})
    void noOrderLeadsElsewhereInTheOrderSystem(String order) {
        int before = ASKED.size();

        assertThat(orders.told("shop", order, customer("mary@example.org", true)))
                .isEqualTo("this customer has no such order");

        assertThat(ASKED).hasSize(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"#1001", "2026/1001", "A-1.2", "Ä_7"})
    void ordersAreAskedForAsTheyAreNamed(String order) {
        orders.told("shop", order, customer("mary@example.org", true));

        assertThat(ASKED).contains("/orders/" + URLEncoder.encode(order, StandardCharsets.UTF_8) + " Bearer key");
    }

    @Test
    void anOrderSystemInOurOwnNetworkIsAskedOnlyIfThatIsAllowed() {
        assertThat(orders.told("guarded", "S-1", customer("mary@example.org", true)))
                .startsWith("orders cannot be looked up now")
                .contains("not allowed");
        assertThat(ASKED).noneMatch(asked -> asked.contains("guarded"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://shop.example/{order_id} | https",
                "https://shop.example/orders | {order_id}",
                "https://{order_id}.shop.example/ | behind its host",
                "ftp://shop.example/{order_id} | https"
            })
    void anOrderSystemThatCannotBeAskedStopsTheStart(String url, String reason) {
        assertThatThrownBy(() -> new OrderProperties.Server(url, null, Duration.ofSeconds(1), false, false, Map.of()))
                .hasMessageContaining(reason);
    }

    private static HttpServer shop() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
            server.createContext("/", exchange -> {
                try (exchange) {
                    String path = exchange.getRequestURI().getRawPath();
                    ASKED.add(path + " " + exchange.getRequestHeaders().getFirst("Authorization"));
                    String body =
                            switch (path) {
                                case "/orders/S%201" ->
                                    "{\"order\":{\"number\":\"S-1\",\"state\":\"on its way\",\"buyer\":{\"mail\":\"mary@example.org\"}}}";
                                case "/orders/odd" -> "[1,2,3]";
                                case "/orders/huge" -> " ".repeat(2_000_000);
                                default -> "";
                            };
                    if (path.endsWith("slow")) {
                        exchange.sendResponseHeaders(200, 0);
                        CLOSING.await(); // never an end of it
                        return;
                    }
                    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
                    int status = path.endsWith("broken") ? 500 : bytes.length == 0 ? 404 : 200;
                    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
                    exchange.getResponseBody().write(bytes);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.start();
            return server;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static Customer customer(String email, boolean verified) {
        return new Customer(UUID.randomUUID(), email, verified);
    }

    private void put(String body) {
        assertThat(answer(body, Role.ADMIN)).hasStatusOk();
    }

    private MvcTestResult answer(String body, Role role) {
        return http.put()
                .uri("/api/v1/agent/orders")
                .header("Authorization", TestTokens.bearer(client, "someone@" + client + ".example", role))
                .contentType(MediaType.APPLICATION_JSON)
                .content(body)
                .exchange();
    }

    private MvcTestResult get(String order) {
        return http.get()
                .uri("/api/v1/agent/orders/" + order)
                .header("Authorization", TestTokens.bearer(client, "v@" + client + ".example", Role.VIEWER))
                .exchange();
    }
}
