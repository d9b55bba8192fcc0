package io.opsrelay.agent.workflow;

/** A setting that cannot be. */
final class InvalidWorkflowException extends IllegalArgumentException {

    private final String field;

    InvalidWorkflowException(String field, String reason) {
        super(reason);
        this.field = field;
    }

    String field() {
        return field;
    }
}
