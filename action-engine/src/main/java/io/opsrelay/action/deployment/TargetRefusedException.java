package io.opsrelay.action.deployment;

/** A provider will not have a target: its place is not known, or it may not be looked at. Nothing was changed. */
public final class TargetRefusedException extends RuntimeException {

    private final String field;
    private final String code;

    /**
     * @param field the argument that is to blame, e.g. {@code cluster_name}
     * @param code for machines, e.g. {@code unknown_cluster}
     * @param reason for a person, with what to do
     */
    public TargetRefusedException(String field, String code, String reason) {
        super(reason);
        this.field = field;
        this.code = code;
    }

    /** The argument that is to blame. */
    public String field() {
        return field;
    }

    /** For machines. */
    public String code() {
        return code;
    }

    /** For a person. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
