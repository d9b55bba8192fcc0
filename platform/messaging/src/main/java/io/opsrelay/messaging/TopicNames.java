package io.opsrelay.messaging;

import io.opsrelay.contracts.Topics;

/**
 * Full topic names of this deployment.
 *
 * @param prefix {@code opsrelay} unless several deployments share a broker
 */
public record TopicNames(String prefix) {

    /** {@code ticket.v1} as Kafka knows it. */
    public String full(String topic) {
        return prefix + "." + topic;
    }

    /** The dead-letter topic beside a full topic name. */
    public static String deadLettersOf(String fullTopic) {
        return fullTopic + Topics.DEAD_LETTER_SUFFIX;
    }
}
