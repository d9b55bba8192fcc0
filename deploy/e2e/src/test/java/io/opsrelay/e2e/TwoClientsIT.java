package io.opsrelay.e2e;

import static io.opsrelay.e2e.Steps.approve;
import static io.opsrelay.e2e.Steps.awaitPendingApproval;
import static io.opsrelay.e2e.Steps.awaitStatus;
import static io.opsrelay.e2e.Steps.postRefundRequest;
import static io.opsrelay.e2e.Steps.postTicket;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opsrelay.e2e.system.Answer;
import io.opsrelay.e2e.system.OpsRelay;
import io.opsrelay.e2e.system.Person;
import io.opsrelay.e2e.system.RunningSystem;
import io.opsrelay.e2e.system.Stream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What is acme's, globex neither sees nor changes, whatever it asks for. */
@RunningSystem
@Order(3)
class TwoClientsIT {

    private static final List<String> ROLES = List.of("viewer", "agent", "approver", "sre", "admin");

    private final OpsRelay opsRelay;

    TwoClientsIT(OpsRelay opsRelay) {
        this.opsRelay = opsRelay;
    }

    @Test
    void nothingOfAcmeIsVisibleToGlobexOnAnyRouteOrChannel() {
        Person acme = opsRelay.as("agent@acme.example");
        Person approver = opsRelay.as("approver@acme.example");
        Person globex = opsRelay.as("admin@globex.example");
        try (Stream eavesdropper = globex.stream("tickets", "approvals", "actions")) {
            String ticketId = postRefundRequest(acme, "A-1006");
            JsonNode approval = awaitPendingApproval(approver, ticketId);
            String approvalId = approval.path("approval_id").asString();
            String actionId = approval.path("action_id").asString();
            eavesdropper.send(Map.of("type", "subscribe", "id", "t", "data", Map.of("channel", "ticket:" + ticketId)));

            for (String role : ROLES) {
                Person stranger = opsRelay.as(role + "@globex.example");
                stranger.get("/api/v1/tickets/" + ticketId).expectProblem(404);
                stranger.get("/api/v1/approvals/" + approvalId).expectProblem(404);
                stranger.get("/api/v1/actions/" + actionId).expectProblem(404);
                for (String list : List.of(
                        "/api/v1/tickets",
                        "/api/v1/approvals",
                        "/api/v1/approvals?status=pending",
                        "/api/v1/actions",
                        "/api/v1/actions?ticket_id=" + ticketId)) {
                    assertThat(stranger.get(list).expect(200).text()).doesNotContain(ticketId, approvalId, actionId);
                }
            }
            approve(opsRelay.as("approver@globex.example"), approval).expectProblem(404);
            approve(globex, approval).expectProblem(404);

            // It is decided by those whose it is, and their books stay theirs too.
            approve(approver, approval).expect(200);
            awaitStatus(acme, ticketId, "resolved");
            Answer books = globex.get("/api/v1/sandbox/payments?order_id=A-1006");
            assertThat(books.status() == 404 || books.json().path("refunds").isEmpty())
                    .as("globex's view of acme's books: " + books.text())
                    .isTrue();

            // Globex's own work goes on, on the same stream that must not have told anything else.
            String own = postTicket(opsRelay.as("agent@globex.example"), "A question", "How long do refunds take?");
            eavesdropper.awaitInOrder("tickets", own, "ticket_received", "ticket_resolved");
            awaitStatus(globex, own, "resolved");
            acme.get("/api/v1/tickets/" + own).expectProblem(404);
            assertThat(eavesdropper.snapshot())
                    .filteredOn(message -> message.has("channel"))
                    .allSatisfy(frame -> assertThat(frame.toString()).doesNotContain(ticketId, approvalId, actionId));
        }
    }

    @Test
    void theClientInABodyIsNoClientAtAll() {
        opsRelay.as("agent@globex.example")
                .post(
                        "/api/v1/tickets",
                        Map.of(
                                "subject", "Hello",
                                "body", "How long do refunds take?",
                                "customer_email", Steps.MARY,
                                "client_id", "acme"))
                .expectProblem(400, "client_id");
    }

    @Test
    void anOrderOfAnotherClientIsNeverRefunded() {
        Person agent = opsRelay.as("agent@globex.example");

        String ticketId = postRefundRequest(agent, "A-1020");

        await("an end that a person can see").atMost(Steps.PATIENCE).until(() -> List.of(
                        "resolved", "escalated", "awaiting_approval")
                .contains(Steps.ticketOf(agent, ticketId).path("status").asString()));
        Steps.expectRefunds(opsRelay, "A-1020");
        Steps.pendingApproval(opsRelay.as("approver@globex.example"), ticketId).ifPresent(approval -> assertThat(
                        approval.path("arguments").path("charge_id").asString())
                .as("globex's own order of that number, not acme's")
                .isNotEqualTo(opsRelay.as("admin@acme.example")
                        .get("/api/v1/sandbox/payments?order_id=A-1020")
                        .json()
                        .path("charge")
                        .path("charge_id")
                        .asString("")));
    }
}
