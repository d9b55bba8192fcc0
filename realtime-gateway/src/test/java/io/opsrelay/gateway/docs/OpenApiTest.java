package io.opsrelay.gateway.docs;

import io.opsrelay.gateway.route.Services;
import io.opsrelay.testing.ApiFile;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.ClassPathResource;
import tools.jackson.databind.JsonNode;

/** The whole API, as it is served when all services answer: what the dashboard's types are made from. */
class OpenApiTest {

    @Test
    void theCommittedDescriptionIsWhatTheServicesAndTheGatewayAnswer() throws IOException {
        Services routes = routes();
        Map<String, JsonNode> services = new LinkedHashMap<>();
        routes.services().keySet().forEach(name -> services.put(name, ApiFile.ofService(name)));

        ApiFile.assertCommittedAsWhole(
                OpenApi.united(DocsPages.ownDocument(), services, routes).toString());
    }

    private static Services routes() throws IOException {
        StandardEnvironment environment = new StandardEnvironment();
        new YamlPropertySourceLoader()
                .load("application", new ClassPathResource("application.yaml"))
                .forEach(environment.getPropertySources()::addLast);
        return Binder.get(environment)
                .bind("opsrelay.routes", Bindable.of(Services.class))
                .get();
    }
}
