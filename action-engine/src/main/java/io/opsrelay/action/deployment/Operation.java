package io.opsrelay.action.deployment;

/** What can be done to a deployment. */
public enum Operation {
    /** All instances anew, one after the other; each is away for a moment. */
    RESTART("restart_deployment", "restart"),
    /** Another number of instances. */
    SCALE("scale_deployment", "scale"),
    /** All instances anew, each replaced before it ends. */
    ROLLOUT("rollout_restart", "rollout"),
    /** Back to the revision that ran before. */
    ROLLBACK("rollback_deployment", "rollback");

    private final String actionType;
    private final String verb;

    Operation(String actionType, String verb) {
        this.actionType = actionType;
        this.verb = verb;
    }

    /** The catalogue's name, which is the path's last segment as well. */
    public String actionType() {
        return actionType;
    }

    /** One word for it: restart, scale, rollout or rollback. */
    public String verb() {
        return verb;
    }
}
