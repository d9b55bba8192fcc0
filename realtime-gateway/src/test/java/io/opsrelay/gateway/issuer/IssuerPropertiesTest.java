package io.opsrelay.gateway.issuer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opsrelay.gateway.issuer.IssuerProperties.User;
import java.util.List;
import org.junit.jupiter.api.Test;

class IssuerPropertiesTest {

    @Test
    void aUserIsRefusedAtTheStartForWhatWouldGoWrongLater() {
        assertThatThrownBy(() -> new User("a", "acme", List.of(), "{bcrypt}x")).hasMessageContaining("no roles");
        assertThatThrownBy(() -> new User("a", "acme", List.of("emperor"), "{bcrypt}x"))
                .hasMessageContaining("unknown role emperor");
        assertThatThrownBy(() -> new User("a", null, List.of("admin"), "{bcrypt}x"))
                .hasMessageContaining("only an operator");
        assertThatThrownBy(() -> new User("a", "Acme Ltd", List.of("admin"), "{bcrypt}x"))
                .hasMessageContaining("no valid client");
        assertThatThrownBy(() -> new User("a", "acme", List.of("admin"), "demo"))
                .hasMessageContaining("password-hash");
    }

    @Test
    void aUsersHashIsNotPrinted() {
        assertThat(new User("a", "acme", List.of("admin"), "{bcrypt}secret").toString())
                .doesNotContain("secret");
    }
}
