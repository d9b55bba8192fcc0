package io.opsrelay.action.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opsrelay.action.account.AccountProperties.Keycloak;
import io.opsrelay.action.catalogue.Answer;
import io.opsrelay.action.remote.FakeServer.Asked;
import io.opsrelay.action.remote.FakeServer.Fault;
import io.opsrelay.action.remote.NoReplyException;
import io.opsrelay.action.remote.RemoteSystem;
import io.opsrelay.security.outbound.GuardedHttp;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeycloakAccountsTest extends AccountProviderKit {

    @TempDir
    private Path folder;

    private final FakeKeycloak keycloak = new FakeKeycloak();
    private final GuardedHttp http = new GuardedHttp();
    private KeycloakAccounts accounts;

    @BeforeEach
    void connect() throws Exception {
        accounts = accounts(true);
    }

    private KeycloakAccounts accounts(boolean requireVerified) throws Exception {
        Clock clock = Clock.systemUTC();
        return new KeycloakAccounts(
                new Keycloak(
                        keycloak.url() + "/",
                        "shop",
                        "opsrelay",
                        Files.writeString(folder.resolve("secret"), FakeKeycloak.SECRET + "\n"),
                        requireVerified,
                        Duration.ofHours(2),
                        "storefront",
                        "https://shop.example/login",
                        Duration.ofSeconds(6),
                        Duration.ofMinutes(2),
                        true,
                        true),
                new RemoteSystem(KeycloakAccounts.NAME, http, Duration.ofSeconds(6), true, clock),
                clock);
    }

    @AfterEach
    void stop() throws Exception {
        keycloak.close();
        http.close();
    }

    @Override
    AccountProvider provider() {
        return accounts;
    }

    @Override
    String newAccount(String email) {
        return keycloak.user(email, true, true);
    }

    @Override
    List<String> linksSent() {
        return keycloak.links();
    }

    @Override
    void next(Fault fault) {
        keycloak.next(fault);
    }

    @Test
    void neitherADisabledNorAnUnverifiedNorAnAmbiguousAccountIsFound() throws Exception {
        keycloak.user("off@example.org", false, true);
        keycloak.user("new@example.org", true, false);
        keycloak.user("two@example.org", true, true);
        keycloak.user("Two@example.org", false, true);

        assertThat(accounts.find("off@example.org")).isEmpty();
        assertThat(accounts.find("new@example.org")).isEmpty();
        assertThat(accounts.find("two@example.org")).isEmpty();
        assertThat(accounts(false).find("new@example.org")).isPresent();
    }

    @Test
    void theLinkIsForThePasswordAloneAndLeadsBackToTheShop() {
        String id = keycloak.user("mary@example.org", true, true);

        accounts.reset(key(), accounts.find("mary@example.org").orElseThrow());

        Asked sent = keycloak.acts().getFirst();
        assertThat(sent.path()).isEqualTo("/admin/realms/shop/users/" + id + "/execute-actions-email");
        assertThat(sent.body()).isEqualTo("[\"UPDATE_PASSWORD\"]");
        assertThat(sent.query())
                .containsEntry("lifespan", "7200")
                .containsEntry("client_id", "storefront")
                .containsEntry("redirect_uri", "https://shop.example/login");
    }

    @Test
    void aTokenServesManyCallsUntilItEndsOrIsRefused() {
        keycloak.user("mary@example.org", true, true);
        Account account = accounts.find("mary@example.org").orElseThrow();
        accounts.mark(account);
        assertThat(keycloak.issued()).isEqualTo(1);

        keycloak.revokeTokens();
        assertThat(accounts.reset(key(), account)).isInstanceOf(Answer.Done.class);
        assertThat(keycloak.issued()).isEqualTo(2);
        assertThat(keycloak.links()).hasSize(1);
    }

    @Test
    void aTokenThatEndsSoonIsNotKept() {
        keycloak.tokenLifetime(5);
        keycloak.user("mary@example.org", true, true);

        accounts.find("mary@example.org");
        accounts.find("mary@example.org");

        assertThat(keycloak.issued()).isEqualTo(2);
    }

    @Test
    void wrongCredentialsSendNothingAndTellNoSecret() throws Exception {
        keycloak.user("mary@example.org", true, true);
        Files.writeString(folder.resolve("secret"), "another");

        assertThatThrownBy(() -> accounts.find("mary@example.org"))
                .isInstanceOfSatisfying(NoReplyException.class, e -> {
                    assertThat(e.sent()).isFalse();
                    assertThat(e.reason()).isEqualTo("keycloak gave us no token (401)");
                });
    }

    @Test
    void anAccountThatHasChangedSinceGetsNoLink() {
        String id = keycloak.user("mary@example.org", true, true);
        Account account = accounts.find("mary@example.org").orElseThrow();
        keycloak.change(id, "email", "thief@example.org");

        assertThat(accounts.reset(key(), account))
                .isInstanceOfSatisfying(Answer.Refused.class, refused -> assertThat(refused.code())
                        .isEqualTo("account_changed"));
        assertThat(accounts.reset(key(), new Account("gone", "mary@example.org")))
                .isInstanceOf(Answer.Refused.class);
        assertThat(keycloak.links()).isEmpty();
    }

    @Test
    void aRealmWithoutAdminEventsIsNotBelievedThatNothingWasDone() {
        keycloak.keepNoEvents();
        keycloak.user("mary@example.org", true, true);
        Account account = accounts.find("mary@example.org").orElseThrow();
        String key = key();
        String mark = accounts.mark(account);
        keycloak.next(Fault.DO_AND_BREAK);
        assertThatThrownBy(() -> accounts.reset(key, account)).isInstanceOf(NoReplyException.class);

        assertThatThrownBy(() -> accounts.outcome(key, account, mark))
                .isInstanceOf(NoReplyException.class)
                .hasMessageContaining("keeps no admin events");
    }
}
