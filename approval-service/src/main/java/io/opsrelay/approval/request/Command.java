package io.opsrelay.approval.request;

import io.opsrelay.approval.request.ApprovalState.Decision;
import java.time.Instant;
import java.util.Map;

/** What can be asked of an approval request. */
sealed interface Command {

    /** When it is asked. */
    Instant at();

    /** What a person asks. */
    sealed interface Decide extends Command {
        Decision by();

        @Override
        default Instant at() {
            return by().at();
        }
    }

    record Approve(Decision by) implements Decide {}

    record Reject(Decision by) implements Decide {}

    record Respond(Decision by) implements Decide {}

    record Edit(Decision by, Map<String, Object> arguments) implements Decide {}

    /** The timer: nobody decided. */
    record Expire(Instant at) implements Command {}

    /** The action needs no decision any more. */
    record Withdraw(String reason, Instant at) implements Command {}
}
