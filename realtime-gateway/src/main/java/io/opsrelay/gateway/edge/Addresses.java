package io.opsrelay.gateway.edge;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.ServerHttpRequest;

/** Where requests come from. */
public final class Addresses {

    private static final int IPV6_NETWORK_BYTES = 8;

    private Addresses() {}

    /** The address of the connection; a proxy's, where there is one in front. */
    public static String of(ServerHttpRequest request) {
        InetAddress address = addressOf(request);
        return address == null ? "unknown" : address.getHostAddress();
    }

    /** The same, but for IPv6 only the network (/64): one machine has as many addresses of it as it likes. */
    public static String networkOf(ServerHttpRequest request) {
        InetAddress address = addressOf(request);
        return address instanceof Inet6Address
                ? HexFormat.of().formatHex(Arrays.copyOf(address.getAddress(), IPV6_NETWORK_BYTES)) + "/64"
                : of(request);
    }

    private static @Nullable InetAddress addressOf(ServerHttpRequest request) {
        InetSocketAddress address = request.getRemoteAddress();
        return address == null ? null : address.getAddress();
    }
}
