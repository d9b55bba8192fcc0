package io.opsrelay.action.execution;

import io.opsrelay.action.execution.ActionState.Edit;
import java.util.Map;
import java.util.UUID;

/** What can happen to an action. */
sealed interface Change {

    /** Arguments are resolved and checked. */
    record Prepare() implements Change {}

    /** They cannot be. */
    record RefusePreparation(String code, String reason) implements Change {}

    /** A person is asked. */
    record AskApproval(UUID approvalId) implements Change {}

    /** A person changed the arguments. */
    record EditArguments(UUID approvalId, Edit edit) implements Change {}

    /** A person, or policy, said no, or answered instead. */
    record Reject(UUID approvalId, String by, String reason) implements Change {}

    /** Nobody decided in time. */
    record Expire(UUID approvalId) implements Change {}

    /** A grant was verified. */
    record Approve(UUID approvalId, String approver) implements Change {}

    /** A genuine grant came too late to act upon. */
    record MissApproval(UUID approvalId) implements Change {}

    /** The provider is about to be called. */
    record Begin() implements Change {}

    /** The provider did it. */
    record Succeed(Map<String, Object> result) implements Change {}

    /** The provider did not and will not. */
    record BeRefused(String code, String reason) implements Change {}

    /** The provider's answer did not arrive. */
    record LoseAnswer(String reason) implements Change {}
}
