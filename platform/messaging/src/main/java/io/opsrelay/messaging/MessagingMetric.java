package io.opsrelay.messaging;

/** The metrics of this module. Counters and timers are tagged as their description says. */
public enum MessagingMetric {
    /** Rows sent and acknowledged, by topic. */
    OUTBOX_SENT("opsrelay.outbox.sent", "rows", "Outbox rows acknowledged by Kafka, by topic"),
    /** From the event to Kafka's acknowledgement. */
    OUTBOX_DELAY("opsrelay.outbox.delay", "seconds", "Time from an event to its acknowledgement by Kafka"),
    /** Batches that failed and are sent again. */
    OUTBOX_RETRIES("opsrelay.outbox.retries", "batches", "Batches that Kafka or the database did not take at once"),
    /** Rows that Kafka will never take; they stay in the outbox with the reason. */
    OUTBOX_REFUSED("opsrelay.outbox.refused", "rows", "Outbox rows that Kafka refuses for good, by topic"),
    /** Age of the oldest row that waits; grows while Kafka is away. */
    OUTBOX_LAG("opsrelay.outbox.lag", "seconds", "Age of the oldest unsent outbox row"),
    /** Whether this instance relays. */
    OUTBOX_ACTIVE("opsrelay.outbox.active", "boolean", "1 on the instance that relays, 0 on those that stand by"),
    /** Events applied, by consumer and type. */
    EVENTS_APPLIED("opsrelay.events.applied", "events", "Events applied, by consumer and type"),
    /** Events that the inbox knew already, by consumer. */
    EVENTS_DUPLICATE(
            "opsrelay.events.duplicate", "events", "Events dropped because they were applied before, by consumer"),
    /** Events of no interest to a consumer, by consumer. */
    EVENTS_SKIPPED("opsrelay.events.skipped", "events", "Events a consumer has no handler for, by consumer"),
    /** Records published again for another consumer, by the consumer that passed over them. */
    REPLAYS_PASSED_OVER(
            "opsrelay.replays.passed.over",
            "records",
            "Records published again for another consumer, by the consumer that passed over them"),
    /** Deliveries that failed and will be tried again, by consumer and cause. */
    EVENTS_RETRIED(
            "opsrelay.events.retried", "deliveries", "Failed deliveries that are tried again, by consumer and cause"),
    /** Records set aside, by topic and consumer. */
    DEAD_LETTERS("opsrelay.dead.letters", "records", "Records put on a dead-letter topic, by topic and consumer"),
    /** Jobs being worked, by queue. */
    JOBS_RUNNING("opsrelay.jobs.running", "jobs", "Jobs that this instance works on now, by queue"),
    /** Jobs done, by queue and kind. */
    JOBS_DONE("opsrelay.jobs.done", "jobs", "Jobs that ran to their end, by queue and kind"),
    /** Tries that failed, by queue and kind. */
    JOBS_RETRIED("opsrelay.jobs.retried", "tries", "Tries of jobs that failed and are made again, by queue and kind"),
    /** Jobs that no try helped and that were ended where people see it, by queue and kind. */
    JOBS_ABANDONED("opsrelay.jobs.abandoned", "jobs", "Jobs given up after failing again and again, by queue and kind");

    private final String id;
    private final String unit;
    private final String meaning;

    MessagingMetric(String id, String unit, String meaning) {
        this.id = id;
        this.unit = unit;
        this.meaning = meaning;
    }

    /** Name in the registry. */
    public String id() {
        return id;
    }

    /** What is counted or measured. */
    public String unit() {
        return unit;
    }

    /** One sentence for the reference page. */
    public String meaning() {
        return meaning;
    }
}
