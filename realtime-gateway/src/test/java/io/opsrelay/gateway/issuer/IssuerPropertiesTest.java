package io.opsrelay.gateway.issuer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opsrelay.gateway.issuer.IssuerProperties.User;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class IssuerPropertiesTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void aUserIsRefusedAtTheStartForWhatWouldGoWrongLater() {
        assertThatThrownBy(() -> user("acme", List.of(), "{bcrypt}x")).hasMessageContaining("no roles");
        assertThatThrownBy(() -> user("acme", List.of("emperor"), "{bcrypt}x"))
                .hasMessageContaining("unknown role emperor");
        assertThatThrownBy(() -> user(null, List.of("admin"), "{bcrypt}x")).hasMessageContaining("only an operator");
        assertThatThrownBy(() -> user("Acme Ltd", List.of("admin"), "{bcrypt}x"))
                .hasMessageContaining("no valid client");
        assertThatThrownBy(() -> user("acme", List.of("admin"), "demo")).hasMessageContaining("password-hash");
    }

    @Test
    void aUsersHashIsNotPrinted() {
        assertThat(user("acme", List.of("admin"), "{bcrypt}secret").toString()).doesNotContain("secret");
    }

    @Test
    void whoHasSeveralClientsHasAUsualOne() {
        User both = new User("a", null, null, List.of("acme", "globex"), List.of("admin"), "{bcrypt}x");
        User named = new User("a", "Ann", "globex", List.of("acme", "globex"), List.of("admin"), "{bcrypt}x");

        assertThat(both.client()).isEqualTo("acme");
        assertThat(named.client()).isEqualTo("globex");
        assertThat(named.clients()).containsExactly("globex", "acme");
        assertThatThrownBy(() -> new User("a", null, "acme", List.of("No Client"), List.of("admin"), "{bcrypt}x"))
                .hasMessageContaining("no valid client: No Client");
    }

    @Test
    void aSignInAtAnIssuerAsksForAnIdToken() {
        assertThatThrownBy(() -> new OidcProperties("dashboard", null, "profile email", null, null, SECOND))
                .hasMessageContaining("opsrelay.sign-in.oidc.scope");
        assertThat(new OidcProperties("dashboard", null, "profile openid", null, null, SECOND).scope())
                .isEqualTo("profile openid");
    }

    private static User user(@Nullable String client, List<String> roles, String passwordHash) {
        return new User("a", null, client, List.of(), roles, passwordHash);
    }
}
