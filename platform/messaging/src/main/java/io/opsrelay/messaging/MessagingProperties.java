package io.opsrelay.messaging;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How events travel.
 *
 * @param relayUser database role of the outbox relay
 * @param relayPassword its password
 * @param batchSize most outbox rows per round
 * @param pollInterval how often the relay looks for rows that nobody has told it of; its own instance and the others tell it
 *     at once
 * @param leaseDuration how long a relay that vanished holds the others off
 * @param consumersPerSubscription consumer threads of each subscription in this instance
 * @param gatherTime pause of a consumer after it has applied what it got, in which further events may gather; a
 *     lone event does not wait for it
 * @param partitions partitions of a topic that is created here
 * @param attempts how often a record whose handler fails for no transient reason is tried before it is set aside
 * @param maxBackOff longest pause of a partition between tries
 * @param maxRecordSize largest record, headers included; a larger one stays in the outbox, refused
 * @param inboxDays how long applied events are remembered, at least as long as any topic keeps them
 */
@ConfigurationProperties("opsrelay.messaging")
public record MessagingProperties(
        @DefaultValue("") String relayUser,
        @DefaultValue("") String relayPassword,
        @DefaultValue("1000") int batchSize,
        @DefaultValue("250ms") Duration pollInterval,
        @DefaultValue("4s") Duration leaseDuration,
        @DefaultValue("1") int consumersPerSubscription,
        @DefaultValue("25ms") Duration gatherTime,
        @DefaultValue("6") int partitions,
        @DefaultValue("5") int attempts,
        @DefaultValue("10s") Duration maxBackOff,
        @DefaultValue("2MB") DataSize maxRecordSize,
        @DefaultValue("40") int inboxDays) {

    public MessagingProperties {
        positive(batchSize, "batch-size");
        positive(consumersPerSubscription, "consumers-per-subscription");
        positive(partitions, "partitions");
        positive(attempts, "attempts");
        positive(inboxDays, "inbox-days");
        if (relayUser.isBlank()) {
            throw new IllegalArgumentException("opsrelay.messaging.relay-user is not set");
        }
    }

    private static void positive(int value, String name) {
        if (value < 1) {
            throw new IllegalArgumentException("opsrelay.messaging." + name + " must be at least 1, not " + value);
        }
    }
}
