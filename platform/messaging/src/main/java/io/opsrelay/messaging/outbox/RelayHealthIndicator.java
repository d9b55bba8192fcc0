package io.opsrelay.messaging.outbox;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Shows the relay's trouble. Kafka being away does not make a service unready: it still accepts, and sends later. */
final class RelayHealthIndicator implements HealthIndicator {

    private final Relay relay;

    RelayHealthIndicator(Relay relay) {
        this.relay = relay;
    }

    @Override
    public Health health() {
        String trouble = relay.trouble();
        return trouble == null
                ? Health.up().build()
                : Health.up().withDetail("trouble", trouble).build();
    }
}
