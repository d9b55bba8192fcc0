package io.opsrelay.action.cloudrun;

import com.google.api.gax.rpc.ApiException;
import com.google.api.gax.rpc.StatusCode;
import io.grpc.Status;

/** Cloud Run did not do what a call asked for. */
final class CloudRunException extends RuntimeException {

    private final Kind kind;
    private final String code;

    private CloudRunException(Kind kind, String code, String reason, Throwable cause) {
        super(reason, cause);
        this.kind = kind;
        this.code = code;
    }

    /** What a failed call comes to. */
    enum Kind {
        /** There is no such thing. */
        NOT_FOUND,
        /** It has changed since it was read; read it anew. */
        CONFLICT,
        /** Too many calls; later. */
        THROTTLED,
        /** It will not be done. */
        REFUSED,
        /** No answer that tells: it may have been done or not. */
        LOST
    }

    static CloudRunException of(ApiException e) {
        StatusCode.Code code = e.getStatusCode().getCode();
        String described = Status.fromThrowable(e).getDescription();
        String said = described == null || described.isBlank() ? code.name() : described;
        return switch (code) {
            case NOT_FOUND -> new CloudRunException(Kind.NOT_FOUND, "unknown_service", said, e);
            case ABORTED, FAILED_PRECONDITION -> new CloudRunException(Kind.CONFLICT, "conflict", said, e);
            case RESOURCE_EXHAUSTED -> new CloudRunException(Kind.THROTTLED, "quota_exceeded", said, e);
            case PERMISSION_DENIED ->
                new CloudRunException(
                        Kind.REFUSED, "permission_denied", said + " (the account's roles: docs/cloud-run.md)", e);
            case UNAUTHENTICATED ->
                new CloudRunException(
                        Kind.REFUSED, "unauthenticated", said + " (are the credentials valid and not expired?)", e);
            // Known of services whose template names its revision, even where the template is not touched.
            case ALREADY_EXISTS ->
                new CloudRunException(
                        Kind.REFUSED,
                        "revision_named",
                        said + " (deploy the service once without a name for its revision)",
                        e);
            case INVALID_ARGUMENT, OUT_OF_RANGE -> new CloudRunException(Kind.REFUSED, "invalid_argument", said, e);
            case UNIMPLEMENTED -> new CloudRunException(Kind.REFUSED, "not_supported", said, e);
            case OK, CANCELLED, UNKNOWN, DEADLINE_EXCEEDED, INTERNAL, UNAVAILABLE, DATA_LOSS ->
                new CloudRunException(Kind.LOST, "no_answer", code + ": " + said, e);
        };
    }

    /** Without usable credentials nothing can be sent. */
    static CloudRunException withoutCredentials(String project, Exception cause) {
        return new CloudRunException(
                Kind.REFUSED,
                "unauthenticated",
                "there are no usable credentials for the project " + project + ": " + cause.getMessage(),
                cause);
    }

    Kind kind() {
        return kind;
    }

    /** For machines. */
    String code() {
        return code;
    }

    /** What Cloud Run said, for a person. */
    String reason() {
        return String.valueOf(getMessage());
    }
}
