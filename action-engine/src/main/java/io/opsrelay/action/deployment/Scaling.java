package io.opsrelay.action.deployment;

/**
 * How many instances shall run. Equal ends are a fixed number; otherwise an autoscaler chooses between them.
 *
 * @param minReplicas fewest
 * @param maxReplicas most
 */
public record Scaling(int minReplicas, int maxReplicas) {

    public Scaling {
        if (minReplicas < 0 || maxReplicas < minReplicas) {
            throw new IllegalArgumentException("no range of replicas: " + minReplicas + " to " + maxReplicas);
        }
    }

    /** Exactly that many. */
    public static Scaling to(int replicas) {
        return new Scaling(replicas, replicas);
    }

    /** Whether it is one number. */
    public boolean fixed() {
        return minReplicas == maxReplicas;
    }

    @Override
    public String toString() {
        return fixed() ? Integer.toString(minReplicas) : minReplicas + " to " + maxReplicas;
    }
}
