package io.opsrelay.e2e;

import static io.opsrelay.e2e.Steps.approve;
import static io.opsrelay.e2e.Steps.awaitAction;
import static io.opsrelay.e2e.Steps.awaitPendingApproval;
import static io.opsrelay.e2e.Steps.awaitStatus;
import static io.opsrelay.e2e.Steps.decide;
import static io.opsrelay.e2e.Steps.edit;
import static io.opsrelay.e2e.Steps.events;
import static io.opsrelay.e2e.Steps.expectRefunds;
import static io.opsrelay.e2e.Steps.postRefundRequest;
import static io.opsrelay.e2e.Steps.postTicket;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opsrelay.e2e.system.OpsRelay;
import io.opsrelay.e2e.system.Person;
import io.opsrelay.e2e.system.RunningSystem;
import io.opsrelay.e2e.system.Stream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A customer wants money back, a person decides, and the money moves once, seen live all the way. */
@RunningSystem
@Order(1)
class RefundPathIT {

    private final OpsRelay opsRelay;
    private final Person agent;
    private final Person approver;

    RefundPathIT(OpsRelay opsRelay) {
        this.opsRelay = opsRelay;
        this.agent = opsRelay.as("agent@acme.example");
        this.approver = opsRelay.as("approver@acme.example");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            en | A-1001 | Broken lamp | The lamp came in pieces, I want my money back. Order A-1001
            de | A-1002 | Kaputte Lampe | Die Lampe kam in Scherben an, ich will mein Geld zurück. Bestellung A-1002
            es | A-1003 | Lámpara rota | La lámpara llegó hecha pedazos, quiero que me devuelvan el dinero. Pedido A-1003
            """)
    void aRefundIsApprovedByAPersonExecutedOnceAndTold(String language, String order, String subject, String body) {
        try (Stream stream = approver.stream("tickets", "approvals", "actions")) {
            // The request comes in and every step is seen live, in order.
            String ticketId = postTicket(agent, subject, body);
            stream.awaitInOrder(
                    "tickets",
                    ticketId,
                    "ticket_received",
                    "ticket_classified",
                    "reply_drafted",
                    "action_proposed",
                    "action_prepared",
                    "approval_requested");
            JsonNode classified =
                    stream.awaitFrame("tickets", ticketId, "ticket_classified").path("data");
            assertThat(classified.path("category").asString()).isEqualTo("refund_request");
            assertThat(classified.path("language").asString()).isEqualTo(language);
            awaitStatus(agent, ticketId, "awaiting_approval");

            // What waits for a person shows exactly what would be done.
            JsonNode approval = awaitPendingApproval(approver, ticketId);
            String approvalId = approval.path("approval_id").asString();
            String actionId = approval.path("action_id").asString();
            assertThat(approval.path("action_type").asString()).isEqualTo("refund");
            assertThat(approval.path("arguments").path("order_id").asString()).isEqualTo(order);
            assertThat(approval.path("arguments").path("amount").asString()).isEqualTo("25.00");
            assertThat(approval.path("arguments").path("currency").asString()).isEqualTo("EUR");
            assertThat(approval.path("effect").path("money").path("amount").asString())
                    .isEqualTo("25.00");
            assertThat(approval.path("effect").path("money").path("currency").asString())
                    .isEqualTo("EUR");
            expectRefunds(opsRelay, order);

            // Who may not decide, cannot.
            approve(agent, approval).expectProblem(403);
            approve(opsRelay.as("viewer@acme.example"), approval).expectProblem(403);
            approve(opsRelay.as("sre@acme.example"), approval).expectProblem(403);

            // A person decides, and it happens.
            approve(approver, approval).expect(200);
            stream.awaitInOrder(
                    "tickets", ticketId, "approval_granted", "action_started", "action_succeeded", "ticket_resolved");
            stream.awaitInOrder("approvals", approvalId, "approval_requested", "approval_decided");
            stream.awaitInOrder("actions", actionId, "action_prepared", "action_executing", "action_succeeded");
            assertThat(stream.types("tickets", ticketId))
                    .containsOnlyOnce("ticket_received", "action_started", "action_succeeded", "ticket_resolved")
                    .endsWith("ticket_resolved");

            // The books, the action, the reply and the timeline agree.
            String refundId = expectRefunds(opsRelay, order, "25.00")
                    .getFirst()
                    .path("refund_id")
                    .asString();
            assertThat(awaitAction(agent, actionId, "succeeded").path("steps")).isNotEmpty();
            JsonNode ticket = awaitStatus(agent, ticketId, "resolved");
            assertThat(ticket.path("reply").asString()).contains("25", "EUR", refundId);
            assertThat(events(ticket))
                    .containsSubsequence(
                            "ticket_received",
                            "ticket_classified",
                            "reply_drafted",
                            "action_proposed",
                            "action_prepared",
                            "approval_requested",
                            "approval_granted",
                            "action_started",
                            "action_succeeded",
                            "reply_drafted",
                            "ticket_resolved");
            assertThat(ticket.path("timeline").toString())
                    .contains("user:approver@acme.example", "the photo shows it", refundId);
        }
    }

    @Test
    void anActionForATicketOutOfAnImportGoesTheSameWay() {
        String lines = IntStream.range(0, 40)
                .mapToObj(i -> Map.of(
                        "subject",
                        "Imported",
                        "customer_email",
                        "mary.major@example.org",
                        "body",
                        i == 20
                                ? "When I open the statistics page the app freezes and closes."
                                : "Where do you ship to?"))
                .map(JsonMapper.shared()::writeValueAsString)
                .collect(Collectors.joining("\n"));

        List<String> ticketIds = agent.post(
                        "/api/v1/tickets/bulk", "application/x-ndjson", lines.getBytes(StandardCharsets.UTF_8))
                .expect(200)
                .text()
                .lines()
                .map(line ->
                        JsonMapper.shared().readTree(line).path("ticket_id").asString())
                .toList();

        assertThat(ticketIds).hasSize(40);
        assertThat(events(awaitStatus(agent, ticketIds.get(20), "resolved")))
                .containsSubsequence(
                        "ticket_received",
                        "action_proposed",
                        "action_prepared",
                        "action_started",
                        "action_succeeded",
                        "ticket_resolved");
    }

    @Test
    void aRejectionChangesTheReplyAndMovesNoMoney() {
        String ticketId = postRefundRequest(agent, "A-1004");
        JsonNode approval = awaitPendingApproval(approver, ticketId);
        String acknowledgement = lastDraft(awaitStatus(agent, ticketId, "awaiting_approval"));

        decide(approver, approval, "reject", "the return period ended in March").expect(200);

        JsonNode ticket = awaitStatus(agent, ticketId, "resolved");
        assertThat(ticket.path("reply").asString()).isNotBlank().isNotEqualTo(acknowledgement);
        assertThat(events(ticket))
                .containsSubsequence("approval_rejected", "reply_drafted", "ticket_resolved")
                .doesNotContain("action_started", "action_succeeded");
        assertThat(ticket.path("timeline").toString()).contains("the return period ended in March");
        awaitAction(agent, approval.path("action_id").asString(), "rejected");
        expectRefunds(opsRelay, "A-1004");
    }

    @Test
    void aRejectionWithoutAReasonIsRefused() {
        String ticketId = postRefundRequest(agent, "A-1012");
        JsonNode approval = awaitPendingApproval(approver, ticketId);

        approver.post(
                        "/api/v1/approvals/" + approval.path("approval_id").asString() + "/decide",
                        Map.of("decision", "reject"))
                .expectProblem(422, "reason");

        assertThat(awaitPendingApproval(approver, ticketId).path("status").asString())
                .isEqualTo("pending");
    }

    @Test
    void anEditToAPartIsDecidedAnewAndTheRestCanStillBeRefunded() {
        String ticketId = postRefundRequest(agent, "A-1005");
        JsonNode first = awaitPendingApproval(approver, ticketId);

        // What the change would do is told before it is sent.
        JsonNode outlook = approver.post(
                        "/api/v1/actions/dry_run",
                        Map.of("action_id", first.path("action_id").asString(), "arguments", Map.of("amount", "10.00")))
                .expect(200)
                .json();
        assertThat(outlook.path("effect")
                        .path("details")
                        .path("remaining_after")
                        .asString())
                .as(() -> outlook.toString())
                .isEqualTo("15.00");

        // The amount is changed: what was asked before is over, and a second person's eyes see the new figures.
        edit(approver, first, "only the shade is broken", Map.of("amount", "10.00"))
                .expect(200);
        JsonNode second = awaitAnother(first, ticketId);
        assertThat(second.path("action_id").asString())
                .isEqualTo(first.path("action_id").asString());
        assertThat(second.path("arguments").path("amount").asString()).isEqualTo("10.00");
        assertThat(second.path("effect").path("money").path("amount").asString())
                .isEqualTo("10.00");
        approve(approver, first).expectProblem(409);
        expectRefunds(opsRelay, "A-1005");

        approve(opsRelay.as("admin@acme.example"), second).expect(200);

        JsonNode ticket = awaitStatus(agent, ticketId, "resolved");
        expectRefunds(opsRelay, "A-1005", "10.00");
        assertThat(ticket.path("reply").asString()).contains("10", "EUR").doesNotContain("25.00");
        assertThat(events(ticket))
                .containsSubsequence(
                        "approval_requested",
                        "approval_edited",
                        "action_prepared",
                        "approval_requested",
                        "approval_granted",
                        "action_succeeded");

        // A second request for the same order is for what is left of the charge.
        String again = postRefundRequest(agent, "A-1005");
        JsonNode rest = awaitPendingApproval(approver, again);
        assertThat(rest.path("effect").path("money").path("amount").asString()).isEqualTo("15.00");
        approve(approver, rest).expect(200);
        awaitStatus(agent, again, "resolved");
        expectRefunds(opsRelay, "A-1005", "10.00", "15.00");
    }

    @Test
    void anEditInTheWrongFormOrBeyondTheChargeIsRefusedAndChangesNothing() {
        String ticketId = postRefundRequest(agent, "A-1013");
        JsonNode approval = awaitPendingApproval(approver, ticketId);

        edit(approver, approval, "a gesture", Map.of("amount", "0.00")).expectProblem(422, "arguments.amount");
        edit(approver, approval, "a gesture", Map.of("charge_id", "ch_1")).expectProblem(422, "arguments.charge_id");
        edit(approver, approval, "a gesture", Map.of("amount", "25.01")).expectProblem(422, "arguments.amount");
        expectRefunds(opsRelay, "A-1013");

        approve(approver, approval).expect(200);
        awaitStatus(agent, ticketId, "resolved");
        expectRefunds(opsRelay, "A-1013", "25.00");
    }

    @Test
    void aPersonWhoAnswersInsteadIsQuotedAndNoMoneyMoves() {
        String ticketId = postRefundRequest(agent, "A-1012");
        JsonNode approval = awaitPendingApproval(approver, ticketId);

        decide(approver, approval, "respond", "We send a new lamp today instead.")
                .expect(200);

        JsonNode ticket = awaitStatus(agent, ticketId, "resolved");
        assertThat(ticket.path("reply").asString()).contains("new lamp");
        assertThat(events(ticket)).contains("approval_responded").doesNotContain("action_started");
        expectRefunds(opsRelay, "A-1012");
    }

    @Test
    void whatTheCustomerWritesMeanwhileIsToldToWhoeverDecides() {
        String ticketId = postRefundRequest(agent, "A-1012");
        JsonNode approval = awaitPendingApproval(approver, ticketId);
        assertThat(approval.has("ticket_changed_at")).isFalse();

        agent.post("/api/v1/tickets/" + ticketId + "/replies", Map.of("text", "Keep the money, I found the lamp."))
                .expect(202);

        await("the request tells that its ticket has changed")
                .atMost(Steps.PATIENCE)
                .until(() -> Steps.pendingApproval(approver, ticketId)
                        .filter(pending -> pending.has("ticket_changed_at"))
                        .isPresent());
        decide(approver, approval, "reject", "the customer has found it").expect(200);
        awaitAction(agent, approval.path("action_id").asString(), "rejected");
        expectRefunds(opsRelay, "A-1012");
    }

    @Test
    void aPersonAsksForARefundAndAnotherOneDecides() {
        String order = "A-1021";
        Map<String, Object> request = Map.of(
                "action_type",
                "refund",
                "arguments",
                Map.of("order_id", order, "customer_email", "arnav.desai@example.org", "amount", "77.30"));

        String actionId = approver.post("/api/v1/actions", request)
                .expect(202)
                .json()
                .path("action_id")
                .asString();

        JsonNode approval = awaitPendingApprovalOf(actionId);
        approve(approver, approval).expectProblem(403);
        approve(opsRelay.as("admin@acme.example"), approval).expect(200);
        awaitAction(agent, actionId, "succeeded");
        assertThat(Steps.refunds(opsRelay, order)).singleElement().satisfies(refund -> {
            assertThat(refund.path("amount").asString()).isEqualTo("77.30");
            assertThat(refund.path("currency").asString()).isEqualTo("GBP");
        });
    }

    @Test
    void aCopyForTheCustomerHoldsWhatEveryServiceHoldsOfARefund() throws IOException {
        String ticketId = postRefundRequest(agent, "A-1012");
        JsonNode approval = awaitPendingApproval(approver, ticketId);
        Person admin = opsRelay.as("admin@acme.example");
        String customerId = Steps.ticketOf(agent, ticketId)
                .path("customer")
                .path("customer_id")
                .asString();

        String export = admin.post("/api/v1/customers/" + customerId + "/export", Map.of())
                .expect(202)
                .text("export_id");
        String location = "/api/v1/customers/" + customerId + "/exports/" + export;
        await("the export " + export).atMost(Steps.PATIENCE).untilAsserted(() -> assertThat(
                        admin.get(location).expect(200).text("status"))
                .isEqualTo("ready"));

        assertThat(admin.get(location).json().path("incomplete")).isEmpty();
        Map<String, String> files = unzip(admin.download(location + "/content"));
        String folder = "tickets/" + ticketId + "/";
        assertThat(files.get("customer.json")).contains(Steps.MARY);
        assertThat(files.get(folder + "ticket.json")).contains("The lamp came in pieces");
        assertThat(files.get(folder + "agent.json")).contains("The lamp came in pieces", "\"parked\"");
        assertThat(files.get(folder + "approvals.json"))
                .contains(approval.path("approval_id").asString(), "\"pending\"");
        assertThat(files.get(folder + "actions.json"))
                .contains(approval.path("action_id").asString(), Steps.MARY);
        decide(approver, approval, "reject", "it was only to be looked at").expect(200);
    }

    private static Map<String, String> unzip(byte[] bytes) throws IOException {
        Map<String, String> files = new HashMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(bytes))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                files.put(entry.getName(), new String(zip.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return files;
    }

    private JsonNode awaitPendingApprovalOf(String actionId) {
        String path = "/api/v1/approvals?status=pending&action_id=" + actionId;
        await("a pending approval of action " + actionId)
                .atMost(Steps.PATIENCE)
                .until(() -> approver.get(path).expect(200).json().path("items").size() == 1);
        return approver.get(path).expect(200).json().path("items").get(0);
    }

    private JsonNode awaitAnother(JsonNode former, String ticketId) {
        await("the approval of the edited action").atMost(Steps.PATIENCE).until(() -> Steps.pendingApproval(
                        approver, ticketId)
                .filter(approval -> !approval.path("approval_id").equals(former.path("approval_id")))
                .isPresent());
        return Steps.pendingApproval(approver, ticketId).orElseThrow();
    }

    private static String lastDraft(JsonNode ticket) {
        List<JsonNode> drafts = new ArrayList<>();
        ticket.path("timeline").forEach(entry -> {
            if (entry.path("event").asString().equals("reply_drafted")) {
                drafts.add(entry);
            }
        });
        return drafts.getLast().path("data").path("text").asString();
    }
}
