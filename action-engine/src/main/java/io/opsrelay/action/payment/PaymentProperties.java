package io.opsrelay.action.payment;

import io.opsrelay.security.tenant.ClientId;
import java.time.Duration;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Whose money is where, and how long and how often a provider is bothered.
 *
 * @param provider the provider of all clients that {@code providers} does not name
 * @param providers by client, the name of its provider
 * @param timeLimit for one call
 * @param failureRate percentage of failed calls among the last {@code window} that stops calls
 * @param window number of calls that are looked at
 * @param openFor how long calls stay stopped
 */
@ConfigurationProperties("opsrelay.payment")
record PaymentProperties(
        @DefaultValue("sandbox") String provider,
        @DefaultValue Map<String, String> providers,
        @DefaultValue("10s") Duration timeLimit,
        @DefaultValue("50") int failureRate,
        @DefaultValue("20") int window,
        @DefaultValue("5s") Duration openFor) {

    PaymentProperties {
        providers = Map.copyOf(providers);
        for (String client : providers.keySet()) {
            if (!ClientId.isValid(client)) {
                throw new IllegalArgumentException("opsrelay.payment.providers: not a client id: " + client);
            }
        }
        if (!timeLimit.isPositive()) {
            throw new IllegalArgumentException("opsrelay.payment.time-limit must be positive, not " + timeLimit);
        }
        if (failureRate < 1 || failureRate > 100) {
            throw new IllegalArgumentException("opsrelay.payment.failure-rate is a percentage, not " + failureRate);
        }
        if (window < 1) {
            throw new IllegalArgumentException("opsrelay.payment.window must be at least 1, not " + window);
        }
        if (!openFor.isPositive()) {
            throw new IllegalArgumentException("opsrelay.payment.open-for must be positive, not " + openFor);
        }
    }

    /** The name of a client's provider. */
    String providerOf(String clientId) {
        return providers.getOrDefault(clientId, provider);
    }
}
