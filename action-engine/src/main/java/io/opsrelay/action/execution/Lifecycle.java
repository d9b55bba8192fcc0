package io.opsrelay.action.execution;

import io.opsrelay.action.execution.ActionState.Approved;
import io.opsrelay.action.execution.ActionState.AwaitingApproval;
import io.opsrelay.action.execution.ActionState.Cancelled;
import io.opsrelay.action.execution.ActionState.Executing;
import io.opsrelay.action.execution.ActionState.Expired;
import io.opsrelay.action.execution.ActionState.Failed;
import io.opsrelay.action.execution.ActionState.Prepared;
import io.opsrelay.action.execution.ActionState.Rejected;
import io.opsrelay.action.execution.ActionState.Requested;
import io.opsrelay.action.execution.ActionState.Settling;
import io.opsrelay.action.execution.ActionState.Succeeded;
import io.opsrelay.action.execution.ActionState.Unknown;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The only way from one {@link ActionState} to another. Pure. */
final class Lifecycle {

    /** Who calls an action off whose approval is withdrawn. */
    private static final String WITHDRAWN = "policy:withdrawn";

    private Lifecycle() {}

    /** The state after {@code change}, or null where it cannot happen in {@code state}. */
    static @Nullable ActionState next(ActionState state, Change change) {
        return switch (state) {
            case Requested requested -> fromRequested(requested, change);
            case Prepared prepared -> fromPrepared(change);
            case AwaitingApproval awaiting -> fromAwaiting(awaiting.approvalId(), change);
            case Approved approved -> fromApproved(change);
            case Executing executing -> answered(executing.attempt(), change);
            case Unknown unknown -> fromUnknown(unknown, change);
            case Settling settling -> fromSettling(settling, change);
            case Succeeded succeeded -> null;
            case Failed failed -> null;
            case Rejected rejected -> null;
            case Expired expired -> null;
            case Cancelled cancelled -> null;
        };
    }

    private static @Nullable ActionState fromRequested(Requested requested, Change change) {
        return switch (change) {
            case Change.RefuseEdit refused when requested.edit() != null -> new Prepared();
            case Change.Prepare prepare -> new Prepared();
            case Change.RefusePreparation refused -> new Failed(refused.code(), refused.reason());
            case Change.Withdraw withdrawn -> new Cancelled(WITHDRAWN, withdrawn.reason());
            case Change.Cancel cancel -> new Cancelled(cancel.by(), cancel.reason());
            case Change other -> null;
        };
    }

    /** Policy may decide without asking anybody. */
    private static @Nullable ActionState fromPrepared(Change change) {
        return change instanceof Change.AskApproval ask ? new AwaitingApproval(ask.approvalId()) : decided(change);
    }

    private static @Nullable ActionState fromAwaiting(UUID awaited, Change change) {
        return change instanceof Change.Cancel || awaited.equals(approvalOf(change)) ? decided(change) : null;
    }

    private static @Nullable UUID approvalOf(Change change) {
        return switch (change) {
            case Change.EditArguments edit -> edit.approvalId();
            case Change.Reject reject -> reject.approvalId();
            case Change.Expire expire -> expire.approvalId();
            case Change.Approve approve -> approve.approvalId();
            case Change.MissApproval miss -> miss.approvalId();
            case Change.Withdraw withdrawn -> withdrawn.approvalId();
            case Change other -> null;
        };
    }

    private static @Nullable ActionState decided(Change change) {
        return switch (change) {
            case Change.EditArguments edit -> new Requested(edit.edit());
            case Change.Reject reject -> new Rejected(reject.by(), reject.reason());
            case Change.Expire expire -> new Expired();
            case Change.Approve approve -> new Approved(approve.approvalId(), approve.approver(), approve.until());
            case Change.MissApproval miss ->
                new Failed("approval_invalid", "the approval reached the executor after it had lapsed");
            case Change.Withdraw withdrawn -> new Cancelled(WITHDRAWN, withdrawn.reason());
            case Change.Cancel cancel -> new Cancelled(cancel.by(), cancel.reason());
            case Change other -> null;
        };
    }

    /** The last state in which it can be called off: the provider is called next. */
    private static @Nullable ActionState fromApproved(Change change) {
        return switch (change) {
            case Change.Begin begin -> new Executing(1);
            case Change.BeBarred barred -> barred(barred);
            case Change.LoseType gone ->
                new Failed("type_removed", "actions of its type were taken out of the configuration before it began");
            case Change.MissApproval miss ->
                new Failed("approval_invalid", "its approval lapsed before it could begin");
            case Change.Cancel cancel -> new Cancelled(cancel.by(), cancel.reason());
            case Change other -> null;
        };
    }

    private static Failed barred(Change.BeBarred barred) {
        return new Failed("guardrail_refused", barred.reason());
    }

    private static @Nullable ActionState answered(int attempt, Change change) {
        return change instanceof Change.LoseAnswer lost ? new Unknown(attempt, lost.reason()) : told(attempt, change);
    }

    /** The provider tells what became of it, or that nothing was done: then it is called again with the same key. */
    private static @Nullable ActionState fromUnknown(Unknown unknown, Change change) {
        return switch (change) {
            case Change.Begin begin -> new Executing(unknown.attempt() + 1);
            case Change.BeBarred barred -> barred(barred);
            case Change.Settle settled -> settled(settled);
            case Change other -> told(unknown.attempt(), other);
        };
    }

    private static @Nullable ActionState fromSettling(Settling settling, Change change) {
        return change instanceof Change.Settle settled ? settled(settled) : told(settling.attempt(), change);
    }

    private static @Nullable ActionState told(int attempt, Change change) {
        return switch (change) {
            case Change.Succeed success -> new Succeeded(success.result());
            case Change.BeRefused refusal -> new Failed(refusal.code(), refusal.reason());
            case Change.Accept accepted -> new Settling(attempt, accepted.result());
            case Change other -> null;
        };
    }

    private static ActionState settled(Change.Settle settled) {
        return settled.done()
                ? new Succeeded(Map.of("settled_by", settled.by(), "reason", settled.reason()))
                : new Failed("settled_not_done", settled.reason());
    }
}
