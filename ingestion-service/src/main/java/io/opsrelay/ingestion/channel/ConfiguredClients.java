package io.opsrelay.ingestion.channel;

import io.opsrelay.security.web.ProblemException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.stereotype.Component;

/** Provisions the clients of the configuration at each start; a wrong one stops it. */
@Component
class ConfiguredClients implements ApplicationRunner {

    private static final String ACTOR = "system:configuration";

    private final Properties properties;
    private final Clients clients;

    ConfiguredClients(Properties properties, Clients clients) {
        this.properties = properties;
        this.clients = clients;
    }

    @Override
    public void run(ApplicationArguments arguments) {
        for (ClientBody client : properties.clients()) {
            try {
                clients.provision(ACTOR, client);
            } catch (ProblemException e) {
                throw new IllegalStateException("opsrelay.clients: " + client.clientId() + ": " + e.getMessage(), e);
            }
        }
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
