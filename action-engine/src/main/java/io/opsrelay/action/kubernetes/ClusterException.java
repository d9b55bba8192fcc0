package io.opsrelay.action.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import javax.net.ssl.SSLHandshakeException;

/** What an API server said instead of doing it, or that it said nothing. */
final class ClusterException extends RuntimeException {

    /** What it means for the request. */
    enum Fault {
        /** There is no such object. */
        NOT_FOUND,
        /** It was changed since it was read; nothing was done. */
        CONFLICT,
        /** Not with these rights, or a rule of the cluster is against it; nothing was done. */
        FORBIDDEN,
        /** It does not take our credentials; nothing was done. */
        UNAUTHORIZED,
        /** It does not take the request as it is; nothing was done. */
        INVALID,
        /** It has too much to do; nothing was done. */
        THROTTLED,
        /** The request cannot have arrived. */
        NEVER_ARRIVED,
        /** It may have been done or not. */
        UNCLEAR
    }

    private final Fault fault;

    private ClusterException(Fault fault, String reason, KubernetesClientException cause) {
        super(reason, cause);
        this.fault = fault;
    }

    static ClusterException of(String cluster, KubernetesClientException e) {
        Fault fault =
                switch (e.getCode()) {
                    case 400, 405, 415, 422 -> Fault.INVALID;
                    case 401 -> Fault.UNAUTHORIZED;
                    case 403 -> Fault.FORBIDDEN;
                    case 404 -> Fault.NOT_FOUND;
                    case 409 -> Fault.CONFLICT;
                    case 429 -> Fault.THROTTLED;
                    case 0 -> neverArrived(e) ? Fault.NEVER_ARRIVED : Fault.UNCLEAR;
                    default -> Fault.UNCLEAR;
                };
        return new ClusterException(fault, reason(cluster, fault, e), e);
    }

    Fault fault() {
        return fault;
    }

    /** Whether the same request may fare better a moment later. */
    boolean mayPass() {
        return switch (fault) {
            case THROTTLED, NEVER_ARRIVED, UNCLEAR -> true;
            case NOT_FOUND, CONFLICT, FORBIDDEN, UNAUTHORIZED, INVALID -> false;
        };
    }

    /** For a person, with what to do where that is known. */
    String reason() {
        return String.valueOf(getMessage());
    }

    private static boolean neverArrived(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectException
                    || cause instanceof HttpConnectTimeoutException
                    || cause instanceof UnknownHostException
                    || cause instanceof UnresolvedAddressException
                    || cause instanceof SSLHandshakeException) {
                return true;
            }
        }
        return false;
    }

    private static String reason(String cluster, Fault fault, KubernetesClientException e) {
        String said = e.getStatus() == null || e.getStatus().getMessage() == null
                ? rootOf(e)
                : e.getStatus().getMessage();
        return switch (fault) {
            case NOT_FOUND -> "cluster %s has no such object: %s".formatted(cluster, said);
            case CONFLICT -> "it was changed in cluster %s meanwhile: %s".formatted(cluster, said);
            case FORBIDDEN -> "cluster %s forbids it, see the role in docs/kubernetes.md: %s".formatted(cluster, said);
            case UNAUTHORIZED ->
                "cluster %s does not take the credentials of its kubeconfig or service account: %s"
                        .formatted(cluster, said);
            case INVALID -> "cluster %s does not take the request: %s".formatted(cluster, said);
            case THROTTLED -> "cluster %s has too much to do: %s".formatted(cluster, said);
            case NEVER_ARRIVED -> "cluster %s cannot be reached: %s".formatted(cluster, said);
            case UNCLEAR ->
                e.getCode() == 0
                        ? "cluster %s gives no answer: %s".formatted(cluster, said)
                        : "cluster %s answered %d: %s".formatted(cluster, e.getCode(), said);
        };
    }

    private static String rootOf(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    }
}
