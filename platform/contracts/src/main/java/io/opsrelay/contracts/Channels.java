package io.opsrelay.contracts;

import java.util.List;

/** Feed channels that dashboards subscribe to. {@code ticket:<id>} is cut from {@link #TICKETS} by the gateway. */
public final class Channels {

    /** Written by ingestion-service in the commit that changes a ticket. */
    public static final String TICKETS = "tickets";

    /** Written by approval-service in the commit that changes an approval request. */
    public static final String APPROVALS = "approvals";

    /** Written by action-engine in the commit that changes an action. */
    public static final String ACTIONS = "actions";

    /** Written by agent-service in the commit that changes what an AI employee did or whether it is at work. */
    public static final String AI = "ai";

    /** Written by ingestion-service in the commit that changes the dashboards' numbers. A state channel. */
    public static final String METRICS = "metrics";

    /** Channels that have a writer. */
    public static final List<String> WRITTEN = List.of(TICKETS, APPROVALS, ACTIONS, AI, METRICS);

    private Channels() {}
}
