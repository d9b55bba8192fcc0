package io.opsrelay.ingestion;

import org.junit.jupiter.api.Test;
import org.springframework.modulith.core.ApplicationModules;

class ModuleStructureTest {

    @Test
    void featuresUseEachOthersOpenPartsOnlyAndInNoCircle() {
        ApplicationModules.of(IngestionApplication.class).verify();
    }
}
