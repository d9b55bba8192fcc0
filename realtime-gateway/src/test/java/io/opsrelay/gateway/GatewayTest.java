package io.opsrelay.gateway;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import io.opsrelay.contracts.Topics;
import io.opsrelay.gateway.feed.Feed;
import io.opsrelay.testing.OpsRelayTest;
import io.opsrelay.testing.TestKafka;
import io.opsrelay.testing.TestServices;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A running gateway with real Kafka behind it, services that are played, and ways to talk to it. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
// Who has connected may halt before it says who it is. Tests of that time have their own.
@TestPropertySource(properties = GatewayTest.TIME_FOR_THE_TOKEN)
@OpsRelayTest
public abstract class GatewayTest {

    static final String TIME_FOR_THE_TOKEN = "opsrelay.stream.auth-timeout=60s";

    protected static final int PARTITIONS = 3;
    protected static final JsonMapper JSON = JsonMapper.shared();

    protected static final Map<String, WireMockServer> SERVICES = Map.of(
            "ingestion-service", service(),
            "agent-service", service(),
            "approval-service", service(),
            "action-engine", service());

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @LocalServerPort
    protected int port;

    @Autowired
    protected TestKafka kafka;

    @Autowired
    protected Feed feed;

    @Autowired
    private Environment environment;

    @DynamicPropertySource
    static void services(DynamicPropertyRegistry registry) {
        // As the launcher tells them, so that a test's own properties win.
        SERVICES.forEach((name, server) -> registry.add(
                "OPSRELAY_" + name.substring(0, name.indexOf('-')).toUpperCase(Locale.ROOT) + "_URL", server::baseUrl));
    }

    @BeforeEach
    void warmFeed() {
        kafka.createTopics(PARTITIONS, Topics.FEED, Topics.FEED + Topics.DEAD_LETTER_SUFFIX);
        Awaitility.await().until(feed::warm);
        SERVICES.values().forEach(WireMockServer::resetAll);
    }

    /**
     * Starts one more gateway for the same feed, keys and services, at a port of its own unless told otherwise. It has
     * event loops of its own, as in a process of its own: one that ends stops its loops.
     */
    protected final ConfigurableApplicationContext startGateway(String... properties) {
        Stream<String> common = Stream.of(
                "--server.port=0",
                "--opsrelay.topic-prefix=" + kafka.prefix(),
                "--opsrelay.stream.drain=300ms",
                "--" + TIME_FOR_THE_TOKEN,
                "--opsrelay.stream.redis=" + TestServices.get().redis(),
                "--OPSRELAY_INGESTION_URL=" + SERVICES.get("ingestion-service").baseUrl(),
                "--opsrelay.feed.bootstrap-servers=" + TestServices.get().kafka(),
                "--opsrelay.token.jwks=" + environment.getProperty("opsrelay.token.jwks"));
        return new SpringApplicationBuilder(GatewayApplication.class)
                .initializers(context -> ((GenericApplicationContext) context)
                        .registerBean(ReactorResourceFactory.class, GatewayTest::ownResources))
                // The last value of an argument that is given twice does not win: so the test's own come alone.
                .run(Stream.concat(common.filter(argument -> isNew(argument, properties)), Stream.of(properties))
                        .toArray(String[]::new));
    }

    private static boolean isNew(String argument, String... properties) {
        String name = argument.substring(0, argument.indexOf('=') + 1);
        return Stream.of(properties).noneMatch(property -> property.startsWith(name));
    }

    private static ReactorResourceFactory ownResources() {
        ReactorResourceFactory resources = new ReactorResourceFactory();
        resources.setUseGlobalResources(false);
        return resources;
    }

    protected static int portOf(ConfigurableApplicationContext gateway) {
        return Integer.parseInt(Objects.requireNonNull(gateway.getEnvironment().getProperty("local.server.port")));
    }

    protected final TestFeed feedWriter() {
        return new TestFeed(kafka);
    }

    protected final URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    protected final HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(60));
    }

    protected static HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    protected final HttpResponse<String> get(String path, String... headers) {
        HttpRequest.Builder request = request(path).GET();
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    protected final HttpResponse<String> post(String path, String json, String... headers) {
        HttpRequest.Builder request = request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json));
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    protected static JsonNode json(HttpResponse<String> response) {
        return JSON.readTree(response.body());
    }

    private static WireMockServer service() {
        WireMockServer server = new WireMockServer(WireMockConfiguration.options()
                .dynamicPort()
                .bindAddress("127.0.0.1")
                .containerThreads(8));
        server.start();
        return server;
    }
}
