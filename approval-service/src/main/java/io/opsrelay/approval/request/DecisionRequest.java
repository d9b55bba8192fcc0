package io.opsrelay.approval.request;

import io.opsrelay.approval.request.ApprovalState.Decision;
import io.opsrelay.security.web.ProblemException;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a person sends to decide a request.
 *
 * @param reason asked for by all but approve; at most {@value #MAX_REASON} characters
 * @param arguments what to change, with edit only
 */
record DecisionRequest(
        @Nullable Choice decision,
        @Nullable String reason,
        @Nullable Map<String, Object> arguments) {

    static final int MAX_REASON = 2_000;

    enum Choice {
        APPROVE,
        REJECT,
        EDIT,
        RESPOND
    }

    /**
     * What is asked, by whom and when.
     *
     * @throws ProblemException 422 that names the field at fault
     */
    Command.Decide by(String actor, Instant at) {
        if (decision == null) {
            throw ProblemException.unprocessable("decision", "must be approve, reject, edit or respond");
        }
        if (reason != null && reason.length() > MAX_REASON) {
            throw ProblemException.unprocessable("reason", "is longer than " + MAX_REASON + " characters");
        }
        String given = reason == null || reason.isBlank() ? null : reason.strip();
        if (given == null && decision != Choice.APPROVE) {
            throw ProblemException.unprocessable(
                    "reason", "must be given to " + decision.name().toLowerCase(Locale.ROOT));
        }
        if (arguments != null && decision != Choice.EDIT) {
            throw ProblemException.unprocessable("arguments", "can only be sent with the decision edit");
        }
        Decision by = new Decision(actor, given, at);
        return switch (decision) {
            case APPROVE -> new Command.Approve(by);
            case REJECT -> new Command.Reject(by);
            case RESPOND -> new Command.Respond(by);
            case EDIT -> new Command.Edit(by, arguments == null ? Map.of() : arguments);
        };
    }
}
