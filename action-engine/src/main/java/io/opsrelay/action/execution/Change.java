package io.opsrelay.action.execution;

import io.opsrelay.action.execution.ActionState.Edit;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What can happen to an action. */
sealed interface Change {

    /** Arguments are resolved and checked. */
    record Prepare() implements Change {}

    /** They cannot be. */
    record RefusePreparation(
            String code, String reason, @Nullable Guardrail by) implements Change {

        /** Not by a guardrail. */
        RefusePreparation(String code, String reason) {
            this(code, reason, null);
        }
    }

    /**
     * A guardrail that stands against it.
     *
     * @param rule its name
     * @param version of the client's guardrails
     */
    record Guardrail(String rule, long version) {}

    /** An edit cannot be made: what was prepared before it stands again. */
    record RefuseEdit(String reason, @Nullable Guardrail by) implements Change {

        /** Not by a guardrail. */
        RefuseEdit(String reason) {
            this(reason, null);
        }
    }

    /** A person is asked. */
    record AskApproval(UUID approvalId) implements Change {}

    /** A person changed the arguments. */
    record EditArguments(UUID approvalId, Edit edit) implements Change {}

    /** A person, or policy, said no, or answered instead. */
    record Reject(UUID approvalId, String by, String reason) implements Change {}

    /** Nobody decided in time. */
    record Expire(UUID approvalId) implements Change {}

    /** A grant was verified. */
    record Approve(UUID approvalId, String approver, Instant until) implements Change {}

    /** A genuine grant came too late to act upon. */
    record MissApproval(UUID approvalId) implements Change {}

    /** The provider is about to be called. */
    record Begin() implements Change {}

    /** A guardrail stands against it, at the last moment. */
    record BeBarred(String reason, Guardrail by) implements Change {}

    /** Nothing here can do actions of its type any more. */
    record LoseType() implements Change {}

    /** A person says how an action ended of which the provider tells nothing. */
    record Settle(String by, boolean done, String reason) implements Change {}

    /** A person called it off. */
    record Cancel(String by, String reason) implements Change {}

    /** Its approval is not asked for any more. */
    record Withdraw(UUID approvalId, String reason) implements Change {}

    /** The provider took it and has not ended it. */
    record Accept(Map<String, Object> result) implements Change {}

    /** The provider did it. */
    record Succeed(Map<String, Object> result) implements Change {}

    /** The provider did not and will not. */
    record BeRefused(String code, String reason) implements Change {}

    /** The provider's answer did not arrive. */
    record LoseAnswer(String reason) implements Change {}
}
