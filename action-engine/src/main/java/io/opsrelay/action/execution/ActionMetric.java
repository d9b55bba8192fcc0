package io.opsrelay.action.execution;

import io.micrometer.core.instrument.MeterRegistry;

/** What this service counts about actions. */
enum ActionMetric {
    /** Actions that took a status. Tags: type, status. */
    MOVED("opsrelay.actions.moved", "status"),
    /** Grants that were not believed, and nothing was executed. Tags: type, why. */
    GRANT_REFUSED("opsrelay.actions.grants.refused", "why"),
    /** Lost answers that the provider settled when asked. Tags: type, found (true: it had been done). */
    RECONCILED("opsrelay.actions.reconciled", "found"),
    /** Actions that found their target taken. Tags: type, for (action: one holds it; line: others wait longer). */
    WAITED("opsrelay.actions.waited", "for"),
    /** Requests that set guardrails aside, and executions for which any were. Tags: type, step. */
    BREAK_GLASS("opsrelay.actions.break.glass", "step");

    private final String meterName;
    private final String tag;

    ActionMetric(String meterName, String tag) {
        this.meterName = meterName;
        this.tag = tag;
    }

    /** Adds one. */
    void count(MeterRegistry registry, String actionType, String value) {
        registry.counter(meterName, "type", actionType, tag, value).increment();
    }
}
