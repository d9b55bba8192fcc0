package io.opsrelay.action.sandbox;

import io.opsrelay.security.tenant.ClientId;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** @param demoClients whose empty ledgers are filled with {@link DemoLedger demo charges} at start */
@ConfigurationProperties("opsrelay.sandbox")
record SandboxProperties(@DefaultValue List<String> demoClients) {

    SandboxProperties {
        demoClients = List.copyOf(demoClients);
        for (String client : demoClients) {
            if (!ClientId.isValid(client)) {
                throw new IllegalArgumentException("opsrelay.sandbox.demo-clients: not a client id: " + client);
            }
        }
    }
}
