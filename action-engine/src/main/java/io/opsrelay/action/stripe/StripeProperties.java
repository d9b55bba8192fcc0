package io.opsrelay.action.stripe;

import io.opsrelay.security.tenant.ClientId;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How Stripe is reached, and whose account is which.
 *
 * @param apiBase where its API is
 * @param connectTimeout for a connection
 * @param readTimeout for an answer; longer than opsrelay.payment.time-limit, so that a late answer is not cut off
 * @param repeatWithin how long after its first call a refund may be sent again with its key: less than the 24 hours for
 *     which Stripe keeps keys at least
 * @param settleAfter how long after its first call a refund that is not among the charge's refunds counts as not made
 * @param recent how far back charges are listed which the search may not know yet
 * @param recentPages how many pages of 100 are read of them at most
 * @param accounts by client
 */
@ConfigurationProperties("opsrelay.stripe")
record StripeProperties(
        @DefaultValue("https://api.stripe.com") URI apiBase,
        @DefaultValue("5s") Duration connectTimeout,
        @DefaultValue("30s") Duration readTimeout,
        @DefaultValue("23h") Duration repeatWithin,
        @DefaultValue("24h") Duration settleAfter,
        @DefaultValue("2h") Duration recent,
        @DefaultValue("5") int recentPages,
        @DefaultValue Map<String, Account> accounts) {

    private static final Duration LONGEST_REPEAT = Duration.ofHours(24);

    StripeProperties {
        accounts = Map.copyOf(accounts);
        if (!"https".equals(apiBase.getScheme()) && !"http".equals(apiBase.getScheme())) {
            throw new IllegalArgumentException("opsrelay.stripe.api-base is not http(s): " + apiBase);
        }
        if (!connectTimeout.isPositive() || !readTimeout.isPositive() || !recent.isPositive()) {
            throw new IllegalArgumentException("opsrelay.stripe: durations must be positive");
        }
        if (!repeatWithin.isPositive() || repeatWithin.compareTo(LONGEST_REPEAT) >= 0) {
            throw new IllegalArgumentException(
                    "opsrelay.stripe.repeat-within must be less than 24 hours, for Stripe may forget a key then: "
                            + repeatWithin);
        }
        if (settleAfter.compareTo(repeatWithin) <= 0) {
            throw new IllegalArgumentException(
                    "opsrelay.stripe.settle-after must be more than repeat-within, not " + settleAfter);
        }
        if (recentPages < 0) {
            throw new IllegalArgumentException("opsrelay.stripe.recent-pages must not be negative");
        }
        Set<String> channels = new HashSet<>();
        accounts.forEach((client, account) -> {
            if (!ClientId.isValid(client)) {
                throw new IllegalArgumentException("opsrelay.stripe.accounts: not a client id: " + client);
            }
            account.check("opsrelay.stripe.accounts." + client);
            if (account.webhookChannel() != null && !channels.add(account.webhookChannel())) {
                throw new IllegalArgumentException("opsrelay.stripe.accounts." + client
                        + ".webhook-channel is another account's: each needs its own");
            }
        });
    }

    /**
     * A client's account.
     *
     * @param apiKeyFile file with its restricted key; read again when it changes
     * @param orderMetadata key of the metadata in which the shop writes the order's number
     * @param connectedAccount id of the connected account whose charges they are, where the key is a platform's
     * @param webhookChannel last part of the path at which its webhooks arrive
     * @param webhookSecretFiles files with the signing secrets of its webhook endpoint, several while one replaces another
     */
    record Account(
            Path apiKeyFile,
            @DefaultValue("order_id") String orderMetadata,
            @Nullable String connectedAccount,
            @Nullable String webhookChannel,
            @DefaultValue List<Path> webhookSecretFiles) {

        private static final Pattern METADATA = Pattern.compile("[A-Za-z0-9_. -]{1,40}");
        private static final Pattern CHANNEL = Pattern.compile("[A-Za-z0-9_-]{8,64}");

        Account {
            webhookSecretFiles = List.copyOf(webhookSecretFiles);
            connectedAccount = connectedAccount == null || connectedAccount.isBlank() ? null : connectedAccount;
            webhookChannel = webhookChannel == null || webhookChannel.isBlank() ? null : webhookChannel;
        }

        private void check(String property) {
            if (apiKeyFile == null || apiKeyFile.toString().isBlank()) {
                throw new IllegalArgumentException(property + ".api-key-file is not set");
            }
            if (!METADATA.matcher(orderMetadata).matches()) {
                throw new IllegalArgumentException(property + ".order-metadata is not a key of metadata");
            }
            if (connectedAccount != null && !connectedAccount.startsWith("acct_")) {
                throw new IllegalArgumentException(property + ".connected-account must begin with acct_");
            }
            if (webhookChannel != null && !CHANNEL.matcher(webhookChannel).matches()) {
                throw new IllegalArgumentException(
                        property + ".webhook-channel must be 8 to 64 letters, figures, _ or -, and hard to guess");
            }
            if ((webhookChannel == null) != webhookSecretFiles.isEmpty()) {
                throw new IllegalArgumentException(
                        property + ": webhook-channel and webhook-secret-files belong together");
            }
        }
    }
}
