package io.opsrelay.action.kubernetes;

import io.micrometer.core.instrument.MeterRegistry;
import io.opsrelay.action.deployment.Operation;

/** What this service counts about clusters. Tags: cluster, operation. */
enum KubernetesMetric {
    /** Changes that the cluster has taken. */
    TAKEN("opsrelay.kubernetes.changes.taken"),
    /** Changes that had to be made anew, since something else had changed the same object. */
    CONFLICT("opsrelay.kubernetes.changes.conflicts"),
    /** Changes that failed and were taken back. */
    UNDONE("opsrelay.kubernetes.changes.undone"),
    /** Changes that failed and could not be taken back: a person must look at each. */
    NOT_UNDONE("opsrelay.kubernetes.changes.not_undone");

    private final String meterName;

    KubernetesMetric(String meterName) {
        this.meterName = meterName;
    }

    /** Adds one. */
    void count(MeterRegistry registry, Cluster cluster, Operation operation) {
        registry.counter(meterName, "cluster", cluster.properties().name(), "operation", operation.verb())
                .increment();
    }
}
