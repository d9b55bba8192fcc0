package io.opsrelay.action.account;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.action.account.AccountProperties.Http;
import io.opsrelay.action.remote.FakeServer;
import io.opsrelay.action.remote.FakeServer.Fault;
import io.opsrelay.action.remote.RemoteSystem;
import io.opsrelay.action.remote.Signature;
import io.opsrelay.messaging.Ids;
import io.opsrelay.security.outbound.GuardedHttp;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SignedAccountsTest extends AccountProviderKit {

    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    @TempDir
    private Path folder;

    private final Server server = new Server();
    private final GuardedHttp http = new GuardedHttp();
    private SignedAccounts accounts;

    @BeforeEach
    void connect() throws Exception {
        Clock clock = Clock.systemUTC();
        accounts = new SignedAccounts(
                new Http(
                        server.url() + "/lookup",
                        server.url() + "/resets",
                        server.url() + "/resets/{key}",
                        Files.writeString(folder.resolve("secret"), SECRET),
                        Map.of("account_id", "userId"),
                        "/user/id",
                        "/user/mail",
                        "/resetId",
                        Duration.ofSeconds(6),
                        true,
                        true),
                new RemoteSystem(SignedAccounts.NAME, http, Duration.ofSeconds(6), true, clock),
                Ids.uuidV7(clock),
                clock);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        http.close();
    }

    @Override
    AccountProvider provider() {
        return accounts;
    }

    @Override
    String newAccount(String email) {
        server.users.put(email, "user-" + server.users.size());
        return server.users.get(email);
    }

    @Override
    List<String> linksSent() {
        return server.links;
    }

    @Override
    void next(Fault fault) {
        server.next(fault);
    }

    @Test
    void theSameKeySendsOneLinkHoweverOftenItIsSent() {
        newAccount("mary@example.org");
        Account account = accounts.find("mary@example.org").orElseThrow();
        String key = key();

        accounts.reset(key, account);
        accounts.reset(key, account);

        assertThat(server.links).hasSize(1);
        assertThat(server.acts())
                .extracting(asked -> asked.header("idempotency-key"))
                .containsExactly(key, key);
    }

    @Test
    void noAddressOfACustomerStandsInAUrl() {
        newAccount("mary@example.org");

        accounts.reset(key(), accounts.find("mary@example.org").orElseThrow());

        assertThat(server.asked()).noneMatch(asked -> (asked.path() + asked.query()).contains("mary"));
    }

    /** Believes nobody whose signature does not fit. */
    private static final class Server extends FakeServer {

        private final Map<String, String> users = new LinkedHashMap<>();
        private final Map<String, String> resets = new LinkedHashMap<>();
        private final List<String> links = new ArrayList<>();

        @Override
        protected boolean acts(Asked asked) {
            return asked.path().equals("/resets");
        }

        @Override
        protected synchronized Told answer(Asked asked) {
            String id = asked.header("webhook-id");
            Map<String, String> expected = Signature.headers(
                    SECRET,
                    id,
                    Instant.ofEpochSecond(Long.parseLong(asked.header("webhook-timestamp"))),
                    asked.body().getBytes(StandardCharsets.UTF_8));
            if (!asked.header("webhook-signature").equals(expected.get("Webhook-Signature"))) {
                return Told.json(401, Map.of("message", "bad signature"));
            }
            if (asked.path().equals("/lookup")) {
                String mail = asked.json().path("email").asString().toLowerCase(Locale.ROOT);
                String user = users.get(mail);
                return user == null
                        ? Told.json(404, "{}")
                        : Told.json(200, Map.of("user", Map.of("id", user, "mail", mail)));
            }
            if (asked.method().equals("GET")) {
                String key = asked.path().substring("/resets/".length());
                return resets.containsKey(key)
                        ? Told.json(200, Map.of("resetId", resets.get(key)))
                        : Told.json(404, "{}");
            }
            String key = asked.json().path("key").asString();
            String user = asked.json().path("userId").asString();
            if (!resets.containsKey(key)) {
                links.add(user);
                resets.put(key, "reset-" + links.size());
            }
            return Told.json(202, Map.of("resetId", resets.get(key)));
        }
    }
}
