package io.opsrelay.approval.request;

import io.opsrelay.approval.request.ApprovalState.Decided;
import io.opsrelay.approval.request.ApprovalState.Decision;
import io.opsrelay.approval.request.ApprovalState.Settled;
import io.opsrelay.approval.request.ApprovalState.Status;
import io.opsrelay.contracts.ActionEvent.ActionPrepared;
import io.opsrelay.contracts.ActionFacts;
import io.opsrelay.contracts.Effect;
import io.opsrelay.contracts.TicketBrief;
import io.opsrelay.security.Role;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An approval as the API shows it. Everything but {@code said_by_requester} was computed or decided; that is what
 * whoever asked, a model perhaps, wrote into the arguments.
 *
 * @param arguments exactly what would be executed
 * @param effect what that would do, computed from the systems themselves
 * @param facts what policy knew besides, the risk among it; absent from older actions
 * @param ticket the ticket in short, as it stood when this was proposed, in the customer's words; absent where it is about
 *     none, from older agents, and once the customer was erased
 * @param editable JSON Schema of an edit: the arguments that may be edited; absent from older actions
 * @param saidByRequester texts among the arguments, by argument: claims, no facts
 * @param rule the policy rule that asked, or decided alone
 * @param policyVersion of the client's policy; 0 is the shipped one
 * @param ruleInWords that rule as a sentence
 * @param votes those who have approved
 * @param votesNeeded how many distinct people must; 0 where policy decided alone
 * @param mayDecide the roles of which each of them must have one; an admin counts as any
 * @param barred who may not approve it
 * @param decision what was decided; absent while pending, and where time or the end of the action settled it
 * @param editedArguments what the edit asked for, with the decision edit
 * @param editRefused why an edit of the request before was not taken over: what is asked now is what was asked then
 * @param ticketChangedAt when the customer last wrote to the ticket while the action waited for people; votes given before
 *     that count no more
 * @param supersededBy the request that took its place
 * @param claimedBy who looks at it now
 * @param expiresAt until when it can be decided
 */
record ApprovalResource(
        UUID approvalId,
        UUID actionId,
        @Nullable UUID ticketId,
        int version,
        String actionType,
        Map<String, Object> arguments,
        String argumentsHash,
        Effect effect,
        @Nullable ActionFacts facts,
        @Nullable TicketBrief ticket,
        @Nullable Map<String, Object> editable,
        String requester,
        @Nullable String editor,
        Map<String, String> saidByRequester,
        String rule,
        long policyVersion,
        @Nullable String ruleInWords,
        List<Vote> votes,
        int votesNeeded,
        List<Role> mayDecide,
        List<String> barred,
        Status status,
        DecisionRequest.@Nullable Choice decision,
        @Nullable String decidedBy,
        @Nullable String reason,
        @Nullable Map<String, Object> editedArguments,
        @Nullable String editRefused,
        @Nullable Instant ticketChangedAt,
        @Nullable UUID supersededBy,
        @Nullable String claimedBy,
        @Nullable Instant claimedUntil,
        int reminders,
        @Nullable Instant remindAt,
        @Nullable Instant escalateAt,
        @Nullable Instant escalatedAt,
        Instant createdAt,
        Instant expiresAt,
        @Nullable Instant decidedAt) {

    /** Arguments that are prose, whatever the action. */
    private static final List<String> PROSE =
            List.of("reason", "title", "description", "suggested_action", "note", "message");

    static ApprovalResource of(Approval approval, Instant now) {
        ActionPrepared action = approval.action();
        ApprovalState state = approval.state();
        Asked asked = approval.asked();
        Decision by = state instanceof Decided decided ? decided.by() : null;
        Deadlines deadlines = approval.deadlines();
        Claim claim = approval.claimAt(now);
        boolean pending = approval.isPending();
        return new ApprovalResource(
                approval.approvalId(),
                action.actionId(),
                action.ticketId(),
                action.version(),
                action.actionType(),
                action.arguments(),
                action.argumentsHash(),
                action.effect(),
                action.facts(),
                approval.ticket(),
                action.editable(),
                action.requester(),
                action.editor(),
                prose(action.arguments()),
                asked.rule(),
                asked.policyVersion(),
                asked.inWords().isEmpty() ? null : asked.inWords(),
                state.votes().stream().map(Vote::of).toList(),
                asked.needed(),
                asked.roles().stream().sorted().toList(),
                approval.barred().stream().sorted().toList(),
                state.status(),
                decisionOf(state),
                by == null ? null : by.actor(),
                reasonOf(state),
                state instanceof ApprovalState.Edited edited ? edited.arguments() : null,
                action.editRefused(),
                approval.ticketChangedAt(),
                approval.supersededBy(),
                claim == null ? null : claim.by(),
                claim == null ? null : claim.until(),
                deadlines.reminders(),
                pending ? deadlines.remindAt() : null,
                pending ? deadlines.escalateAt() : null,
                deadlines.escalatedAt(),
                approval.createdAt(),
                deadlines.expiresAt(),
                state instanceof Settled settled ? settled.at() : null);
    }

    private static Map<String, String> prose(Map<String, Object> arguments) {
        Map<String, String> prose = new TreeMap<>();
        for (String name : PROSE) {
            if (arguments.get(name) instanceof String text) {
                prose.put(name, text);
            }
        }
        return prose;
    }

    private static DecisionRequest.@Nullable Choice decisionOf(ApprovalState state) {
        return switch (state) {
            case ApprovalState.Approved approved -> DecisionRequest.Choice.APPROVE;
            case ApprovalState.Rejected rejected -> DecisionRequest.Choice.REJECT;
            case ApprovalState.Responded responded -> DecisionRequest.Choice.RESPOND;
            case ApprovalState.Edited edited -> DecisionRequest.Choice.EDIT;
            case ApprovalState.Pending pending -> null;
            case ApprovalState.Expired expired -> null;
            case ApprovalState.Withdrawn withdrawn -> null;
        };
    }

    private static @Nullable String reasonOf(ApprovalState state) {
        return switch (state) {
            case Decided decided -> decided.by().reason();
            case ApprovalState.Withdrawn withdrawn -> withdrawn.reason();
            case ApprovalState.Pending pending -> null;
            case ApprovalState.Expired expired -> null;
        };
    }

    /** One person's yes. */
    record Vote(String by, @Nullable String reason, Instant at) {
        static Vote of(Decision decision) {
            return new Vote(decision.actor(), decision.reason(), decision.at());
        }
    }
}
