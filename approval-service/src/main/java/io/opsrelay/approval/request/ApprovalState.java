package io.opsrelay.approval.request;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where an approval request stands. Everything but {@link Pending} is final. */
sealed interface ApprovalState {

    /** The public name of the state: pending, approved, rejected, responded, expired, cancelled. */
    default Status status() {
        return switch (this) {
            case Pending pending -> Status.PENDING;
            case Approved approved -> Status.APPROVED;
            case Rejected rejected -> Status.REJECTED;
            case Responded responded -> Status.RESPONDED;
            case Expired expired -> Status.EXPIRED;
            case Edited edited -> Status.CANCELLED;
            case Withdrawn withdrawn -> Status.CANCELLED;
        };
    }

    /** Public statuses. An edited request and a withdrawn one are both cancelled; the decision tells them apart. */
    enum Status {
        PENDING,
        APPROVED,
        REJECTED,
        RESPONDED,
        EXPIRED,
        CANCELLED
    }

    /** A state that somebody brought about, or time did. */
    sealed interface Settled extends ApprovalState {
        Instant at();
    }

    /** A state that a person, or policy in a person's place, brought about. */
    sealed interface Decided extends Settled {
        Decision by();

        @Override
        default Instant at() {
            return by().at();
        }
    }

    /** @param actor {@code user:<name>} or {@code policy:<rule>} */
    record Decision(String actor, @Nullable String reason, Instant at) {}

    record Pending(Instant expiresAt) implements ApprovalState {}

    record Approved(Decision by) implements Decided {}

    record Rejected(Decision by) implements Decided {}

    record Responded(Decision by) implements Decided {}

    /** Replaced by a new preparation with these arguments. */
    record Edited(Decision by, Map<String, Object> arguments) implements Decided {}

    record Expired(Instant at) implements Settled {}

    /** Nothing is left to decide, since the action died or was prepared anew. */
    record Withdrawn(String reason, Instant at) implements Settled {}
}
