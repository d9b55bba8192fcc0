package io.opsrelay.gateway.issuer;

import java.net.InetSocketAddress;
import org.springframework.http.server.reactive.ServerHttpRequest;

/** Where requests come from. */
final class Addresses {

    private Addresses() {}

    /** The address of the connection; a proxy's, where there is one in front. */
    static String of(ServerHttpRequest request) {
        InetSocketAddress address = request.getRemoteAddress();
        return address == null || address.getAddress() == null
                ? "unknown"
                : address.getAddress().getHostAddress();
    }
}
