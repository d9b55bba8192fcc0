package io.opsrelay.action.stripe;

import com.stripe.Stripe;
import com.stripe.StripeClient;
import io.opsrelay.action.payment.AnswerLostException;
import io.opsrelay.action.stripe.StripeProperties.Account;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * The clients' accounts at Stripe. Keys and secrets are read from their files, anew whenever these change, and are told to
 * nobody. Thread-safe.
 */
@Component
public class StripeAccounts {

    private static final Logger LOG = LoggerFactory.getLogger(StripeAccounts.class);

    static {
        // Else each request tells how long the one before it took.
        Stripe.enableTelemetry = false;
    }

    private final StripeProperties properties;
    private final Map<String, Access> byClient = new ConcurrentHashMap<>();

    StripeAccounts(StripeProperties properties) {
        this.properties = properties;
        properties.accounts().keySet().forEach(this::access);
    }

    boolean has(String clientId) {
        return properties.accounts().containsKey(clientId);
    }

    Account settings(String clientId) {
        Account account = properties.accounts().get(clientId);
        if (account == null) {
            throw new IllegalStateException("opsrelay.stripe.accounts has no " + clientId);
        }
        return account;
    }

    /** Stripe with the client's key as it is now. */
    StripeClient of(String clientId) {
        return access(clientId).client();
    }

    private Access access(String clientId) {
        Account account = settings(clientId);
        String key = keyIn("opsrelay.stripe.accounts." + clientId + ".api-key-file", account.apiKeyFile());
        return byClient.compute(
                clientId,
                (client, known) -> known != null && known.key().equals(key) ? known : connect(client, account, key));
    }

    private Access connect(String clientId, Account account, String key) {
        if (key.startsWith("sk_")) {
            LOG.warn(
                    "The key of {} at Stripe may do everything; a restricted key that may only do what is needed"
                            + " is safer (docs/stripe.md)",
                    clientId);
        }
        StripeClient client = StripeClient.builder()
                .setApiKey(key)
                .setApiBase(properties.apiBase().toString())
                .setStripeAccount(account.connectedAccount())
                .setConnectTimeout((int) properties.connectTimeout().toMillis())
                .setReadTimeout((int) properties.readTimeout().toMillis())
                // What is sent again is decided by who knows what became of the first time.
                .setMaxNetworkRetries(0)
                .setHttpClient(new SavedErrorClient())
                .build();
        return new Access(key, client);
    }

    private static String keyIn(String property, Path file) {
        try {
            String key = Files.readString(file).strip();
            if (!key.matches("[A-Za-z0-9_]{8,500}")) {
                throw new AnswerLostException(property + " does not hold a key: put a restricted key (rk_...) there");
            }
            return key;
        } catch (IOException e) {
            throw new AnswerLostException(property + " cannot be read: " + file, e);
        }
    }

    /** The account whose webhooks arrive at that channel, if there is one. */
    public Optional<Channel> channel(String webhookChannel) {
        return properties.accounts().entrySet().stream()
                .filter(account -> webhookChannel.equals(account.getValue().webhookChannel()))
                .findFirst()
                .map(account -> new Channel(
                        account.getKey(), account.getValue().connectedAccount(), secretsOf(account.getValue())));
    }

    /** While one secret replaces another, the file of either may be gone. */
    private static List<String> secretsOf(Account account) {
        List<String> secrets = new ArrayList<>();
        for (Path file : account.webhookSecretFiles()) {
            try {
                String secret = Files.readString(file).strip();
                if (!secret.isEmpty()) {
                    secrets.add(secret);
                }
            } catch (IOException e) {
                LOG.warn("A secret of webhooks cannot be read: {}", file);
            }
        }
        return secrets;
    }

    /**
     * Where an account's webhooks arrive.
     *
     * @param connectedAccount whose events count, where the endpoint hears those of several
     * @param secrets any of which may have signed; none where no file can be read
     */
    public record Channel(String clientId, @Nullable String connectedAccount, List<String> secrets) {

        public Channel {
            secrets = List.copyOf(secrets);
        }

        /** Without the secrets. */
        @Override
        public String toString() {
            return "Channel[" + clientId + "]";
        }
    }

    private record Access(String key, StripeClient client) {

        /** Without the key. */
        @Override
        public String toString() {
            return "Access";
        }
    }
}
