package io.opsrelay.standalone.launcher;

import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.StandardSocketOptions;

/** Stands for a service: answers the readiness check, and prints what the launcher must not forget. */
public final class StubService {

    private StubService() {}

    public static void main(String[] args) throws Exception {
        System.getenv().forEach((name, value) -> {
            if (name.startsWith("OPSRELAY_") || name.startsWith("SPRING_") || name.startsWith("MANAGEMENT_")) {
                System.out.println(name + "=" + (name.contains("PASSWORD") ? "***" : value));
            }
        });
        InetSocketAddress address =
                new InetSocketAddress(System.getenv("OPSRELAY_BIND"), Integer.parseInt(System.getenv("SERVER_PORT")));
        String management = System.getenv("MANAGEMENT_SERVER_PORT");
        if (management != null) {
            shareWithOthers(address);
            address = new InetSocketAddress(System.getenv("MANAGEMENT_SERVER_ADDRESS"), Integer.parseInt(management));
        }
        HttpServer server = HttpServer.create(address, 0);
        server.createContext("/actuator/health/readiness", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
    }

    /** As gateways do: several processes listen on one port. */
    private static void shareWithOthers(InetSocketAddress address) throws Exception {
        ServerSocket shared = new ServerSocket();
        shared.setOption(StandardSocketOptions.SO_REUSEPORT, true);
        shared.bind(address);
        Thread.ofPlatform().daemon().start(() -> {
            while (true) {
                try {
                    shared.accept().close();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
        });
    }
}
