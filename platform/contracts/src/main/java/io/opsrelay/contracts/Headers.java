package io.opsrelay.contracts;

/** Kafka header names of an event: CloudEvents 1.0 in binary mode, values in UTF-8. The record's value is JSON. */
public final class Headers {

    /** Always {@code 1.0}. */
    public static final String SPEC_VERSION = "ce_specversion";

    /** A UUID, unique per event; consumers apply each id once. */
    public static final String ID = "ce_id";

    /** The service that wrote it. */
    public static final String SOURCE = "ce_source";

    /** See {@link EventType#value()}. */
    public static final String TYPE = "ce_type";

    /** When it happened, RFC 3339 UTC. */
    public static final String TIME = "ce_time";

    /** The entity that it is about. */
    public static final String SUBJECT = "ce_subject";

    /** The client (tenant) that owns it. */
    public static final String CLIENT = "ce_clientid";

    /** Id of the event that caused it, if one did. */
    public static final String CAUSATION = "ce_causationid";

    /** Feed records only: see {@link FeedRecord#channel()}. */
    public static final String CHANNEL = "ce_channel";

    /** Feed records only: see {@link FeedRecord#type()}. */
    public static final String FRAME = "ce_frame";

    /** W3C trace context. */
    public static final String TRACE_PARENT = "traceparent";

    /** MIME type of the value. */
    public static final String CONTENT_TYPE = "content-type";

    /** Dead letters only: why the record was set aside, for a person. */
    public static final String DEAD_REASON = "dead_reason";

    /** Dead letters only: the consumer group that could not use it, or {@code gateway}. */
    public static final String DEAD_CONSUMER = "dead_consumer";

    /** Dead letters only: topic-partition@offset it was read from. */
    public static final String DEAD_ORIGIN = "dead_origin";

    /** Dead letters only: when it was set aside, RFC 3339 UTC. */
    public static final String DEAD_TIME = "dead_time";

    /**
     * Dead letters only: the client (tenant) they belong to, where the consumer knows it from elsewhere than the record;
     * absent otherwise. Of what other systems write, {@link #CLIENT} says nothing.
     */
    public static final String DEAD_CLIENT = "dead_client";

    /** Records published again only: the consumer group it is meant for; the others pass it over. */
    public static final String REPLAY_FOR = "replay_for";

    /** Records published again only: id of the dead letter they were, the same at every try. */
    public static final String REPLAY_OF = "replay_of";

    private Headers() {}
}
