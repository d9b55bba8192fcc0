package io.opsrelay.benchmarks.gateways;

/** Something that is done to the gateways, to what they stand on, or by their clients. */
enum Fault {
    /** SIGKILL of one gateway, and another start. */
    KILL_GATEWAY("kill -9", true),
    /** SIGTERM of one gateway, and another start. */
    DRAIN_GATEWAY("SIGTERM", true),
    /** SIGSTOP of one gateway for 3 s. */
    STOP_GATEWAY("SIGSTOP 3 s", true),
    /** SIGKILL of Kafka, and another start. */
    KILL_KAFKA("kill -9 kafka", true),
    /** SIGKILL of Redis, and another start. */
    KILL_REDIS("kill -9 redis", false),
    /** FLUSHALL. */
    FLUSH_REDIS("flush redis", false),
    /** Some clients stop reading for a while. */
    STALL("stall", false),
    /** Some clients drop their connection. */
    DROP("drop", false);

    private final String words;
    private final boolean needsAll;

    Fault(String words, boolean needsAll) {
        this.words = words;
        this.needsAll = needsAll;
    }

    String words() {
        return words;
    }

    /** Whether both gateways must serve before: one at a time is away, or what a drain costs could not be told. */
    boolean needsAll() {
        return needsAll;
    }
}
