package io.opsrelay.action.guardrail;

import io.micrometer.core.instrument.MeterRegistry;

/** What this service counts about guardrails. */
enum GuardrailMetric {
    /** Actions that a guardrail kept from beginning. Tag: kind of rule. */
    BARRED("opsrelay.actions.guardrails.barred"),
    /** Guardrails that an admin's break-glass set aside for an action that began. Tag: kind of rule. */
    SET_ASIDE("opsrelay.actions.guardrails.set.aside"),
    /** Breakers that opened. Tag: kind of rule. */
    OPENED("opsrelay.actions.guardrails.opened"),
    /** Changes of guardrails, kill switches and breakers by people. Tag: what was changed. */
    CHANGED("opsrelay.actions.guardrails.changed");

    private final String meterName;

    GuardrailMetric(String meterName) {
        this.meterName = meterName;
    }

    /** Adds one. */
    void count(MeterRegistry registry, String kind) {
        registry.counter(meterName, "kind", kind).increment();
    }
}
