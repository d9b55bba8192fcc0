package io.opsrelay.gateway.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.gateway.GatewayTest;
import io.opsrelay.security.Role;
import io.opsrelay.testing.TestTokens;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What goes over the wire, request by request. */
class EngineIoTest extends GatewayTest {

    private static final String POLLING = "/socket.io/?EIO=4&transport=polling";
    private static final String WEBSOCKET = "/socket.io/?EIO=4&transport=websocket";

    private final String client = "acme-" + UUID.randomUUID().toString().substring(0, 8);

    @Test
    void aHandshakeSaysWhatTheSessionIsAndHowItIsKeptAlive() {
        HttpResponse<String> answer = get(POLLING);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/plain;charset=UTF-8");
        assertThat(answer.headers().firstValue("Cache-Control").orElseThrow()).contains("no-store");
        assertThat(answer.body()).startsWith("0{");
        JsonNode open = JSON.readTree(answer.body().substring(1));
        assertThat(open.get("sid").asString()).hasSizeGreaterThan(20);
        assertThat(open.get("upgrades").toString()).isEqualTo("[\"websocket\"]");
        assertThat(open.get("pingInterval").asInt()).isEqualTo(25_000);
        assertThat(open.get("pingTimeout").asInt()).isEqualTo(20_000);
        assertThat(open.get("maxPayload").asInt()).isEqualTo(64 * 1024);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GET  | EIO=3&transport=polling                  | 5
            GET  | transport=polling                        | 5
            GET  | EIO=4                                    | 0
            GET  | EIO=4&transport=smoke                    | 0
            GET  | EIO=4&transport=polling&sid=nobody       | 1
            POST | EIO=4&transport=polling&sid=nobody       | 1
            POST | EIO=4&transport=polling                  | 2
            PUT  | EIO=4&transport=polling                  | 2
            GET  | EIO=4&transport=websocket                | 3
            """)
    void whatIsNotOfTheProtocolIsRefusedWithItsCodes(String method, String query, int code) {
        HttpResponse<String> answer = send(request("/socket.io/?" + query)
                .method(
                        method,
                        method.equals("GET")
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString("3")));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(json(answer).get("code").asInt()).isEqualTo(code);
    }

    @Test
    void pagesOfForeignOriginsAreRefused() {
        assertThat(get(POLLING, "Origin", "https://evil.example").statusCode()).isEqualTo(403);
        assertThat(get(POLLING, "Origin", "http://127.0.0.1:" + port).statusCode())
                .isEqualTo(200);
    }

    @Test
    void severalPacketsGoInOneBodyBothWays() {
        String session = handshake();
        assertThat(say(session, "3\u001e" + connect()).body()).isEqualTo("ok");

        String[] packets = poll(session).split("\u001e");
        assertThat(packets).hasSize(2);
        assertThat(packets[0]).startsWith("40{\"sid\":\"").doesNotContain(session);
        assertThat(packets[1]).isEqualTo("42[\"metrics:initial\",{}]");
    }

    @Test
    void anotherNamespaceIsRefusedAndTheMainOneGoesOn() {
        String session = handshake();
        say(session, "40/admin,{\"token\":\"" + token() + "\"}");
        assertThat(poll(session)).startsWith("44/admin,{\"message\":\"Invalid namespace\"");

        say(session, connect());
        assertThat(poll(session)).startsWith("40{");
    }

    @Test
    void nothingIsSaidBeforeTheTokenHasBeen() throws Exception {
        String session = handshake();
        CompletableFuture<String> waiting = CompletableFuture.supplyAsync(() -> poll(session));
        feedWriter().send(client, "metrics", "metrics_updated", "csat", "{\"metric\":\"csat\",\"value\":1}");
        say(session, "42[\"metrics:initial\"]");
        say(session, connect());

        assertThat(waiting.get(30, TimeUnit.SECONDS)).startsWith("40{");
    }

    @Test
    void twoPollsAtOnceEndTheSession() throws Exception {
        String session = handshake();
        CompletableFuture<HttpResponse<String>> first = CompletableFuture.supplyAsync(() -> get(POLLING + session));
        CompletableFuture<HttpResponse<String>> second = CompletableFuture.supplyAsync(() -> get(POLLING + session));

        HttpResponse<String> one = first.get(30, TimeUnit.SECONDS);
        HttpResponse<String> other = second.get(30, TimeUnit.SECONDS);
        assertThat(one.statusCode() + other.statusCode()).isEqualTo(600);
        assertThat(one.statusCode() == 200 ? one.body() : other.body()).isEqualTo("1");
        assertUnknown(session);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "x", "9", "3\u001e", "2", "5", "0{}", "4", "45-[\"e\"]", "42{}", "42[", "40[]", "b4AQID"})
    void malformedBodiesEndTheSession(String body) {
        String session = handshake();
        assertThat(say(session, body).statusCode()).isEqualTo(400);
        assertUnknown(session);
    }

    @Test
    void aBodyOverTheAnnouncedSizeEndsTheSession() {
        String session = handshake();
        assertThat(say(session, "42[\"" + "x".repeat(64 * 1024) + "\"]").statusCode())
                .isEqualTo(413);
        assertUnknown(session);
    }

    @Test
    void theClientsCloseEndsTheSession() {
        String session = handshake();
        assertThat(say(session, "1").body()).isEqualTo("ok");
        assertUnknown(session);
    }

    @Test
    void aWebSocketTakesOverWithoutLosingAnything() throws Exception {
        String session = handshake();
        say(session, connect());
        poll(session);
        CompletableFuture<String> waiting = CompletableFuture.supplyAsync(() -> poll(session));
        try (RawWebSocket socket = new RawWebSocket(port, WEBSOCKET + session)) {
            assertThat(socket.send("2probe").next()).isEqualTo("3probe");
            assertThat(waiting.get(30, TimeUnit.SECONDS)).isEqualTo("6");
            assertThat(poll(session))
                    .as("a poll that comes before the change-over does not wait either")
                    .isEqualTo("6");
            feedWriter().send(client, "metrics", "metrics_updated", "csat", "{\"metric\":\"csat\",\"value\":1}");

            socket.send("5");
            assertThat(socket.next()).startsWith("42[\"metrics:update\",{\"metric\":\"csat\",\"value\":1");
            assertThat(get(POLLING + session).statusCode()).isEqualTo(400);
            assertThat(say(session, "3").statusCode()).isEqualTo(400);
            socket.send("1");
            assertThat(socket.awaitClose()).isEqualTo(1000);
        }
    }

    @Test
    void aWebSocketThatBreaksOffBeforeItTookOverChangesNothing() throws Exception {
        String session = handshake();
        try (RawWebSocket socket = new RawWebSocket(port, WEBSOCKET + session)) {
            assertThat(socket.send("4no").awaitClose()).isEqualTo(4400);
        }
        try (RawWebSocket socket = new RawWebSocket(port, WEBSOCKET + session)) {
            assertThat(socket.send("2probe").next()).isEqualTo("3probe");
        }
        say(session, connect());
        String packets = poll(session);
        while (packets.equals("6")) {
            packets = poll(session); // it has not been noticed yet that the WebSocket is gone
        }
        assertThat(packets).startsWith("40{");
    }

    @Test
    void aWebSocketOfAnUnknownSessionIsRefused() {
        assertThat(RawWebSocket.refusal(port, WEBSOCKET + "&sid=nobody")).isEqualTo(400);
    }

    @Test
    void overAWebSocketAloneThereIsNothingToUpgradeTo() throws Exception {
        try (RawWebSocket socket = new RawWebSocket(port, WEBSOCKET)) {
            assertThat(socket.next()).contains("\"upgrades\":[]");
            socket.send(connect());
            assertThat(socket.next()).startsWith("40{");
            assertThat(socket.next()).startsWith("42[\"metrics:initial\"");
            assertThat(socket.sendBinary((byte) 1).next()).isEqualTo("41");
            assertThat(socket.awaitClose()).isEqualTo(1003);
        }
    }

    @Test
    void whoSaysTooMuchIsToldToDisconnect() throws Exception {
        try (RawWebSocket socket = new RawWebSocket(port, WEBSOCKET)) {
            socket.next();
            socket.send(connect());
            socket.next();
            socket.next();
            for (int n = 0; n < 100; n++) {
                socket.send("42[\"hello\"]");
            }
            assertThat(socket.next()).isEqualTo("41");
            assertThat(socket.awaitClose()).isEqualTo(4429);
        }
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void eachRoleSeesItsOwnClientsFiguresAndActivitiesOrNothing(Role role) throws Exception {
        String globex = "globex-" + client;
        boolean watches = role != Role.INGEST && role != Role.OPERATOR;
        String session = handshake();
        say(session, "40{\"token\":\"" + token(client, role) + "\"}");
        try (RawWebSocket ours = new RawWebSocket(port, WEBSOCKET);
                RawWebSocket theirs = new RawWebSocket(port, WEBSOCKET)) {
            ours.next();
            theirs.next();
            ours.send("40{\"token\":\"" + token(client, role) + "\"}");
            theirs.send("40{\"token\":\"" + token(globex, role) + "\"}");
            if (!watches) {
                assertThat(ours.next()).startsWith("44{\"message\":\"Forbidden\"");
                assertThat(poll(session)).startsWith("44{\"message\":\"Forbidden\"");
                return;
            }
            assertThat(poll(session)).startsWith("40{").endsWith("42[\"metrics:initial\",{}]");
            for (RawWebSocket socket : List.of(ours, theirs)) {
                assertThat(socket.next()).startsWith("40{");
                assertThat(socket.next()).isEqualTo("42[\"metrics:initial\",{}]");
            }

            for (String owner : List.of(client, globex)) {
                feedWriter()
                        .send(
                                owner,
                                "metrics",
                                "metrics_updated",
                                "of",
                                "{\"metric\":\"of\",\"value\":\"" + owner + "\"}");
                act(owner, "of " + owner);
            }
            String toOurs = until("of " + client, ours);
            String toTheirs = until("of " + globex, theirs);

            // By now all of it was read: what leaks comes before these.
            act(client, "mark");
            act(globex, "mark");
            toOurs += until("mark", ours);
            toTheirs += until("mark", theirs);
            StringBuilder polled = new StringBuilder();
            while (polled.indexOf("mark") < 0) {
                polled.append(poll(session));
            }
            assertThat(toOurs).contains("metrics:update", "\"" + client).doesNotContain(globex);
            assertThat(polled.toString())
                    .contains("metrics:update", "\"" + client)
                    .doesNotContain(globex);
            assertThat(toTheirs)
                    .contains("metrics:update", "\"" + globex)
                    .doesNotContain("\"" + client, "of " + client);
        }
    }

    private void act(String owner, String description) {
        feedWriter()
                .send(
                        owner,
                        "ai",
                        "ai_activity",
                        "luna",
                        "{\"ai_employee\":\"luna\",\"activity\":{\"type\":\"task\",\"description\":\"" + description
                                + "\"}}");
    }

    private static String until(String mark, RawWebSocket socket) throws InterruptedException {
        StringBuilder all = new StringBuilder();
        while (all.indexOf(mark) < 0) {
            all.append(socket.next());
        }
        return all.toString();
    }

    private static String token(String owner, Role role) {
        return TestTokens.token(role == Role.OPERATOR ? null : owner, role.wireName(), role);
    }

    @Test
    void aPongThatNobodyAskedForIsIgnoredAndAPingIsAnswered() throws Exception {
        try (RawWebSocket socket = new RawWebSocket(port, WEBSOCKET)) {
            socket.next();
            socket.pong("nobody asked").ping("there?");
            assertThat(socket.nextPong()).isEqualTo("there?");

            socket.send(connect());
            assertThat(socket.next()).startsWith("40{");
        }
    }

    /** @return the session's part of the query */
    private String handshake() {
        JsonNode open = JSON.readTree(get(POLLING).body().substring(1));
        return "&sid=" + open.get("sid").asString();
    }

    private String connect() {
        return "40{\"token\":\"" + token() + "\"}";
    }

    private String token() {
        return TestTokens.token(client, "viewer", Role.VIEWER);
    }

    private String poll(String session) {
        HttpResponse<String> answer = get(POLLING + session);
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer.body();
    }

    private HttpResponse<String> say(String session, String body) {
        return send(request(POLLING + session)
                .header("Content-Type", "text/plain;charset=UTF-8")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private void assertUnknown(String session) {
        Awaitility.await().untilAsserted(() -> {
            HttpResponse<String> answer = say(session, "3");
            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(json(answer).get("code").asInt()).isEqualTo(1);
        });
    }
}
