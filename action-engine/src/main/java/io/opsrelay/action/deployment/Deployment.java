package io.opsrelay.action.deployment;

/**
 * A deployment as its provider describes it now.
 *
 * @param service its name
 * @param replicas instances that shall run
 * @param maxReplicas most instances that the provider can run
 */
public record Deployment(String service, int replicas, int maxReplicas) {}
