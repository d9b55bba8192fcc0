package io.opsrelay.ingestion.ticket;

import static io.opsrelay.ingestion.ticket.TimelineEntry.pairs;

import io.opsrelay.contracts.ActionEvent;
import io.opsrelay.contracts.ApprovalEvent;
import io.opsrelay.contracts.Effect;
import io.opsrelay.contracts.Money;
import io.opsrelay.contracts.RunEvent;
import io.opsrelay.contracts.TicketEvent;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Tells events as plain facts in a ticket's timeline. */
final class Narrative {

    private static final String HERE = "service:ingestion-service";
    private static final String AGENT = "service:agent-service";
    private static final String APPROVALS = "service:approval-service";
    private static final String ACTIONS = "service:action-engine";

    private Narrative() {}

    static TimelineEntry received(NewTicket ticket) {
        return new TimelineEntry(
                "ticket_received",
                ticket.actor(),
                "Received, channel " + ticket.channel(),
                pairs("channel", ticket.channel(), "priority", ticket.priority()),
                Map.of());
    }

    /** The reply stands in the ticket, and nobody brings it. */
    static TimelineEntry undeliverable(UUID messageId, String channel) {
        String reason = "nothing brings replies to customers of channel " + channel;
        return new TimelineEntry(
                "message_failed",
                HERE,
                "The reply was not sent: " + reason
                        + ". Tell the customer yourself; to have such replies sent by e-mail,"
                        + " name the channel in reply_by_email of the client's smtp channel",
                pairs("message_id", messageId.toString(), "message_state", MessageState.FAILED.wireName()),
                pairs("reason", reason));
    }

    static TimelineEntry of(TicketEvent event) {
        return switch (event) {
            case TicketEvent.TicketReceived _, TicketEvent.TicketImported _ ->
                throw new IllegalArgumentException("a ticket's reception is told when it is stored");
            case TicketEvent.RunRequested _,
                    TicketEvent.StatusSet _,
                    TicketEvent.CustomerReplied _,
                    TicketEvent.TicketCorrected _ ->
                throw new IllegalArgumentException("what people do is told when it is stored");
            case TicketEvent.CustomerErased _ ->
                throw new IllegalArgumentException("an erasure is told when it is done");
            case TicketEvent.TicketClassified e ->
                new TimelineEntry(
                        "ticket_classified",
                        agent(e.employee()),
                        "Classified as %s, %.0f %% sure%s"
                                .formatted(
                                        words(e.category()),
                                        e.confidence() * 100,
                                        e.outOfScope() ? ", outside what the classifier knows" : ""),
                        pairs(
                                "category", e.category(),
                                "confidence", e.confidence(),
                                "out_of_scope", e.outOfScope(),
                                "language", e.language(),
                                "sentiment", e.sentiment(),
                                "priority", e.priority(),
                                "method", e.method(),
                                "ai_employee", e.employee()),
                        pairs(
                                "run_id", e.runId().toString(),
                                "model_version", e.modelVersion(),
                                "processing_millis", e.processingMillis(),
                                "industry", e.industry()));
            case TicketEvent.ReplyDrafted e ->
                new TimelineEntry(
                        "reply_drafted",
                        AGENT,
                        "Reply drafted: " + words(e.kind()) + citationsOf(e),
                        pairs("kind", e.kind()),
                        pairs("run_id", e.runId().toString(), "text", e.text(), "citations", e.citations()));
        };
    }

    /** @param fits whether the event changed the ticket; else it came late and must not read as if it had */
    static TimelineEntry of(RunEvent event, boolean fits) {
        return switch (event) {
            case RunEvent.RunStarted e ->
                new TimelineEntry(
                        fits ? "ticket_analyzing" : "run_started",
                        agent(e.employee()),
                        fits ? "Analysis began, engine " + e.engine() : "Another run began; the status stays",
                        pairs("engine", e.engine(), "ai_employee", e.employee()),
                        pairs("run_id", e.runId().toString()));
            case RunEvent.ToolsCalled e ->
                new TimelineEntry(
                        "tools_called",
                        AGENT,
                        e.calls().stream().map(Narrative::inWords).collect(Collectors.joining("; ")),
                        pairs(
                                "answer",
                                e.answer(),
                                "tools",
                                e.calls().stream()
                                        .map(call -> pairs(
                                                "tool", call.tool(),
                                                "outcome", call.outcome(),
                                                "millis", call.millis()))
                                        .toList()),
                        pairs("run_id", e.runId().toString(), "calls", e.calls()));
            case RunEvent.MessageTaken e ->
                new TimelineEntry(
                        "message_taken",
                        AGENT,
                        "The agent begins again with what the customer has written meanwhile",
                        pairs("up_to", e.seq()),
                        pairs("run_id", e.runId().toString()));
            case RunEvent.RunParked e ->
                new TimelineEntry(
                        "run_parked",
                        AGENT,
                        "The agent waits for the outcome of the action",
                        pairs("action_id", e.actionId().toString()),
                        pairs("run_id", e.runId().toString()));
            case RunEvent.RunCompleted e -> completed(e, fits);
        };
    }

    private static TimelineEntry completed(RunEvent.RunCompleted e, boolean fits) {
        String outcome = wireName(e.outcome());
        String reason = e.reason() == null ? "" : ": " + e.reason();
        return new TimelineEntry(
                fits ? "ticket_" + outcome : "run_completed",
                AGENT,
                fits ? capital(outcome) + reason : "A run ended too late (" + outcome + reason + "); the status stays",
                pairs("outcome", outcome, "reason", e.reason()),
                pairs("run_id", e.runId().toString(), "reply", e.reply()));
    }

    static TimelineEntry of(ActionEvent event) {
        String id = event.actionId().toString();
        return switch (event) {
            case ActionEvent.ActionRequested e ->
                new TimelineEntry(
                        "action_requested",
                        e.requester(),
                        capital(words(e.actionType())) + " requested" + listOf(e.arguments()),
                        pairs("action_id", id, "action_type", e.actionType(), "requester", e.requester()),
                        pairs("arguments", e.arguments()));
            case ActionEvent.ActionProposed e ->
                new TimelineEntry(
                        "action_proposed",
                        e.requester(),
                        capital(words(e.actionType())) + " proposed" + listOf(e.arguments()),
                        pairs("action_id", id, "action_type", e.actionType(), "requester", e.requester()),
                        pairs("run_id", e.runId().toString(), "arguments", e.arguments()));
            case ActionEvent.ActionPrepared e -> prepared(e, id, e.effect());
            case ActionEvent.ActionStarted e ->
                new TimelineEntry(
                        "action_started",
                        ACTIONS,
                        "%s started, attempt %d".formatted(capital(words(e.actionType())), e.attempt()),
                        pairs("action_id", id, "action_type", e.actionType(), "attempt", e.attempt()),
                        Map.of());
            case ActionEvent.ActionSucceeded e -> succeeded(e, id);
            case ActionEvent.ActionFailed e ->
                new TimelineEntry(
                        "action_failed",
                        ACTIONS,
                        "%s not done: %s".formatted(capital(words(e.actionType())), e.reason()),
                        pairs(
                                "action_id", id,
                                "action_type", e.actionType(),
                                "code", e.code(),
                                "reason", e.reason()),
                        Map.of());
            case ActionEvent.ActionCancelled e ->
                new TimelineEntry(
                        "action_cancelled",
                        e.by(),
                        "%s called off by %s: %s".formatted(capital(words(e.actionType())), name(e.by()), e.reason()),
                        pairs("action_id", id, "action_type", e.actionType(), "by", e.by()),
                        pairs("reason", e.reason()));
            case ActionEvent.ActionOutcomeUnknown e ->
                new TimelineEntry(
                        "action_outcome_unknown",
                        ACTIONS,
                        "Not known whether the %s was done: %s".formatted(words(e.actionType()), e.reason()),
                        pairs("action_id", id, "action_type", e.actionType(), "reason", e.reason()),
                        Map.of());
        };
    }

    private static TimelineEntry prepared(ActionEvent.ActionPrepared e, String id, Effect effect) {
        Money money = effect.money();
        return new TimelineEntry(
                "action_prepared",
                e.editor() == null ? ACTIONS : e.editor(),
                "Prepared: " + effect.summary(),
                pairs(
                        "action_id",
                        id,
                        "action_type",
                        e.actionType(),
                        "action_version",
                        e.version(),
                        "effect",
                        effect.summary(),
                        "amount",
                        money == null ? null : money.amount().toPlainString(),
                        "currency",
                        money == null ? null : money.currency()),
                pairs("arguments", e.arguments(), "effect_details", effect.details()));
    }

    private static TimelineEntry succeeded(ActionEvent.ActionSucceeded e, String id) {
        Object amount = e.result().get("amount");
        Object currency = e.result().get("currency");
        Object reference = e.result().get(e.actionType() + "_id");
        String money = amount == null || currency == null ? "" : " of " + amount + " " + currency;
        String by = reference == null ? e.provider() : reference + ", " + e.provider();
        return new TimelineEntry(
                "action_succeeded",
                ACTIONS,
                "%s%s done (%s)".formatted(capital(words(e.actionType())), money, by),
                pairs(
                        "action_id", id,
                        "action_type", e.actionType(),
                        "provider", e.provider(),
                        "amount", amount,
                        "currency", currency),
                pairs("result", e.result()));
    }

    static TimelineEntry of(ApprovalEvent event) {
        String approval = event.approvalId().toString();
        String action = event.actionId().toString();
        return switch (event) {
            case ApprovalEvent.ApprovalRequested e ->
                new TimelineEntry(
                        "approval_requested",
                        APPROVALS,
                        "A person must decide about the %s (rule %s)".formatted(words(e.actionType()), e.rule()),
                        pairs(
                                "approval_id", approval,
                                "action_id", action,
                                "action_type", e.actionType(),
                                "rule", e.rule(),
                                "expires_at", e.expiresAt().toString()),
                        Map.of());
            case ApprovalEvent.ApprovalGranted e ->
                new TimelineEntry(
                        "approval_granted",
                        e.approver(),
                        "Approved by " + name(e.approver()) + (e.reason() == null ? "" : ": " + e.reason()),
                        pairs(
                                "approval_id",
                                approval,
                                "action_id",
                                action,
                                "action_type",
                                e.actionType(),
                                "approver",
                                e.approver()),
                        pairs("reason", e.reason()));
            case ApprovalEvent.ApprovalRejected e ->
                new TimelineEntry(
                        "approval_rejected",
                        e.by(),
                        "Rejected by " + name(e.by()) + ": " + e.reason(),
                        pairs("approval_id", approval, "action_id", action, "by", e.by()),
                        pairs("reason", e.reason()));
            case ApprovalEvent.ApprovalResponded e ->
                new TimelineEntry(
                        "approval_responded",
                        e.by(),
                        name(e.by()) + " answered instead of approving",
                        pairs("approval_id", approval, "action_id", action, "by", e.by()),
                        pairs("response", e.response()));
            case ApprovalEvent.ApprovalExpired _ ->
                new TimelineEntry(
                        "approval_expired",
                        APPROVALS,
                        "Nobody decided in time",
                        pairs("approval_id", approval, "action_id", action),
                        Map.of());
            case ApprovalEvent.ApprovalWithdrawn e ->
                new TimelineEntry(
                        "approval_withdrawn",
                        APPROVALS,
                        "No decision is needed any more: " + e.reason(),
                        pairs("approval_id", approval, "action_id", action),
                        Map.of());
            case ApprovalEvent.ApprovalEdited e ->
                new TimelineEntry(
                        "approval_edited",
                        e.by(),
                        "Arguments changed by " + name(e.by()) + ": " + e.reason(),
                        pairs("approval_id", approval, "action_id", action, "by", e.by()),
                        pairs("arguments", e.arguments(), "reason", e.reason()));
        };
    }

    private static String agent(@Nullable String employee) {
        return employee == null ? AGENT : "ai:" + employee;
    }

    private static String inWords(RunEvent.ToolCall call) {
        return capital(words(call.tool())) + listOf(call.arguments()) + " - " + words(call.outcome())
                + (call.detail() == null ? "" : ", " + call.detail());
    }

    private static String citationsOf(TicketEvent.ReplyDrafted e) {
        return e.citations().isEmpty()
                ? ""
                : e.citations().stream()
                        .map(TicketEvent.Citation::title)
                        .distinct()
                        .collect(Collectors.joining(", ", " (from ", ")"));
    }

    private static String listOf(Map<String, Object> arguments) {
        return arguments.entrySet().stream()
                .map(argument -> words(argument.getKey()) + " " + argument.getValue())
                .collect(Collectors.joining(", ", arguments.isEmpty() ? "" : ": ", ""));
    }

    private static String name(String actor) {
        return actor.startsWith("user:") ? actor.substring("user:".length()) : actor;
    }

    private static String words(String name) {
        return name.replace('_', ' ');
    }

    private static String wireName(RunEvent.Outcome outcome) {
        return outcome.name().toLowerCase(Locale.ROOT);
    }

    private static String capital(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }
}
