package io.opsrelay.gateway.stream;

import static io.opsrelay.gateway.TestSocket.type;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opsrelay.contracts.Headers;
import io.opsrelay.contracts.Topics;
import io.opsrelay.gateway.GatewayTest;
import io.opsrelay.gateway.TestFeed;
import io.opsrelay.gateway.TestSocket;
import io.opsrelay.security.Role;
import io.opsrelay.testing.TestKafka;
import io.opsrelay.testing.TestTokens;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class StreamTest extends GatewayTest {

    private final String acme = "acme-" + UUID.randomUUID().toString().substring(0, 8);
    private final String globex = "globex-" + UUID.randomUUID().toString().substring(0, 8);

    @Test
    void theFirstFrameBringsTheTokenAndIsAnsweredWithWhoOneIs() {
        try (TestSocket socket = TestSocket.connect(port, "/api/v1/stream")) {
            socket.send(auth(token(acme, Role.VIEWER)));

            JsonNode data = socket.await("auth_success").get("data");
            assertThat(data.get("client_id").asString()).isEqualTo(acme);
            assertThat(data.get("user").asString()).isEqualTo("viewer@" + acme);
            assertThat(data.get("roles").toString()).isEqualTo("[\"viewer\"]");
            assertThat(data.get("heartbeat_seconds").asInt()).isEqualTo(30);
            assertThat(data.get("connection_id").asString()).isNotBlank();
            assertThat(data.get("expires_at").asString()).endsWith("Z");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/stream", "/ws", "/api/v1/admin/chat-dashboard/ws"})
    void eachPathTakesATokenFromTheUpgradeToo(String path) {
        try (TestSocket socket = TestSocket.connect(port, path, "Authorization", "Bearer " + token(acme, Role.ADMIN))) {
            assertThat(socket.await("auth_success").at("/data/client_id").asString())
                    .isEqualTo(acme);
        }
    }

    @Test
    void aBadTokenOnTheUpgradeIsRefusedBeforeIt() {
        assertThatThrownBy(() -> TestSocket.connect(port, "/ws", "Authorization", "Bearer nonsense"))
                .hasMessageContaining("401");
    }

    @Test
    void aBadTokenInTheFirstFrameEndsTheConnection() {
        try (TestSocket socket = TestSocket.connect(port, "/ws")) {
            socket.send(auth("nonsense"));

            assertThat(socket.awaitError()).isEqualTo("invalid_token");
            assertThat(socket.awaitClose()).isEqualTo(4001);
        }
    }

    @Test
    void nothingIsToldBeforeTheTokenCame() {
        try (TestSocket socket = TestSocket.connect(port, "/ws")) {
            socket.send("{\"type\":\"subscribe\",\"data\":{\"channel\":\"tickets\"}}");

            assertThat(socket.awaitError()).isEqualTo("unauthenticated");
            socket.send(auth(token(acme, Role.VIEWER)));
            socket.await("auth_success");
        }
    }

    @Test
    void aSecondAuthIsAnErrorAndTheConnectionStays() {
        try (TestSocket socket = viewer(acme)) {
            socket.send(auth(token(acme, Role.ADMIN)));

            assertThat(socket.awaitError()).isEqualTo("already_authenticated");
            socket.settle();
        }
    }

    @Test
    void frameAfterFrameArrivesInOrderWithOffsetAndPrev() {
        try (TestSocket socket = viewer(acme)) {
            JsonNode subscribed = socket.subscribe("tickets");
            send(acme, "tickets", "ticket_received", "t-1", "{\"ticket_id\":\"t-1\",\"n\":1}");
            send(acme, "approvals", "approval_requested", "a-1", "{}");
            send(acme, "tickets", "ticket_classified", "t-1", "{\"ticket_id\":\"t-1\",\"n\":2}");

            JsonNode first = socket.await("ticket_received");
            JsonNode second = socket.await("ticket_classified");
            assertThat(first.get("channel").asString()).isEqualTo("tickets");
            assertThat(first.get("epoch")).isEqualTo(subscribed.get("epoch"));
            assertThat(first.get("offset").asLong())
                    .isGreaterThan(subscribed.get("offset").asLong());
            assertThat(first.has("prev")).isFalse();
            assertThat(first.get("time").asString()).isEqualTo("2026-11-20T10:00:00.123Z");
            assertThat(first.get("key").asString()).isEqualTo("t-1");
            assertThat(first.at("/data/n").asInt()).isEqualTo(1);
            assertThat(second.get("prev").asLong())
                    .isEqualTo(first.get("offset").asLong());
            assertThat(socket.received()).noneMatch(frame -> type(frame).equals("approval_requested"));
        }
    }

    /** A relay that was killed before it could note what it had sent sends it again, under other offsets. */
    @Test
    void whatIsSentAgainIsShownOnce() {
        try (TestSocket socket = viewer(acme)) {
            socket.subscribe("tickets");
            Map<String, String> first = TestFeed.headers(acme, "tickets", "ticket_received", "t-1");
            Map<String, String> second = TestFeed.headers(acme, "tickets", "ticket_analyzing", "t-1");
            TestFeed feed = feedWriter();
            for (int delivery = 0; delivery < 2; delivery++) {
                feed.send(acme, "{\"n\":1}".getBytes(StandardCharsets.UTF_8), first);
                feed.send(acme, "{\"n\":2}".getBytes(StandardCharsets.UTF_8), second);
            }
            send(acme, "tickets", "ticket_resolved", "t-1", "{\"n\":3}");

            socket.await("ticket_received");
            JsonNode shown = socket.await("ticket_analyzing");
            assertThat(socket.await("ticket_resolved").get("prev").asLong())
                    .isEqualTo(shown.get("offset").asLong());
            assertThat(socket.received().stream().map(frame -> type(frame)).filter(type -> type.startsWith("ticket_")))
                    .containsExactly("ticket_received", "ticket_analyzing", "ticket_resolved");
        }
    }

    @Test
    void oneTicketsChannelShowsThatTicketAloneWithAChainOfItsOwn() {
        try (TestSocket socket = viewer(acme)) {
            socket.subscribe("ticket:t-1");
            socket.subscribe("tickets");
            send(acme, "tickets", "ticket_received", "t-1", "{\"n\":1}");
            send(acme, "tickets", "ticket_received", "t-2", "{\"n\":2}");
            send(acme, "tickets", "ticket_resolved", "t-1", "{\"n\":3}");
            socket.await("ticket_resolved");
            socket.settle();

            List<JsonNode> one = socket.received().stream()
                    .filter(frame -> frame.path("channel").asString("").equals("ticket:t-1"))
                    .toList();
            assertThat(one).hasSize(2);
            assertThat(one.get(1).get("prev").asLong())
                    .isEqualTo(one.get(0).get("offset").asLong());
            assertThat(one.get(1).at("/data/n").asInt()).isEqualTo(3);
            assertThat(socket.received())
                    .filteredOn(frame -> frame.path("channel").asString("").equals("tickets"))
                    .hasSize(3);
        }
    }

    @Test
    void framesForOnePersonReachThatPersonAlone() {
        try (TestSocket viewer = viewer(acme);
                TestSocket admin = TestSocket.authenticated(port, token(acme, Role.ADMIN))) {
            viewer.subscribe("me");
            admin.subscribe("me");
            send(acme, "me", "assigned", "admin@" + acme, "{}");

            assertThat(admin.await("assigned").get("channel").asString()).isEqualTo("me");
            assertThat(viewer.settle().received())
                    .noneMatch(frame -> type(frame).equals("assigned"));
        }
    }

    @Test
    void anotherClientsFramesNeverArrive() {
        try (TestSocket ofAcme = TestSocket.authenticated(port, token(acme, Role.ADMIN));
                TestSocket ofGlobex = TestSocket.authenticated(port, token(globex, Role.ADMIN))) {
            RoleChannels.ALL.forEach(ofAcme::subscribe);
            RoleChannels.ALL.forEach(ofGlobex::subscribe);
            for (String channel : RoleChannels.ALL) {
                String name = channel.startsWith("ticket:") ? "tickets" : channel;
                String key = channel.equals("me") ? "admin@" + acme : "t-1";
                send(acme, name, "of_acme", key, "{}");
            }
            send(globex, "tickets", "of_globex", "t-1", "{}");

            ofGlobex.await("of_globex");
            Awaitility.await().untilAsserted(() -> assertThat(ofAcme.received().stream()
                            .filter(frame -> type(frame).equals("of_acme"))
                            .map(frame -> frame.get("channel").asString())
                            .distinct())
                    .containsExactlyInAnyOrderElementsOf(RoleChannels.ALL));
            assertThat(ofGlobex.settle().received())
                    .noneMatch(frame -> type(frame).equals("of_acme"));
            assertThat(ofAcme.settle().received())
                    .noneMatch(frame -> type(frame).equals("of_globex"));
        }
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void eachRoleOpensItsChannelsAndNoOthers(Role role) {
        String client = role == Role.OPERATOR ? null : acme;
        String token = TestTokens.token(client, role.wireName() + "@x", role);
        for (String channel : RoleChannels.ALL) {
            try (TestSocket socket = TestSocket.authenticated(port, token)) {
                socket.send("{\"type\":\"subscribe\",\"id\":\"7\",\"data\":{\"channel\":\"" + channel + "\"}}");

                JsonNode answer = socket.await(frame -> frame.has("id"));
                assertThat(answer.get("id").asString()).isEqualTo("7");
                boolean expected = RoleChannels.opens(role, channel);
                assertThat(type(answer)).as(channel).isEqualTo(expected ? "subscribed" : "error");
                if (!expected) {
                    assertThat(answer.at("/data/code").asString()).isEqualTo("forbidden_channel");
                }
            }
        }
    }

    @Test
    void theChatDashboardGetsItsChannelsWithoutAsking() {
        try (TestSocket socket = TestSocket.connect(port, "/api/v1/admin/chat-dashboard/ws")) {
            socket.send(auth(token(acme, Role.AGENT)));
            socket.await("auth_success");
            for (String channel : List.of("sessions", "queue", "metrics", "agents", "messages")) {
                assertThat(socket.await("subscribed").at("/data/channel").asString())
                        .isEqualTo(channel);
            }
        }
    }

    @Test
    void anOlderClientsChannelBesideTheTypeIsUnderstood() {
        try (TestSocket socket = viewer(acme)) {
            socket.send("{\"type\":\"subscribe\",\"channel\":\"metrics\"}");

            JsonNode subscribed = socket.await("subscribed");
            assertThat(subscribed.has("id")).isFalse();
            assertThat(subscribed.at("/data/channel").asString()).isEqualTo("metrics");
        }
    }

    @Test
    void whatWasUnsubscribedStaysSilent() {
        try (TestSocket socket = viewer(acme)) {
            socket.subscribe("tickets");
            socket.subscribe("actions");
            socket.send("{\"type\":\"unsubscribe\",\"id\":\"2\",\"data\":{\"channel\":\"tickets\"}}");
            assertThat(socket.await("unsubscribed").get("id").asString()).isEqualTo("2");

            send(acme, "tickets", "ticket_received", "t-1", "{}");
            send(acme, "actions", "action_requested", "x-1", "{}");
            socket.await("action_requested");

            assertThat(socket.received()).noneMatch(frame -> type(frame).equals("ticket_received"));
            socket.send("{\"type\":\"unsubscribe\",\"data\":{\"channel\":\"tickets\"}}");
            assertThat(socket.awaitError()).isEqualTo("not_subscribed");
        }
    }

    @Test
    void whoResumesWithinMemoryGetsAllThatWasMissedAndThenWhatComes() {
        JsonNode last;
        try (TestSocket before = viewer(acme)) {
            before.subscribe("tickets");
            send(acme, "tickets", "ticket_received", "t-1", "{\"n\":0}");
            last = before.await("ticket_received");
        }
        for (int n = 1; n <= 20; n++) {
            send(acme, n % 2 == 0 ? "approvals" : "tickets", "numbered", "t-1", "{\"n\":" + n + "}");
        }
        try (TestSocket after = viewer(acme)) {
            JsonNode subscribed = after.subscribe(
                    "tickets", last.get("epoch").asString(), last.get("offset").asLong());
            assertThat(subscribed.get("recovered").asBoolean()).isTrue();
            send(acme, "tickets", "last", "t-1", "{\"n\":21}");
            after.await("last");

            List<JsonNode> tickets = after.received().stream()
                    .filter(frame -> frame.path("channel").asString("").equals("tickets"))
                    .toList();
            assertThat(tickets)
                    .extracting(frame -> frame.at("/data/n").asInt())
                    .containsExactly(1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21);
            long prev = last.get("offset").asLong();
            for (JsonNode frame : tickets) {
                assertThat(frame.get("prev").asLong()).isEqualTo(prev);
                prev = frame.get("offset").asLong();
            }
        }
    }

    @Test
    void aSecondChannelCatchesUpWhileTheFirstIsLive() {
        try (TestSocket socket = viewer(acme)) {
            JsonNode start = socket.subscribe("tickets");
            for (int n = 1; n <= 10; n++) {
                send(acme, n % 2 == 0 ? "approvals" : "tickets", "numbered", "k", "{\"n\":" + n + "}");
            }
            socket.await(frame -> frame.at("/data/n").asInt(0) == 9);

            JsonNode resumed = socket.subscribe(
                    "approvals",
                    start.get("epoch").asString(),
                    start.get("offset").asLong());
            send(acme, "approvals", "last", "k", "{\"n\":11}");
            socket.await("last");

            assertThat(resumed.get("recovered").asBoolean()).isTrue();
            assertThat(socket.received().stream()
                            .filter(frame -> frame.path("channel").asString("").equals("approvals"))
                            .map(frame -> frame.at("/data/n").asInt()))
                    .containsExactly(2, 4, 6, 8, 10, 11);
        }
    }

    @Test
    void aPositionOfOtherOffsetsIsToldToResync() {
        try (TestSocket socket = viewer(acme)) {
            JsonNode subscribed = socket.subscribe("tickets", "other", 3);

            assertThat(subscribed.get("recovered").asBoolean()).isFalse();
            JsonNode resync = socket.await("resync");
            assertThat(resync.get("channel").asString()).isEqualTo("tickets");
            assertThat(resync.at("/data/reason").asString()).isEqualTo("epoch");
            assertThat(resync.at("/data/snapshot").asString()).isEqualTo("/api/v1/tickets");
        }
    }

    @Test
    void aResyncOfOneTicketNamesThatTicket() {
        try (TestSocket socket = viewer(acme)) {
            socket.subscribe("ticket:t-9", "other", 3);

            assertThat(socket.await("resync").at("/data/snapshot").asString()).isEqualTo("/api/v1/tickets/t-9");
        }
    }

    @Test
    void aResyncOfWhatAiEmployeesDoNamesWhereThatIsRead() {
        try (TestSocket socket = viewer(acme)) {
            socket.subscribe("ai", "other", 3);

            assertThat(socket.await("resync").at("/data/snapshot").asString()).isEqualTo("/api/v1/ai/activities");
        }
    }

    @Test
    void aPositionAheadOfThisGatewayIsFine() {
        try (TestSocket socket = viewer(acme)) {
            JsonNode here = socket.subscribe("tickets");

            JsonNode ahead = socket.subscribe(
                    "tickets", here.get("epoch").asString(), here.get("offset").asLong() + 1000);
            assertThat(ahead.get("recovered").asBoolean()).isTrue();
        }
    }

    @Test
    void aClientsHeartbeatIsAnsweredWithThePositionUpToWhichAllWasSent() {
        try (TestSocket socket = viewer(acme)) {
            socket.subscribe("tickets");
            send(acme, "approvals", "approval_requested", "a-1", "{}");
            send(acme, "tickets", "ticket_received", "t-1", "{}");
            JsonNode frame = socket.await("ticket_received");

            socket.send("{\"type\":\"heartbeat\"}");
            JsonNode heartbeat = socket.await("heartbeat");
            assertThat(heartbeat.get("epoch").asString())
                    .isEqualTo(frame.get("epoch").asString());
            assertThat(heartbeat.get("offset").asLong())
                    .isEqualTo(frame.get("offset").asLong());
        }
    }

    @Test
    void aFreshTokenOfTheSameUserIsTakenAndItsRolesCount() {
        try (TestSocket socket = TestSocket.authenticated(port, TestTokens.token(acme, "u", Role.AGENT))) {
            socket.subscribe("messages");
            socket.subscribe("tickets");
            socket.send(refresh(TestTokens.token(acme, "u", Role.VIEWER)));

            JsonNode forbidden = socket.await("error");
            assertThat(forbidden.at("/data/code").asString()).isEqualTo("forbidden_channel");
            assertThat(forbidden.at("/data/channel").asString()).isEqualTo("messages");
            assertThat(socket.await("auth_success").at("/data/roles").toString())
                    .isEqualTo("[\"viewer\"]");
            send(acme, "messages", "message_created", "m-1", "{}");
            send(acme, "tickets", "ticket_received", "t-1", "{}");
            socket.await("ticket_received");
            assertThat(socket.received()).noneMatch(frame -> type(frame).equals("message_created"));
        }
    }

    @Test
    void aFreshTokenOfAnotherIsRefusedAndTheConnectionStaysWhoItWas() {
        try (TestSocket socket = viewer(acme)) {
            socket.send(refresh(token(globex, Role.VIEWER)));
            assertThat(socket.awaitError()).isEqualTo("other_identity");
            socket.send(refresh("nonsense"));
            assertThat(socket.awaitError()).isEqualTo("invalid_token");
            socket.settle();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "not json                                                       | malformed",
                "[]                                                             | malformed",
                "{\"type\":\"heartbeat\"} trailing                              | malformed",
                "{\"type\":\"subscribe\",\"data\":[]}                           | malformed",
                "{\"type\":\"subscribe\",\"id\":{},\"data\":{\"channel\":\"me\"}} | malformed",
                "{\"type\":\"subscribe\",\"data\":{\"channel\":\"me\",\"resume\":{}}} | malformed",
                "{\"type\":\"subscribe\",\"data\":{\"channel\":\"me\",\"resume\":{\"epoch\":\"a\",\"offset\":1.5}}} |"
                        + " malformed",
                "{}                                                             | missing_field",
                "{\"type\":\"subscribe\"}                                       | missing_field",
                "{\"type\":\"refresh\",\"data\":{}}                             | missing_field",
                "{\"type\":\"explode\"}                                         | unknown_type",
                "{\"type\":\"subscribe\",\"data\":{\"channel\":\"nothing\"}}    | unknown_channel",
                "{\"type\":\"subscribe\",\"data\":{\"channel\":\"ticket:\"}}    | unknown_channel",
                "{\"type\":\"subscribe\",\"data\":{\"channel\":\"*\"}}          | unknown_channel",
                "{\"type\":\"request_session_update\"}                          | forbidden_channel",
                "{\"type\":\"request_queue_update\"}                            | forbidden_channel",
                "{\"type\":\"typing\",\"data\":{\"session_id\":\"s\"}}          | forbidden_channel",
                "{\"type\":\"typing\"}                                          | missing_field",
            })
    void whatCannotBeServedIsAnsweredWithACodeAndTheConnectionStays(String frame, String code) {
        try (TestSocket socket = viewer(acme)) {
            socket.send(frame);

            assertThat(socket.awaitError()).isEqualTo(code);
            socket.settle();
        }
    }

    @Test
    void aFrameNestedTooDeeplyIsMalformed() {
        try (TestSocket socket = viewer(acme)) {
            socket.send("{\"type\":\"heartbeat\",\"data\":" + "{\"a\":".repeat(20) + "1" + "}".repeat(21));

            assertThat(socket.awaitError()).isEqualTo("malformed");
        }
    }

    @Test
    void theSixthOffenceInARowEndsTheConnectionAndAGoodFrameBetweenForgives() {
        try (TestSocket socket = viewer(acme)) {
            for (int n = 0; n < 5; n++) {
                socket.send("nonsense");
            }
            socket.settle();
            for (int n = 0; n < 6; n++) {
                socket.send("{\"type\":\"subscribe\",\"data\":{\"channel\":\"messages\"}}");
            }
            assertThat(socket.awaitClose()).isEqualTo(4400);
        }
    }

    @Test
    void moreThanAHundredFramesAMinuteEndTheConnection() {
        try (TestSocket socket = viewer(acme)) {
            for (int n = 0; n < 99; n++) {
                socket.send("{\"type\":\"heartbeat\"}");
            }
            assertThat(socket.isOpen()).isTrue();
            socket.send("{\"type\":\"heartbeat\"}");
            assertThat(socket.awaitClose()).isEqualTo(4429);
        }
    }

    @Test
    void aFrameOverItsLimitEndsTheConnection() {
        try (TestSocket socket = viewer(acme)) {
            socket.send("{\"type\":\"heartbeat\",\"data\":{\"a\":\"" + "x".repeat(64 * 1024) + "\"}}");

            assertThat(socket.awaitClose()).isEqualTo(1009);
        }
    }

    @Test
    void fragmentsCountTogether() {
        try (TestSocket socket = viewer(acme)) {
            String half = "x".repeat(40 * 1024);
            socket.sendPart("{\"type\":\"" + half, false);
            socket.sendPart(half + "\"}", true);

            assertThat(socket.awaitClose()).isEqualTo(1009);
        }
    }

    @Test
    void aFragmentedFrameIsReadWhole() {
        try (TestSocket socket = viewer(acme)) {
            socket.sendPart("{\"type\":\"hea", false);
            socket.sendPart("rtbeat\"}", true);

            socket.await("heartbeat");
        }
    }

    @Test
    void aBinaryFrameEndsTheConnection() {
        try (TestSocket socket = viewer(acme)) {
            socket.sendBinary(new byte[] {1, 2, 3});

            assertThat(socket.awaitClose()).isEqualTo(1003);
        }
    }

    @Test
    void pagesOfOtherOriginsAreRefusedBeforeTheUpgradeAndTheGatewaysOwnAreNot() {
        assertThatThrownBy(() -> TestSocket.connect(port, "/ws", "Origin", "https://evil.example"))
                .hasMessageContaining("403");
        assertThatThrownBy(() -> TestSocket.connect(port, "/ws", "Origin", "null"))
                .hasMessageContaining("403");
        TestSocket.connect(port, "/ws", "Origin", "http://127.0.0.1:" + port).close();
    }

    @Test
    void withoutAnUpgradeThereIsNothingHere() {
        HttpResponse<String> response = get("/api/v1/stream", "Authorization", "Bearer " + token(acme, Role.VIEWER));

        assertThat(response.statusCode()).isEqualTo(426);
        assertThat(json(response).get("detail").asString()).contains("WebSocket");
    }

    @Test
    void aPoisonRecordGoesToTheDeadLettersAndTheFeedGoesOn() {
        try (TestSocket socket = viewer(acme)) {
            socket.subscribe("tickets");
            TestFeed feed = feedWriter();
            Map<String, String> headers = TestFeed.headers(acme, "tickets", "ticket_received", "t-1");
            headers.put("x-poison", "1");
            feed.send(acme, "not json".getBytes(StandardCharsets.UTF_8), headers);
            send(acme, "tickets", "ticket_resolved", "t-1", "{}");

            socket.await("ticket_resolved");
            var letter = kafka.await(Topics.FEED + Topics.DEAD_LETTER_SUFFIX, message -> acme.equals(message.key()));
            assertThat(letter.value()).asString(StandardCharsets.UTF_8).isEqualTo("not json");
            assertThat(TestKafka.header(letter, Headers.DEAD_REASON)).contains("not valid JSON");
            assertThat(TestKafka.header(letter, Headers.DEAD_CONSUMER)).isEqualTo("gateway");
            assertThat(TestKafka.header(letter, Headers.DEAD_ORIGIN)).startsWith(kafka.topic(Topics.FEED) + "-");
            assertThat(TestKafka.header(letter, Headers.DEAD_TIME)).endsWith("Z");
            assertThat(TestKafka.header(letter, Headers.FRAME)).isEqualTo("ticket_received");
            assertThat(socket.received()).noneMatch(frame -> type(frame).equals("ticket_received"));
        }
    }

    @Test
    void anAdminSeesTheConnectionsOfTheClientAndAnOperatorAll() {
        try (TestSocket mine = viewer(acme);
                TestSocket foreign = viewer(globex)) {
            mine.subscribe("tickets");
            foreign.subscribe("tickets");

            HttpResponse<String> admins =
                    get("/api/v1/realtime/connections", "Authorization", "Bearer " + token(acme, Role.ADMIN));
            assertThat(admins.statusCode()).isEqualTo(200);
            JsonNode items = json(admins).get("items");
            assertThat(items).hasSize(1);
            assertThat(items.get(0).get("user").asString()).isEqualTo("viewer@" + acme);
            assertThat(items.get(0).get("channels").toString()).isEqualTo("[\"tickets\"]");
            assertThat(items.get(0).get("lag").asLong()).isZero();
            assertThat(items.get(0).get("gateway").asString()).isNotBlank();
            assertThat(items.get(0).get("delivery").asString()).isEqualTo("live");
            assertThat(items.get(0).get("conflated").asLong()).isZero();
            assertThat(items.get(0).get("dropped").asLong()).isZero();
            assertThat(json(admins).get("next_cursor").isNull()).isTrue();

            HttpResponse<String> operators = get(
                    "/api/v1/realtime/connections",
                    "Authorization",
                    TestTokens.bearer(null, "operator", Role.OPERATOR));
            assertThat(operators.body()).contains("viewer@" + acme).contains("viewer@" + globex);

            assertThat(get("/api/v1/realtime/connections", "Authorization", "Bearer " + token(acme, Role.VIEWER))
                            .statusCode())
                    .isEqualTo(403);
            assertThat(get("/api/v1/realtime/connections").statusCode()).isEqualTo(401);
        }
    }

    private TestSocket viewer(String client) {
        return TestSocket.authenticated(port, token(client, Role.VIEWER));
    }

    private void send(String client, String channel, String type, String key, String data) {
        feedWriter().send(client, channel, type, key, data);
    }

    private static String token(String client, Role role) {
        return TestTokens.token(client, role.wireName() + "@" + client, role);
    }

    private static String auth(String token) {
        return "{\"type\":\"auth\",\"data\":{\"token\":\"" + token + "\"}}";
    }

    private static String refresh(String token) {
        return "{\"type\":\"refresh\",\"id\":\"9\",\"data\":{\"token\":\"" + token + "\"}}";
    }
}
