package io.opsrelay.approval;

import org.junit.jupiter.api.Test;
import org.springframework.modulith.core.ApplicationModules;

class ModulesTest {

    @Test
    void theModulesDependOnEachOtherOnlyAsTheyMay() {
        ApplicationModules.of(ApprovalApplication.class).verify();
    }
}
