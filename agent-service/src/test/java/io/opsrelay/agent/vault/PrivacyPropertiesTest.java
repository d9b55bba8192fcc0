package io.opsrelay.agent.vault;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class PrivacyPropertiesTest {

    @Test
    void withoutKeysTheServiceDoesNotStart() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PrivacyProperties(null))
                .withMessageContaining("OPSRELAY_PRIVACY_KEYS");
        assertThatIllegalArgumentException().isThrownBy(() -> new PrivacyProperties(Path.of("")));
    }
}
