package io.opsrelay.ingestion.channel;

import io.opsrelay.security.web.ProblemException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Provisions the clients of the configuration at each start, before anything of theirs is taken in; a wrong one stops the
 * start.
 */
@Component
class ConfiguredClients implements SmartLifecycle {

    private static final String ACTOR = "system:configuration";

    private final Properties properties;
    private final Clients clients;
    private volatile boolean done;

    ConfiguredClients(Properties properties, Clients clients) {
        this.properties = properties;
        this.clients = clients;
    }

    @Override
    public void start() {
        for (ClientBody client : properties.clients()) {
            try {
                clients.provision(ACTOR, client);
            } catch (ProblemException e) {
                throw new IllegalStateException("opsrelay.clients: " + client.clientId() + ": " + e.getMessage(), e);
            }
        }
        done = true;
    }

    @Override
    public void stop() {
        done = false;
    }

    @Override
    public boolean isRunning() {
        return done;
    }

    /** Before consumers and the port. */
    @Override
    public int getPhase() {
        return 0;
    }

    /** @param clients as {@code POST /api/v1/clients} takes them */
    @ConfigurationProperties("opsrelay")
    record Properties(@Nullable List<ClientBody> clients) {

        Properties {
            clients = clients == null ? List.of() : List.copyOf(clients);
        }

        @Override
        public List<ClientBody> clients() {
            return clients == null ? List.of() : clients;
        }
    }
}
