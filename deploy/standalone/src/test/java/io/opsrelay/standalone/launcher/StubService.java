package io.opsrelay.standalone.launcher;

import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;

/** Stands for a service: answers the readiness check on its port, and prints what the launcher must not forget. */
public final class StubService {

    private StubService() {}

    public static void main(String[] args) throws Exception {
        HttpServer server = HttpServer.create(
                new InetSocketAddress(System.getenv("OPSRELAY_BIND"), Integer.parseInt(System.getenv("SERVER_PORT"))),
                0);
        server.createContext("/actuator/health/readiness", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
        System.getenv().forEach((name, value) -> {
            if (name.startsWith("OPSRELAY_") || name.startsWith("SPRING_")) {
                System.out.println(name + "=" + (name.contains("PASSWORD") ? "***" : value));
            }
        });
    }
}
