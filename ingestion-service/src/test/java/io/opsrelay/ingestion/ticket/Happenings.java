package io.opsrelay.ingestion.ticket;

import io.opsrelay.contracts.ActionEvent.ActionCancelled;
import io.opsrelay.contracts.ActionEvent.ActionFailed;
import io.opsrelay.contracts.ActionEvent.ActionOutcomeUnknown;
import io.opsrelay.contracts.ActionEvent.ActionPrepared;
import io.opsrelay.contracts.ActionEvent.ActionProposed;
import io.opsrelay.contracts.ActionEvent.ActionRequested;
import io.opsrelay.contracts.ActionEvent.ActionStarted;
import io.opsrelay.contracts.ActionEvent.ActionSucceeded;
import io.opsrelay.contracts.ApprovalEvent.ApprovalEdited;
import io.opsrelay.contracts.ApprovalEvent.ApprovalExpired;
import io.opsrelay.contracts.ApprovalEvent.ApprovalGranted;
import io.opsrelay.contracts.ApprovalEvent.ApprovalRejected;
import io.opsrelay.contracts.ApprovalEvent.ApprovalRequested;
import io.opsrelay.contracts.ApprovalEvent.ApprovalResponded;
import io.opsrelay.contracts.ApprovalEvent.ApprovalWithdrawn;
import io.opsrelay.contracts.Effect;
import io.opsrelay.contracts.Event;
import io.opsrelay.contracts.Money;
import io.opsrelay.contracts.RunEvent.Outcome;
import io.opsrelay.contracts.RunEvent.RunCompleted;
import io.opsrelay.contracts.RunEvent.RunParked;
import io.opsrelay.contracts.RunEvent.RunStarted;
import io.opsrelay.contracts.RunEvent.ToolCall;
import io.opsrelay.contracts.RunEvent.ToolsCalled;
import io.opsrelay.contracts.TicketEvent.Citation;
import io.opsrelay.contracts.TicketEvent.Customer;
import io.opsrelay.contracts.TicketEvent.ReplyDrafted;
import io.opsrelay.contracts.TicketEvent.TicketClassified;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What other services tell about one ticket, one run and one action. */
record Happenings(UUID ticketId, UUID runId, UUID actionId, UUID approvalId) {

    private static final String APPROVER = "user:approver@acme.example";
    private static final String HASH = "ab".repeat(32);

    static Happenings of(UUID ticketId) {
        return new Happenings(ticketId, UUID.randomUUID(), UUID.randomUUID(), UUID.randomUUID());
    }

    Happenings withOtherRun() {
        return new Happenings(ticketId, UUID.randomUUID(), actionId, approvalId);
    }

    Happenings withOtherAction() {
        return new Happenings(ticketId, runId, UUID.randomUUID(), UUID.randomUUID());
    }

    RunStarted started() {
        return new RunStarted(ticketId, runId, "local");
    }

    ToolsCalled toolsCalled() {
        return new ToolsCalled(
                ticketId,
                runId,
                1,
                List.of(
                        new ToolCall(
                                "search_knowledge_base", Map.of("query", "refunds"), "answered", "2 passages", 3.5),
                        new ToolCall("check_order_status", Map.of(), "refused", "order_id is missing", null)));
    }

    TicketClassified classified() {
        return new TicketClassified(
                ticketId,
                runId,
                "refund_request",
                0.97,
                false,
                "en",
                "negative",
                "high",
                "local",
                "2026-11",
                0.4,
                null,
                null,
                null,
                null);
    }

    ReplyDrafted drafted() {
        return new ReplyDrafted(
                ticketId,
                runId,
                "answer",
                "Refunds take three to five days.",
                List.of(new Citation("refunds", "Refunds", "Refunds take three to five days.")));
    }

    ActionRequested actionRequested() {
        return new ActionRequested(
                actionId,
                ticketId,
                "restart_deployment",
                Map.of("service_name", "agent-service"),
                "user:sre@acme.example",
                null);
    }

    ActionProposed proposed() {
        return new ActionProposed(
                actionId,
                ticketId,
                runId,
                "refund",
                Map.of("order_id", "A-1001"),
                "ai:luna",
                new Customer(UUID.randomUUID(), "mary.major@example.org", true),
                null);
    }

    ActionPrepared prepared() {
        return new ActionPrepared(
                actionId,
                ticketId,
                1,
                "refund",
                Map.of("order_id", "A-1001", "amount", "25.00", "currency", "EUR"),
                HASH,
                new Effect("Refund 25.00 EUR of order A-1001", new Money(new BigDecimal("25.00"), "EUR"), Map.of()),
                "ai:luna",
                null,
                null);
    }

    RunParked parked() {
        return new RunParked(ticketId, runId, actionId);
    }

    ApprovalRequested requested() {
        return new ApprovalRequested(
                approvalId,
                actionId,
                ticketId,
                1,
                "refund",
                "refund-needs-person",
                Instant.parse("2030-01-01T00:00:00Z"));
    }

    ApprovalGranted granted() {
        return new ApprovalGranted(approvalId, actionId, ticketId, 1, "refund", HASH, APPROVER, "fine", "e30.e30.c2ln");
    }

    ApprovalRejected rejected() {
        return new ApprovalRejected(approvalId, actionId, ticketId, APPROVER, "too late");
    }

    ApprovalResponded responded() {
        return new ApprovalResponded(approvalId, actionId, ticketId, APPROVER, "Ask for a photo.");
    }

    ApprovalEdited edited() {
        return new ApprovalEdited(approvalId, actionId, ticketId, 1, Map.of("amount", "10.00"), APPROVER, "half of it");
    }

    ApprovalExpired expired() {
        return new ApprovalExpired(approvalId, actionId, ticketId);
    }

    ActionStarted acted() {
        return new ActionStarted(actionId, ticketId, "refund", 1);
    }

    ActionSucceeded succeeded() {
        return new ActionSucceeded(
                actionId,
                ticketId,
                "refund",
                "sandbox",
                Map.of("refund_id", "re_1", "amount", "25.00", "currency", "EUR"));
    }

    ActionFailed failed() {
        return new ActionFailed(actionId, ticketId, "refund", "provider_refused", "The card was closed.");
    }

    ActionCancelled cancelled() {
        return new ActionCancelled(actionId, ticketId, "refund", APPROVER, "Asked by mistake.");
    }

    ApprovalWithdrawn withdrawn() {
        return new ApprovalWithdrawn(approvalId, actionId, ticketId, "the ticket was taken up anew");
    }

    ActionOutcomeUnknown unknown() {
        return new ActionOutcomeUnknown(actionId, ticketId, "refund", "No answer in 10 s.");
    }

    RunCompleted completed(Outcome outcome) {
        return outcome == Outcome.RESOLVED
                ? new RunCompleted(ticketId, runId, outcome, "We have refunded 25.00 EUR.", null)
                : new RunCompleted(ticketId, runId, outcome, null, "the order is not known");
    }

    /** The way of a refund that a person approves, to its end. */
    List<Event> approvedRefund() {
        return List.of(
                started(),
                classified(),
                drafted(),
                proposed(),
                parked(),
                prepared(),
                requested(),
                granted(),
                acted(),
                succeeded(),
                completed(Outcome.RESOLVED));
    }

    /** One of each kind, in an order in which they could come. */
    List<Event> oneOfEach() {
        return List.of(
                started(),
                classified(),
                drafted(),
                proposed(),
                parked(),
                prepared(),
                requested(),
                edited(),
                granted(),
                acted(),
                unknown(),
                succeeded(),
                rejected(),
                responded(),
                expired(),
                failed(),
                completed(Outcome.RESOLVED));
    }
}
