package io.opsrelay.agent.owntool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.internal.JsonSchemaElementUtils;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opsrelay.agent.owntool.FakeMcpServer.Reply;
import io.opsrelay.agent.tool.Call;
import io.opsrelay.agent.tool.OwnTool;
import io.opsrelay.agent.tool.Toolbox;
import io.opsrelay.contracts.TicketEvent.TicketReceived;
import io.opsrelay.security.outbound.GuardedHttp;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The real client against a server that insists on the protocol. */
@Timeout(120)
class McpServerTest {

    private static final String ROUTES_SCHEMA = """
            {"type":"object","properties":{"to":{"type":"string"},"customer_email":{"type":"string"},
             "via":{"$ref":"#/definitions/place"}},"required":["to","customer_email"],
             "definitions":{"place":{"type":"string","description":"a\\u202e place"}}}""";

    private final FakeMcpServer server = new FakeMcpServer();
    private final GuardedHttp http = new GuardedHttp();
    private final MovingClock clock = new MovingClock();
    private final TicketReceived ticket = HttpToolTest.ticket(true);

    @BeforeEach
    void toolsOfTheServer() {
        server.tool("unknown", "Is not asked for.", "{\"type\":\"object\"}", "")
                .tool("other", "Neither.", "{\"type\":\"object\"}", "")
                .tool(
                        "getRoutes",
                        "Finds\nroutes. \u200b" + "x".repeat(5_000),
                        ROUTES_SCHEMA,
                        "{\"readOnlyHint\":true}")
                .tool("drop", "Deletes all.", "{\"type\":\"object\"}", "{\"destructiveHint\":true}")
                .tool("book", "Books.", "{\"type\":\"object\"}", "{\"readOnlyHint\":false,\"destructiveHint\":false}");
        server.answers(params ->
                Reply.text("12 km to " + params.path("arguments").path("to").asString()));
    }

    @AfterEach
    void close() throws IOException {
        server.close();
        http.close();
    }

    @Test
    void whatIsAllowedAndOnlyReadsIsOfferedFromAllPages() {
        OwnTools tools = tools("tools[1]", "drop", "tools[2]", "book", "tools[3]", "gone");

        assertThat(tools.of("shop", true, code -> true))
                .extracting(OwnTool::code)
                .containsExactly("mcp_maps_get_routes");
        assertThat(tools.known("shop"))
                .extracting(known -> known.code() + ": " + known.trouble().orElse("fine"))
                .containsExactly(
                        "mcp_maps_get_routes: fine",
                        "mcp_maps_drop: it says that it is destructive, and tools may only look something up",
                        "mcp_maps_book: it says that it does not only read, and tools may only look something up",
                        "mcp_maps_gone: the server has no such tool");
        assertThat(server.received("tools/list")).hasSize(3);
    }

    @Test
    void whatAServerSaysOfItsToolsIsBoundedAndRefersToNothingElse() {
        OwnTool routes = tools("fixed.customer_email", "customer-email")
                .of("shop", true, code -> true)
                .getFirst();

        assertThat(routes.description())
                .startsWith(
                        "A tool of the company's server maps, which looks something up. By its own words: Finds routes. x")
                .hasSizeLessThan(800);
        assertThat(JsonMapper.shared()
                        .writeValueAsString(
                                JsonSchemaElementUtils.toMap(routes.arguments().schema())))
                .isEqualTo(
                        "{\"type\":\"object\",\"properties\":{\"to\":{\"type\":\"string\"},\"via\":{\"$ref\":\"#/$defs/place\"}},"
                                + "\"required\":[\"to\"],"
                                + "\"$defs\":{\"place\":{\"type\":\"string\",\"description\":\"a place\"}}}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{\"type\":\"string\"}",
                "{\"type\":\"object\",\"properties\":{\"a b\":{}}}",
                "{\"type\":\"object\",\"properties\":{\"a\":{\"$ref\":\"https://evil.example/x\"}}}",
                "HUGE"
            })
    void aToolWithASchemaThatCannotBeToldIsLeftOut(String schema) {
        String text = schema.equals("HUGE")
                ? "{\"type\":\"object\",\"properties\":{\"a\":{\"description\":\"" + "x".repeat(10_000) + "\"}}}"
                : schema;
        server.tool("odd", "Odd.", text, "");

        assertThat(tools("tools[1]", "odd").of("shop", true, code -> true))
                .extracting(OwnTool::code)
                .containsExactly("mcp_maps_get_routes");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aToolIsAskedInASessionAndByWhatTheTicketSays(boolean streams) {
        server.streams(streams);
        OwnTools tools = tools("fixed.customer_email", "customer-email", "authorization", "Bearer key");

        assertThat(ask(tools, "{\"to\":\"Ulm\",\"customer_email\":\"other@shop.example\"}")
                        .text())
                .isEqualTo("12 km to Ulm");
        assertThat(ask(tools, "{\"to\":\"Bonn\"}").text()).isEqualTo("12 km to Bonn");

        JsonNode call = server.received("tools/call").getFirst().path("params");
        assertThat(call.toString())
                .isEqualTo(
                        "{\"name\":\"getRoutes\",\"arguments\":{\"to\":\"Ulm\",\"customer_email\":\"mary.major@example.org\"}}");
        assertThat(server.received("initialize")).hasSize(1);
        assertThat(server.received("notifications/initialized")).hasSize(1);
        assertThat(server.authorizations()).containsOnly("Bearer key");
        assertThat(server.pingsAnswered()).isEqualTo(streams ? 2 : 0);
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 400})
    void aServerThatHasForgottenTheSessionGetsANewOne(int status) {
        OwnTools tools = tools();
        ask(tools, "{\"to\":\"Ulm\",\"customer_email\":\"x\"}");
        server.forgotten(status);
        server.forgetSessions();

        assertThat(ask(tools, "{\"to\":\"Bonn\",\"customer_email\":\"x\"}").text())
                .isEqualTo("12 km to Bonn");
        assertThat(server.received("initialize")).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"404, does not keep its own sessions", "400, answered 400"})
    void aServerThatDisownsANewSessionIsInTroubleAndEndsNoRun(int status, String reason) {
        server.disowns(status);
        OwnTools tools = tools();

        assertThat(tools.of("shop", true, code -> true)).isEmpty();
        assertThat(tools.known("shop").getFirst().trouble()).contains("the MCP server maps " + reason);
        server.disowns(0);
        clock.move(Duration.ofMinutes(1));
        tools.of("shop", true, code -> true);
        server.forgetSessions();
        server.disowns(status);
        Told told = ask(tools, "{\"to\":\"Ulm\",\"customer_email\":\"x\"}");
        assertThat(told.kind()).isEqualTo(Told.Kind.FAILED);
        assertThat(told.text()).isEqualTo("it " + reason);
    }

    @Test
    void whateverElseGoesWrongIsTroubleOfTheServerToo() throws IOException {
        OwnTools tools = tools();
        http.close();

        assertThat(tools.of("shop", true, code -> true)).isEmpty();
        assertThat(tools.known("shop").getFirst().trouble()).contains("the MCP server maps could not be asked");
    }

    @ParameterizedTest
    @CsvSource({"false", "true"})
    void errorsAndComplaintsAreTheServersWordsAndNoFacts(boolean streams) {
        server.streams(streams);
        OwnTools tools = tools();
        server.answers(params -> Reply.error(-32602, "no such\nplace"));
        Told error = ask(tools, "{\"to\":\"Ulm\",\"customer_email\":\"x\"}");
        server.answers(params -> Reply.isError("the map is away"));
        Told complaint = ask(tools, "{\"to\":\"Ulm\",\"customer_email\":\"x\"}");

        assertThat(error.kind()).isEqualTo(Told.Kind.DECLINED);
        assertThat(error.status()).isEqualTo("error -32602");
        assertThat(error.text()).isEqualTo("no such place");
        assertThat(complaint.kind()).isEqualTo(Told.Kind.DECLINED);
        assertThat(complaint.text()).isEqualTo("the map is away");
    }

    @ParameterizedTest
    @CsvSource({
        "silence, false, timed out",
        "silence, true, timed out",
        "huge, false, too long",
        "huge, true, too long",
        "broken, false, broken off",
        "broken, true, no answer"
    })
    void aServerInTroubleIsBounded(String trouble, boolean streams, String status) {
        OwnTools tools = tools();
        tools.of("shop", true, code -> true);
        server.streams(streams);
        server.answers(params -> switch (trouble) {
            case "silence" -> new Reply.Silence();
            case "broken" -> new Reply.Broken();
            default -> Reply.text("x".repeat(400_000));
        });

        Told told = ask(tools, "{\"to\":\"Ulm\",\"customer_email\":\"x\"}");

        assertThat(told.kind()).isEqualTo(Told.Kind.FAILED);
        assertThat(told.status()).isEqualTo(status);
        assertThat(told.millis()).isLessThan(30_000);
    }

    @Test
    void serversAreAskedSideBySide() {
        FakeMcpServer other = new FakeMcpServer();
        try (other) {
            other.tool("find", "Finds.", "{\"type\":\"object\"}", "");
            CyclicBarrier both = new CyclicBarrier(2);
            server.forgetTools();
            server.tool("getRoutes", "Finds routes.", ROUTES_SCHEMA, "").meets(both);
            other.meets(both);
            Map<String, String> named = named("maps", server.url());
            named.putAll(named("finder", other.url()));
            named.put("mcp.shop.finder.tools[0]", "find");

            OwnTools tools = new OwnTools(Configured.by(named), http, new SimpleMeterRegistry(), clock);

            assertThat(tools.of("shop", true, code -> true))
                    .extracting(OwnTool::code)
                    .containsExactlyInAnyOrder("mcp_maps_get_routes", "mcp_finder_find");
        }
    }

    @Test
    void allPagesTogetherHaveTheTimeOfOneAnswer() {
        server.tool("more", "More.", "{\"type\":\"object\"}", "")
                .tool("most", "Most.", "{\"type\":\"object\"}", "")
                .takesPerPage(Duration.ofSeconds(3));

        OwnTools tools = tools();

        assertThat(tools.known("shop").getFirst().trouble().orElseThrow()).contains("did not answer within");
    }

    @Test
    void aServerHasNoMoreTimeForItsToolsThanAllTogether() {
        server.takesPerPage(Duration.ofMinutes(1));
        Map<String, String> named = named("maps", server.url());
        named.put("mcp.shop.maps.timeout", "50s");
        named.put("together", "300ms");

        OwnTools tools = new OwnTools(Configured.by(named), http, new SimpleMeterRegistry(), clock);

        assertThat(tools.known("shop").getFirst().trouble().orElseThrow()).contains("did not answer within");
    }

    @Test
    void aServerOfWhichNothingMayBeUsedIsNotAsked() {
        assertThat(tools().of("shop", true, code -> false)).isEmpty();
        assertThat(tools("fixed.customer_email", "customer-email").of("shop", false, code -> true))
                .isEmpty();

        assertThat(server.received("initialize")).isEmpty();
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void whatAServerWroteIsInNoReasonAndInNoLog(CapturedOutput output) {
        server.lists("{\"stolen\": secretword}");
        OwnTools tools = tools();

        assertThat(tools.known("shop").getFirst().trouble()).contains("the MCP server maps answered with broken JSON");
        assertThat(output.getAll()).contains("answered with broken JSON").doesNotContain("secretword", "stolen");
    }

    @Test
    void aListHoldsForAWhileAndOutlivesAServerThatIsAway() {
        OwnTools tools = tools();
        tools.of("shop", true, code -> true);
        tools.of("shop", true, code -> true);
        int once = server.received("tools/list").size();
        server.down(true);
        clock.move(Duration.ofMinutes(6));

        assertThat(tools.of("shop", true, code -> true)).hasSize(1);
        assertThat(tools.known("shop").getFirst().trouble()).isEmpty();
        assertThat(server.received("tools/list")).hasSizeGreaterThan(once);
        server.down(false);
        server.forgetTools();
        clock.move(Duration.ofMinutes(1));
        assertThat(tools.of("shop", true, code -> true)).isEmpty();
        assertThat(server.received("initialize")).hasSize(1);
    }

    @Test
    void aServerThatIsAwayFromTheBeginningHasNoToolsUntilItIsBack() {
        server.down(true);
        OwnTools tools = tools();

        assertThat(tools.of("shop", true, code -> true)).isEmpty();
        assertThat(tools.known("shop").getFirst().trouble()).contains("the MCP server maps answered 503");
        assertThat(tools.codes("shop")).containsExactly("mcp_maps_get_routes");
        server.down(false);
        clock.move(Duration.ofMinutes(1));
        assertThat(tools.of("shop", true, code -> true)).hasSize(1);
    }

    @Test
    void aServerThatSpeaksAnotherVersionIsNotUsed() {
        server.speaks("1999-01-01");

        OwnTools tools = tools();

        assertThat(tools.of("shop", true, code -> true)).isEmpty();
        assertThat(tools.known("shop").getFirst().trouble())
                .contains("the MCP server maps speaks another version of MCP");
    }

    @Test
    void aServerInOurOwnNetworkIsNotSpokenToWithoutLeave() {
        OwnTools tools = tools("allow-private", "false");

        assertThat(tools.of("shop", true, code -> true)).isEmpty();
        assertThat(tools.known("shop").getFirst().trouble().orElseThrow()).contains("loopback");
        assertThat(server.received("initialize")).isEmpty();
    }

    @Test
    void aToolThatIsToldWhoseTicketItIsIsNotThereForStrangers() {
        assertThat(tools("fixed.customer_email", "customer-email").of("shop", false, code -> true))
                .isEmpty();
        assertThat(tools("fixed.unused", "customer-email").of("shop", false, code -> true))
                .isEmpty();
        assertThat(tools("fixed.to", "ticket-id").of("shop", false, code -> true))
                .hasSize(1);
    }

    @Test
    void aToolWithoutAnArgumentThatIsToBeFilledFromTheTicketIsNotOffered() {
        OwnTools tools = tools("fixed.customer_email", "customer-email", "tools[1]", "other");

        assertThat(tools.of("shop", true, code -> true))
                .extracting(OwnTool::code)
                .containsExactly("mcp_maps_get_routes");
        assertThat(tools.known("shop").getLast().trouble())
                .contains("it has no argument customer_email, which is to be filled from the ticket");
        assertThat(tools("fixed.mail", "customer-email").of("shop", true, code -> true))
                .isEmpty();
    }

    @Test
    void aToolIsNotToldWhoseTicketItIsWhereNobodyKnows() {
        OwnTools tools = tools("fixed.customer_email", "customer-email");

        Told told = ask(tools, "{\"to\":\"Ulm\"}", HttpToolTest.ticket(false));

        assertThat(told.kind()).isEqualTo(Told.Kind.FAILED);
        assertThat(told.status()).isEqualTo("refused");
        assertThat(server.received("tools/call")).isEmpty();
    }

    private OwnTools tools(String... pairs) {
        Map<String, String> named = named("maps", server.url());
        for (int i = 0; i < pairs.length; i += 2) {
            named.put("mcp.shop.maps." + pairs[i], pairs[i + 1]);
        }
        return new OwnTools(Configured.by(named), http, new SimpleMeterRegistry(), clock);
    }

    private static Map<String, String> named(String server, String url) {
        Map<String, String> named = new LinkedHashMap<>();
        String prefix = "mcp.shop." + server + ".";
        named.put(prefix + "url", url);
        named.put(prefix + "timeout", "7s");
        named.put(prefix + "allow-private", "true");
        named.put(prefix + "allow-http", "true");
        named.put(prefix + "tools[0]", "getRoutes");
        return named;
    }

    private Told ask(OwnTools tools, String arguments) {
        return ask(tools, arguments, ticket);
    }

    private static Told ask(OwnTools tools, String arguments, TicketReceived ticket) {
        List<OwnTool> offered = tools.of("shop", true, code -> true);
        Call call = new Toolbox(Set.of(), offered)
                .read(ToolExecutionRequest.builder()
                        .id("1")
                        .name("mcp_maps_get_routes")
                        .arguments(arguments)
                        .build());
        assertThat(call).isInstanceOf(Call.Ask.class);
        return tools.ask("shop", ticket, (Call.Ask) call);
    }

    /** A clock that a test moves. */
    private static final class MovingClock extends Clock {

        private volatile Instant now = Instant.parse("2026-11-26T10:00:00Z");

        void move(Duration by) {
            now = now.plus(by);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
