package io.opsrelay.gateway.stream;

import static io.opsrelay.gateway.TestSocket.type;
import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.gateway.GatewayTest;
import io.opsrelay.gateway.TestSocket;
import io.opsrelay.security.Role;
import io.opsrelay.testing.TestTokens;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** Two clients, every channel, every role, over the real WebSocket. */
class EveryChannelTest extends GatewayTest {

    private final String acme = "acme-" + UUID.randomUUID().toString().substring(0, 8);
    private final String globex = "globex-" + acme;

    @ParameterizedTest
    @EnumSource(Role.class)
    void eachRoleIsShownItsChannelsOfItsOwnClientAndNothingElse(Role role) {
        List<String> opened = RoleChannels.of(role);
        try (TestSocket ofAcme = TestSocket.authenticated(port, token(acme, role));
                TestSocket ofGlobex = TestSocket.authenticated(port, token(globex, role));
                TestSocket witness = TestSocket.authenticated(port, token(acme, Role.ADMIN))) {
            for (TestSocket socket : List.of(ofAcme, ofGlobex)) {
                RoleChannels.ALL.forEach(channel -> ask(socket, channel, opened.contains(channel)));
            }
            witness.subscribe("tickets");

            for (String owner : List.of(acme, globex)) {
                RoleChannels.ALL.forEach(channel -> show(owner, channel));
            }
            awaitShown(ofAcme, opened);
            awaitShown(ofGlobex, opened);
            // By now all of it was read: what leaks comes before these.
            for (String owner : List.of(acme, globex)) {
                feedWriter().send(owner, "tickets", "last", "t-2", "{}");
            }
            witness.await("last");
            if (!opened.isEmpty()) {
                ofAcme.await("last");
                ofGlobex.await("last");
            }

            assertThat(shownTo(ofAcme, role)).isEqualTo(opened.isEmpty() ? Set.of() : Set.of(acme));
            assertThat(shownTo(ofGlobex, role)).isEqualTo(opened.isEmpty() ? Set.of() : Set.of(globex));
        }
    }

    private static void ask(TestSocket socket, String channel, boolean opens) {
        socket.send("{\"type\":\"subscribe\",\"id\":\"" + channel + "\",\"data\":{\"channel\":\"" + channel + "\"}}");
        JsonNode answer = socket.await(frame -> frame.path("id").asString("").equals(channel));
        assertThat(type(answer)).as(channel).isEqualTo(opens ? "subscribed" : "error");
        if (!opens) {
            assertThat(answer.at("/data/code").asString()).isEqualTo("forbidden_channel");
            socket.settle(); // forgives: five in a row would end the connection
        }
    }

    private void show(String owner, String channel) {
        String name = channel.startsWith("ticket:") ? "tickets" : channel;
        String key = channel.equals("me") ? "u" : "t-1";
        feedWriter().send(owner, name, "shown", key, "{\"of\":\"" + owner + "\"}");
    }

    private static void awaitShown(TestSocket socket, List<String> channels) {
        Set<String> missing = new HashSet<>(channels);
        if (!missing.isEmpty()) {
            socket.await(frame -> {
                if (type(frame).equals("shown")) {
                    missing.remove(frame.get("channel").asString());
                }
                return missing.isEmpty();
            });
        }
    }

    /** Whose frames, of whatever channel. */
    private static Set<String> shownTo(TestSocket socket, Role role) {
        Set<String> owners = new HashSet<>();
        socket.settle();
        socket.received().stream()
                .filter(frame -> type(frame).equals("shown"))
                .peek(frame -> assertThat(
                                RoleChannels.opens(role, frame.get("channel").asString()))
                        .as(frame.get("channel").asString())
                        .isTrue())
                .forEach(frame -> owners.add(frame.at("/data/of").asString()));
        return owners;
    }

    private static String token(String client, Role role) {
        return TestTokens.token(role == Role.OPERATOR ? null : client, "u", role);
    }
}
