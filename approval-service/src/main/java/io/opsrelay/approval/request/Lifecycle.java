package io.opsrelay.approval.request;

import io.opsrelay.approval.request.ApprovalState.Approved;
import io.opsrelay.approval.request.ApprovalState.Decided;
import io.opsrelay.approval.request.ApprovalState.Decision;
import io.opsrelay.approval.request.ApprovalState.Edited;
import io.opsrelay.approval.request.ApprovalState.Expired;
import io.opsrelay.approval.request.ApprovalState.Pending;
import io.opsrelay.approval.request.ApprovalState.Rejected;
import io.opsrelay.approval.request.ApprovalState.Responded;
import io.opsrelay.approval.request.ApprovalState.Withdrawn;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The only way from one {@link ApprovalState} to another. Pure. */
final class Lifecycle {

    private Lifecycle() {}

    /** What becomes of {@code state} when {@code command} is asked of it. */
    static Outcome apply(ApprovalState state, Command command) {
        return switch (state) {
            case Pending pending -> fromPending(pending, command);
            case Decided decided
            when command instanceof Command.Decide again && isRepetition(decided, again) -> new Outcome.Repeated();
            case ApprovalState settled ->
                new Outcome.Refused("this request is "
                        + settled.status().name().toLowerCase(Locale.ROOT)
                        + (settled instanceof Decided decided
                                ? " by " + decided.by().actor()
                                : "")
                        + " already");
        };
    }

    private static Outcome fromPending(Pending pending, Command command) {
        boolean lapsed = !command.at().isBefore(pending.expiresAt());
        return switch (command) {
            case Command.Withdraw withdraw ->
                new Outcome.Moved(new Withdrawn(withdraw.reason(), withdraw.at(), pending.votes()));
            case Command.Expire expire when lapsed -> new Outcome.Moved(new Expired(expire.at(), pending.votes()));
            case Command.Expire early -> new Outcome.Refused("it may still be decided until " + pending.expiresAt());
            case Command.Decide late
            when lapsed -> new Outcome.Refused("this request expired at " + pending.expiresAt());
            case Command.Approve approve -> voted(pending, approve.by());
            case Command.Reject reject -> new Outcome.Moved(new Rejected(reject.by(), pending.votes()));
            case Command.Respond respond -> new Outcome.Moved(new Responded(respond.by(), pending.votes()));
            case Command.Edit edit -> new Outcome.Moved(new Edited(edit.by(), edit.arguments(), pending.votes()));
        };
    }

    /** One more says yes; each person counts once. */
    private static Outcome voted(Pending pending, Decision by) {
        if (hasVoted(pending.votes(), by)) {
            return new Outcome.Repeated();
        }
        List<Decision> votes = new ArrayList<>(pending.votes());
        votes.add(by);
        return new Outcome.Moved(
                votes.size() < pending.needed()
                        ? new Pending(pending.expiresAt(), pending.needed(), votes)
                        : new Approved(by, votes));
    }

    private static boolean hasVoted(List<Decision> votes, Decision by) {
        return votes.stream().anyMatch(vote -> vote.actor().equals(by.actor()));
    }

    /** The same decision by the same person is answered like the first; the reason may be worded anew. */
    private static boolean isRepetition(Decided decided, Command.Decide again) {
        if (decided instanceof Approved approved) {
            return again instanceof Command.Approve && hasVoted(approved.votes(), again.by());
        }
        if (!decided.by().actor().equals(again.by().actor())) {
            return false;
        }
        return switch (decided) {
            case Approved approved -> throw new IllegalStateException("answered above");
            case Rejected rejected -> again instanceof Command.Reject;
            case Responded responded -> again instanceof Command.Respond;
            case Edited edited ->
                again instanceof Command.Edit edit && edit.arguments().equals(edited.arguments());
        };
    }

    /** What came of a command. */
    sealed interface Outcome {

        /** The request stands in another state now. */
        record Moved(ApprovalState to) implements Outcome {}

        /** It was so already, by the same hand. */
        record Repeated() implements Outcome {}

        /** @param reason for the person who asked */
        record Refused(String reason) implements Outcome {}
    }
}
