package io.opsrelay.action.execution;

import io.opsrelay.action.execution.ActionState.Approved;
import io.opsrelay.action.execution.ActionState.AwaitingApproval;
import io.opsrelay.action.execution.ActionState.Executing;
import io.opsrelay.action.execution.ActionState.Expired;
import io.opsrelay.action.execution.ActionState.Failed;
import io.opsrelay.action.execution.ActionState.Prepared;
import io.opsrelay.action.execution.ActionState.Rejected;
import io.opsrelay.action.execution.ActionState.Requested;
import io.opsrelay.action.execution.ActionState.Succeeded;
import io.opsrelay.action.execution.ActionState.Unknown;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The only way from one {@link ActionState} to another. Pure. */
final class Lifecycle {

    private Lifecycle() {}

    /** The state after {@code change}, or null where it cannot happen in {@code state}. */
    static @Nullable ActionState next(ActionState state, Change change) {
        return switch (state) {
            case Requested requested -> fromRequested(change);
            case Prepared prepared -> fromPrepared(change);
            case AwaitingApproval awaiting -> fromAwaiting(awaiting.approvalId(), change);
            case Approved approved -> change instanceof Change.Begin ? new Executing(1) : null;
            case Executing executing -> fromExecuting(executing, change);
            case Unknown unknown -> fromUnknown(unknown, change);
            case Succeeded succeeded -> null;
            case Failed failed -> null;
            case Rejected rejected -> null;
            case Expired expired -> null;
        };
    }

    private static @Nullable ActionState fromRequested(Change change) {
        return switch (change) {
            case Change.Prepare prepare -> new Prepared();
            case Change.RefusePreparation refused -> new Failed(refused.code(), refused.reason());
            case Change other -> null;
        };
    }

    /** Policy may decide without asking anybody. */
    private static @Nullable ActionState fromPrepared(Change change) {
        return change instanceof Change.AskApproval ask ? new AwaitingApproval(ask.approvalId()) : decided(change);
    }

    private static @Nullable ActionState fromAwaiting(UUID awaited, Change change) {
        return awaited.equals(approvalOf(change)) ? decided(change) : null;
    }

    private static @Nullable UUID approvalOf(Change change) {
        return switch (change) {
            case Change.EditArguments edit -> edit.approvalId();
            case Change.Reject reject -> reject.approvalId();
            case Change.Expire expire -> expire.approvalId();
            case Change.Approve approve -> approve.approvalId();
            case Change.MissApproval miss -> miss.approvalId();
            case Change other -> null;
        };
    }

    private static @Nullable ActionState decided(Change change) {
        return switch (change) {
            case Change.EditArguments edit -> new Requested(edit.edit());
            case Change.Reject reject -> new Rejected(reject.by(), reject.reason());
            case Change.Expire expire -> new Expired();
            case Change.Approve approve -> new Approved(approve.approvalId(), approve.approver());
            case Change.MissApproval miss ->
                new Failed("approval_invalid", "the approval reached the executor after it had lapsed");
            case Change other -> null;
        };
    }

    private static @Nullable ActionState fromExecuting(Executing executing, Change change) {
        return switch (change) {
            case Change.Succeed success -> new Succeeded(success.result());
            case Change.BeRefused refusal -> new Failed(refusal.code(), refusal.reason());
            case Change.LoseAnswer lost -> new Unknown(executing.attempt(), lost.reason());
            case Change other -> null;
        };
    }

    /** It was done after all, or it is tried again with the same key; a mere refusal settles nothing here. */
    private static @Nullable ActionState fromUnknown(Unknown unknown, Change change) {
        return switch (change) {
            case Change.Succeed success -> new Succeeded(success.result());
            case Change.Begin begin -> new Executing(unknown.attempt() + 1);
            case Change other -> null;
        };
    }
}
