package io.opsrelay.gateway;

import org.junit.jupiter.api.Test;
import org.springframework.modulith.core.ApplicationModules;

class ModulesTest {

    @Test
    void modulesUseOneAnotherOnlyThroughWhatIsPublicAndWithoutCycles() {
        ApplicationModules.of(GatewayApplication.class).verify();
    }
}
