package io.opsrelay.action;

import org.junit.jupiter.api.Test;
import org.springframework.modulith.core.ApplicationModules;

class ModulesTest {

    @Test
    void theModulesDependOnEachOtherOnlyAsTheyMay() {
        ApplicationModules.of(ActionApplication.class).verify();
    }
}
