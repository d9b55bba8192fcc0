package io.opsrelay.gateway.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PacketTest {

    @Test
    void aBodyIsPacketsWithSeparatorsBetweenThem() throws MalformedPacketException {
        assertThat(EnginePacket.parseAll("3\u001e42[\"a\"]\u001e1"))
                .containsExactly(
                        new EnginePacket(EnginePacket.Type.PONG, ""),
                        new EnginePacket(EnginePacket.Type.MESSAGE, "2[\"a\"]"),
                        new EnginePacket(EnginePacket.Type.CLOSE, ""));
        assertThat(EnginePacket.join(List.of("2", "41"))).isEqualTo("2\u001e41");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\u001e", "3\u001e", "\u001e3", "7", "bAQID", " 3"})
    void aBodyWithAnythingElseIsMalformed(String body) {
        assertThatThrownBy(() -> EnginePacket.parseAll(body)).isInstanceOf(MalformedPacketException.class);
    }

    @Test
    void aConnectBringsItsTokenOrNone() throws MalformedPacketException {
        assertThat(ClientPacket.parse("0{\"token\":\"t\",\"more\":1}")).isEqualTo(new ClientPacket.Connect("/", "t"));
        assertThat(ClientPacket.parse("0")).isEqualTo(new ClientPacket.Connect("/", null));
        assertThat(ClientPacket.parse("0{\"token\":7}")).isEqualTo(new ClientPacket.Connect("/", null));
        assertThat(ClientPacket.parse("0/admin,{\"token\":\"t\"}")).isEqualTo(new ClientPacket.Connect("/admin", "t"));
        assertThat(ClientPacket.parse("0/admin")).isEqualTo(new ClientPacket.Connect("/admin", null));
        assertThat(ClientPacket.parse("0{\"token\":\"secret\"}").toString()).doesNotContain("secret");
    }

    @Test
    void eventsAndAcknowledgementsAreKnownAndNotLookedAt() throws MalformedPacketException {
        assertThat(ClientPacket.parse("2[\"filter\",{\"a\":1}]")).isEqualTo(new ClientPacket.Other("/"));
        assertThat(ClientPacket.parse("2/admin,17[\"filter\"]")).isEqualTo(new ClientPacket.Other("/admin"));
        assertThat(ClientPacket.parse("317[]")).isEqualTo(new ClientPacket.Other("/"));
        assertThat(ClientPacket.parse("1")).isEqualTo(new ClientPacket.Disconnect("/"));
        assertThat(ClientPacket.parse("1/admin,")).isEqualTo(new ClientPacket.Disconnect("/admin"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2", "2{}", "2[", "2[]x", "0[]", "0{", "4{}", "51-[\"a\"]", "x"})
    void whatAClientCannotSayIsMalformed(String message) {
        assertThatThrownBy(() -> ClientPacket.parse(message)).isInstanceOf(MalformedPacketException.class);
    }

    @Test
    void anErrorNamesItsNamespaceUnlessItIsTheMainOne() {
        assertThat(ServerPacket.connectError("/", "No", "c", "d"))
                .isEqualTo("44{\"message\":\"No\",\"data\":{\"code\":\"c\",\"detail\":\"d\"}}");
        assertThat(ServerPacket.connectError("/admin", "No", "c", "d")).startsWith("44/admin,{");
    }
}
