package io.opsrelay.contracts;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** One example of each event, filled to the last field. */
final class Samples {

    static final UUID TICKET = UUID.fromString("0193aaaa-0000-7000-8000-000000000001");
    static final UUID RUN = UUID.fromString("0193aaaa-0000-7000-8000-000000000002");
    static final UUID ACTION = UUID.fromString("0193aaaa-0000-7000-8000-000000000003");
    static final UUID APPROVAL = UUID.fromString("0193aaaa-0000-7000-8000-000000000004");
    static final UUID CUSTOMER = UUID.fromString("0193aaaa-0000-7000-8000-000000000005");
    static final UUID EXPORT = UUID.fromString("0193aaaa-0000-7000-8000-000000000007");
    static final Instant TIME = Instant.parse("2026-11-20T10:00:00.123Z");
    static final String HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    static final TicketEvent.Customer MARY = new TicketEvent.Customer(CUSTOMER, "mary.major@example.org", true);

    private Samples() {}

    static List<Event> all() {
        Map<String, Object> order = ordered("order_id", "A-1001");
        Map<String, Object> arguments = ordered("amount", "25.00", "currency", "EUR", "order_id", "A-1001");
        return List.of(
                new TicketEvent.TicketReceived(
                        TICKET,
                        "api",
                        "Broken lamp",
                        "The lamp came in pieces.",
                        MARY,
                        "normal",
                        "shop-77",
                        Map.of("shop", "berlin")),
                new TicketEvent.TicketImported(
                        TICKET,
                        "api",
                        "4711",
                        "refund_request",
                        0.97,
                        0.95,
                        "retail",
                        "US",
                        "enhanced_v2.4",
                        1240.0,
                        true,
                        Map.of("email", 2),
                        true),
                new TicketEvent.TicketClassified(
                        TICKET,
                        RUN,
                        "refund_request",
                        0.97,
                        false,
                        "en",
                        "negative",
                        "normal",
                        "local",
                        "2026-11-a1b2",
                        0.4,
                        Map.of("email", 2),
                        "retail",
                        "DE",
                        "The parcel was crushed on its way.",
                        "luna"),
                new TicketEvent.ReplyDrafted(
                        TICKET,
                        RUN,
                        "answer",
                        "Refunds take three to five days.",
                        List.of(new TicketEvent.Citation("refunds", "Refunds", "Refunds take three to five days."))),
                new TicketEvent.RunRequested(
                        TICKET,
                        RUN,
                        "replied",
                        "customer",
                        new TicketEvent.TicketReceived(
                                TICKET,
                                "email",
                                "Broken lamp",
                                "The lamp came in pieces.",
                                MARY,
                                "normal",
                                "shop-77",
                                Map.of("shop", "berlin")),
                        false,
                        List.of(
                                new TicketEvent.Said("agent", "We have refunded 25.00 EUR.", false, TIME),
                                new TicketEvent.Said("customer", "Where is the money?", true, TIME)),
                        3),
                new TicketEvent.CustomerReplied(
                        TICKET, RUN, 7, new TicketEvent.Said("customer", "It was the blue one.", true, TIME), true),
                new TicketEvent.StatusSet(TICKET, "escalated", "user:agent@acme.example", "I call her myself."),
                new TicketEvent.TicketCorrected(
                        TICKET, "category", "refund_request", "2026-11-a1b2", "delivery", "user:agent@acme.example"),
                new TicketEvent.CustomerErased(TICKET, CUSTOMER),
                new RunEvent.RunStarted(TICKET, RUN, "local", "luna"),
                new RunEvent.ToolsCalled(
                        TICKET,
                        RUN,
                        1,
                        List.of(new RunEvent.ToolCall(
                                "search_knowledge_base", ordered("query", "refunds"), "answered", "2 passages", 12.5))),
                new RunEvent.MessageTaken(TICKET, RUN, 7),
                new RunEvent.RunParked(TICKET, RUN, ACTION),
                new RunEvent.RunCompleted(
                        TICKET, RUN, RunEvent.Outcome.ESCALATED, "A colleague will answer.", "unsure"),
                new ActionEvent.ActionProposed(
                        ACTION,
                        TICKET,
                        RUN,
                        "refund",
                        order,
                        "ai:luna",
                        MARY,
                        0.93,
                        new TicketBrief(
                                "Order A-1001", "The lamp came in pieces.", "email", "high", "refund_request", "en")),
                new ActionEvent.ActionRequested(
                        ACTION,
                        null,
                        "restart_deployment",
                        ordered("service_name", "agent-service"),
                        "user:sre@acme.example",
                        null),
                new ActionEvent.ActionPrepared(
                        ACTION,
                        TICKET,
                        2,
                        "refund",
                        arguments,
                        HASH,
                        new Effect(
                                "Refund 25.00 EUR of order A-1001",
                                new Money(new BigDecimal("25.00"), "EUR"),
                                ordered("remaining_after", "0.00")),
                        "ai:luna",
                        "user:admin@acme.example",
                        new ActionFacts("financial", "high", false, "order/A-1001", null, 0.93, true, null),
                        null,
                        ordered("type", "object")),
                new ActionEvent.ActionStarted(ACTION, TICKET, "refund", 1),
                new ActionEvent.ActionSucceeded(ACTION, TICKET, "refund", "sandbox", ordered("refund_id", "re_1")),
                new ActionEvent.ActionFailed(ACTION, TICKET, "refund", "order_not_found", "No order A-1."),
                new ActionEvent.ActionCancelled(ACTION, TICKET, "refund", "user:sre@acme.example", "Asked by mistake."),
                new ActionEvent.ActionOutcomeUnknown(ACTION, TICKET, "refund", "The provider did not answer in 10 s."),
                new ApprovalEvent.ApprovalRequested(APPROVAL, ACTION, TICKET, 1, "refund", "refund-needs-person", TIME),
                new ApprovalEvent.ApprovalGranted(
                        APPROVAL,
                        ACTION,
                        TICKET,
                        1,
                        "refund",
                        HASH,
                        "user:approver@acme.example",
                        "fine",
                        "e30.e30.c2ln"),
                new ApprovalEvent.ApprovalRejected(APPROVAL, ACTION, TICKET, "user:approver@acme.example", "too late"),
                new ApprovalEvent.ApprovalResponded(
                        APPROVAL, ACTION, TICKET, "user:approver@acme.example", "Ask for a photo."),
                new ApprovalEvent.ApprovalEdited(
                        APPROVAL, ACTION, TICKET, 1, arguments, "user:approver@acme.example", "half of it"),
                new ApprovalEvent.ApprovalExpired(APPROVAL, ACTION, TICKET),
                new ApprovalEvent.ApprovalWithdrawn(APPROVAL, ACTION, TICKET, "the ticket was taken up anew"),
                new ClientEvent.ActionsOffered(List.of("password_reset", "refund")),
                new ClientEvent.KillSwitchTurned(true, false, "user:admin@acme.example", "Refunds go wrong.", TIME),
                new ClientEvent.BreakerOpened("order/A-1001", 5, TIME, "breaker"),
                new ExportEvent.ExportRequested(EXPORT, TICKET, CUSTOMER, "MIIBojANBgkqhkiG9w0="),
                new ExportEvent.ExportAnswered(EXPORT, TICKET, "agent-service", 1, 2, "c2VhbGVk"));
    }

    /** An activity, filled to the last field. */
    static AiActivity activity() {
        return new AiActivity(
                UUID.fromString("0193aaaa-0000-7000-8000-000000000006"),
                "luna",
                AiActivity.Type.EMAIL,
                "Resolved: refund request",
                TICKET,
                CUSTOMER.toString(),
                "resolved",
                TIME);
    }

    private static Map<String, Object> ordered(Object... pairs) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put((String) pairs[i], pairs[i + 1]);
        }
        return map;
    }
}
