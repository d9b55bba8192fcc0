package io.opsrelay.action.execution;

import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where an action stands. */
sealed interface ActionState {

    /** The public name of the state. */
    default Status status() {
        return switch (this) {
            case Requested requested -> Status.REQUESTED;
            case Prepared prepared -> Status.PREPARED;
            case AwaitingApproval awaiting -> Status.AWAITING_APPROVAL;
            case Approved approved -> Status.APPROVED;
            case Executing executing -> Status.EXECUTING;
            case Unknown unknown -> Status.UNKNOWN;
            case Settling settling -> Status.SETTLING;
            case Succeeded succeeded -> Status.SUCCEEDED;
            case Failed failed -> Status.FAILED;
            case Rejected rejected -> Status.REJECTED;
            case Expired expired -> Status.EXPIRED;
            case Cancelled cancelled -> Status.CANCELLED;
        };
    }

    /** Public statuses. */
    enum Status {
        REQUESTED,
        PREPARED,
        AWAITING_APPROVAL,
        APPROVED,
        EXPIRED,
        EXECUTING,
        SUCCEEDED,
        FAILED,
        UNKNOWN,
        SETTLING,
        CANCELLED,
        REJECTED;

        /** The name in JSON and in the database. */
        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Status named(String wireName) {
            return valueOf(wireName.toUpperCase(Locale.ROOT));
        }
    }

    /**
     * Waits to be prepared.
     *
     * @param edit what a person changed, absent for the first preparation
     */
    record Requested(@Nullable Edit edit) implements ActionState {}

    /** @param arguments laid over those of the preparation before */
    record Edit(Map<String, Object> arguments, String by) {}

    /** Policy has not spoken yet. */
    record Prepared() implements ActionState {}

    record AwaitingApproval(UUID approvalId) implements ActionState {}

    /**
     * @param approver {@code user:<name>} or {@code policy:<rule>}
     * @param until when it must have begun: then the approval lapses
     */
    record Approved(UUID approvalId, String approver, Instant until) implements ActionState {}

    /**
     * The provider is being called, or was when the worker died.
     *
     * @param attempt counts calls from 1
     */
    record Executing(int attempt) implements ActionState {}

    /** The answer to a call was lost: it is asked for until it is known. */
    record Unknown(int attempt, String reason) implements ActionState {}

    /**
     * The provider took it and has not ended it: it is asked after until it has, and never called again.
     *
     * @param result what is known so far
     */
    record Settling(int attempt, Map<String, Object> result) implements ActionState {}

    record Succeeded(Map<String, Object> result) implements ActionState {}

    record Failed(String code, String reason) implements ActionState {}

    /** @param by who said no, or answered instead */
    record Rejected(String by, String reason) implements ActionState {}

    record Expired() implements ActionState {}

    /** @param by who called it off before the provider was called */
    record Cancelled(String by, String reason) implements ActionState {}
}
