package io.opsrelay.security.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class GuardedSocketsTest {

    @Test
    void theOwnNetworkIsReachedOnlyWhereThatIsAllowed() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            InetSocketAddress address = new InetSocketAddress("127.0.0.1", server.getLocalPort());
            try (Socket refused = new GuardedSockets(false).createSocket()) {
                assertThatThrownBy(() -> refused.connect(address, 1000))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("loopback");
            }
            assertThatThrownBy(() -> new GuardedSockets(false).createSocket("127.0.0.1", server.getLocalPort()))
                    .hasMessageContaining("loopback");
            try (Socket allowed = new GuardedSockets(true).createSocket("127.0.0.1", server.getLocalPort())) {
                assertThat(allowed.isConnected()).isTrue();
            }
        }
    }

    @Test
    void aNameThatLeadsNowhereIsToldSo() throws IOException {
        try (Socket socket = new GuardedSockets(true).createSocket()) {
            assertThatThrownBy(() -> socket.connect(InetSocketAddress.createUnresolved("nowhere.invalid", 25), 1000))
                    .isInstanceOf(UnknownHostException.class);
        }
    }
}
