package io.opsrelay.action.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opsrelay.action.payment.AnswerLostException;
import io.opsrelay.action.stripe.StripeProperties.Account;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StripePropertiesTest {

    @TempDir
    private Path folder;

    @Test
    void whatIsWrongIsNamed() {
        Path key = folder.resolve("key");
        assertThatThrownBy(() -> account(key, null, "short", List.of(key))).hasMessageContaining("webhook-channel");
        assertThatThrownBy(() -> account(key, null, "long-enough", List.of())).hasMessageContaining("belong together");
        assertThatThrownBy(() -> account(key, null, null, List.of(key))).hasMessageContaining("belong together");
        assertThatThrownBy(() -> account(Path.of(""), null, null, List.of()))
                .hasMessageContaining("opsrelay.stripe.accounts.acme.api-key-file is not set");
        assertThatThrownBy(() -> account(key, "cus_1", null, List.of())).hasMessageContaining("acct_");
        assertThatThrownBy(() -> properties(Map.of("Not A Client", good(key)))).hasMessageContaining("client id");
        assertThatThrownBy(() -> properties(Map.of("acme", good(key), "globex", good(key))))
                .hasMessageContaining("another account's");
        assertThatThrownBy(() -> times(Duration.ofHours(24), Duration.ofHours(25)))
                .hasMessageContaining("repeat-within must be less than 24 hours");
        assertThatThrownBy(() -> times(Duration.ofHours(23), Duration.ofHours(23)))
                .hasMessageContaining("settle-after");
    }

    @Test
    void aKeyThatCannotBeReadStopsTheStartAndIsNotQuoted() throws IOException {
        Path file = folder.resolve("key");
        StripeProperties properties = properties(Map.of("acme", good(file)));
        assertThatThrownBy(() -> new StripeAccounts(properties))
                .isInstanceOf(AnswerLostException.class)
                .hasMessageContaining("opsrelay.stripe.accounts.acme.api-key-file cannot be read");

        Files.writeString(file, "rk_live_secret and more");
        assertThatThrownBy(() -> new StripeAccounts(properties))
                .hasMessageContaining("does not hold a key")
                .hasMessageNotContaining("secret");

        Files.writeString(file, "rk_live_abcdefgh\n");
        assertThat(new StripeAccounts(properties).has("acme")).isTrue();
        assertThat(properties.toString()).doesNotContain("abcdefgh");
    }

    @Test
    void aChannelsSecretsAreWhatItsFilesHoldNow() throws IOException {
        // given
        Path key = Files.writeString(folder.resolve("key"), "rk_live_abcdefgh");
        Path old = folder.resolve("old");
        Path now = Files.writeString(folder.resolve("now"), "whsec_now\n");
        StripeAccounts accounts = new StripeAccounts(
                properties(Map.of("acme", new Account(key, "order_id", null, "channel-1", List.of(old, now)))));

        // then
        assertThat(accounts.channel("channel-1").orElseThrow().secrets()).containsExactly("whsec_now");
        assertThat(accounts.channel("channel-2")).isEmpty();

        // when
        Files.writeString(old, "whsec_old");

        // then
        assertThat(accounts.channel("channel-1").orElseThrow())
                .satisfies(channel -> assertThat(channel.secrets()).containsExactly("whsec_old", "whsec_now"))
                .satisfies(channel -> assertThat(channel.toString()).doesNotContain("whsec"));
    }

    private static Account good(Path key) {
        return new Account(key, "order_id", null, "channel-1", List.of(key));
    }

    private static StripeProperties account(
            Path key, @Nullable String connected, @Nullable String channel, List<Path> secrets) {
        return properties(Map.of("acme", new Account(key, "order_id", connected, channel, secrets)));
    }

    private static StripeProperties properties(Map<String, Account> accounts) {
        return properties(Duration.ofHours(23), Duration.ofHours(24), accounts);
    }

    private static StripeProperties times(Duration repeat, Duration settle) {
        return properties(repeat, settle, Map.of());
    }

    private static StripeProperties properties(Duration repeat, Duration settle, Map<String, Account> accounts) {
        return new StripeProperties(
                URI.create("https://api.stripe.com"),
                Duration.ofSeconds(5),
                Duration.ofSeconds(30),
                repeat,
                settle,
                Duration.ofHours(2),
                5,
                accounts);
    }
}
