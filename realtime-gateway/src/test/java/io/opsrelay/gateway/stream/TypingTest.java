package io.opsrelay.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.gateway.GatewayTest;
import io.opsrelay.gateway.TestSocket;
import io.opsrelay.gateway.feed.Feed;
import io.opsrelay.security.Role;
import io.opsrelay.testing.TestTokens;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

class TypingTest extends GatewayTest {

    private final String client = "acme-" + UUID.randomUUID().toString().substring(0, 8);

    @Autowired
    private TypingExchange exchange;

    @Test
    void theOthersAtTheDeskSeeWhoTypesWithoutAPosition() {
        try (TestSocket writer = at(port, client, "anna", Role.AGENT);
                TestSocket colleague = at(port, client, "ben", Role.ADMIN)) {
            writer.subscribe("messages");
            colleague.subscribe("messages");

            writer.send(typing("s-1"));

            JsonNode frame = colleague.await("typing_indicator");
            assertThat(frame.get("channel").asString()).isEqualTo("messages");
            assertThat(frame.at("/data/session_id").asString()).isEqualTo("s-1");
            assertThat(frame.at("/data/user").asString()).isEqualTo("anna");
            assertThat(frame.has("offset")).isFalse();
            assertThat(frame.has("prev")).isFalse();
            writer.settle();
            assertThat(writer.received()).noneMatch(TypingTest::isTyping);
        }
    }

    @Test
    void nobodyElseIsTold() {
        try (TestSocket writer = at(port, client, "anna", Role.AGENT);
                TestSocket elsewhere = at(port, "globex-" + client, "ben", Role.AGENT);
                TestSocket notSubscribed = at(port, client, "cleo", Role.AGENT);
                TestSocket colleague = at(port, client, "dora", Role.AGENT)) {
            elsewhere.subscribe("messages");
            notSubscribed.subscribe("sessions");
            colleague.subscribe("messages");

            writer.send(typing("s-1"));
            colleague.await("typing_indicator");

            assertThat(elsewhere.settle().received()).noneMatch(TypingTest::isTyping);
            assertThat(notSubscribed.settle().received()).noneMatch(TypingTest::isTyping);
        }
    }

    @Test
    void whoMayNotReadConversationsMayNotSayThatTheyType() {
        try (TestSocket viewer = at(port, client, "vera", Role.VIEWER)) {
            viewer.send(typing("s-1"));

            assertThat(viewer.awaitError()).isEqualTo("forbidden_channel");
        }
    }

    @Test
    void aSessionOfTooManyLettersIsRefused() {
        try (TestSocket writer = at(port, client, "anna", Role.AGENT)) {
            writer.send(typing("s".repeat(65)));

            assertThat(writer.awaitError()).isEqualTo("malformed");
        }
    }

    @Test
    void colleaguesAtAnotherGatewaySeeItToo() {
        try (ConfigurableApplicationContext other = startGateway()) {
            Awaitility.await().until(() -> other.getBean(Feed.class).warm());
            Awaitility.await()
                    .until(() -> exchange.connected()
                            && other.getBean(TypingExchange.class).connected());
            try (TestSocket writer = at(port, client, "anna", Role.AGENT);
                    TestSocket colleague = at(portOf(other), client, "ben", Role.AGENT)) {
                writer.subscribe("messages");
                colleague.subscribe("messages");

                writer.send(typing("s-1"));

                assertThat(colleague.await("typing_indicator").at("/data/user").asString())
                        .isEqualTo("anna");
            }
        }
    }

    private static TestSocket at(int port, String client, String user, Role role) {
        return TestSocket.authenticated(port, TestTokens.token(client, user, role));
    }

    private static String typing(String session) {
        return "{\"type\":\"typing\",\"data\":{\"session_id\":\"" + session + "\"}}";
    }

    private static boolean isTyping(JsonNode frame) {
        return TestSocket.type(frame).equals("typing_indicator");
    }
}
