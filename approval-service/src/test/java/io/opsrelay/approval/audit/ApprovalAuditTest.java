package io.opsrelay.approval.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opsrelay.approval.Api;
import io.opsrelay.approval.ApprovalApplication;
import io.opsrelay.approval.TestEvents;
import io.opsrelay.contracts.ActionEvent.ActionPrepared;
import io.opsrelay.contracts.ApprovalEvent.ApprovalGranted;
import io.opsrelay.contracts.ApprovalEvent.ApprovalRequested;
import io.opsrelay.contracts.Effect;
import io.opsrelay.contracts.Money;
import io.opsrelay.security.Role;
import io.opsrelay.testing.OpsRelayTest;
import io.opsrelay.testing.TestKafka;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

/** What is asked and decided stands in the audit log: who, what, when, why, before and after. */
@OpsRelayTest(service = "approval")
@SpringBootTest(
        classes = ApprovalApplication.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = "opsrelay.approval.expiry-poll=100ms")
class ApprovalAuditTest {

    private static final String HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    @Autowired
    private TestKafka kafka;

    @LocalServerPort
    private int port;

    private final UUID actionId = UUID.randomUUID();
    private final UUID ticketId = UUID.randomUUID();
    private TestEvents events;
    private Api admin;

    @BeforeEach
    void people() {
        events = new TestEvents(kafka);
        admin = Api.of(port, "acme", Role.ADMIN);
    }

    @Test
    void aDecisionIsAuditedWithWhoAndWhy() {
        // given
        prepare("refund");
        UUID id = events.await(ApprovalRequested.class, e -> e.actionId().equals(actionId))
                .approvalId();

        // when
        Api.of(port, "acme", Role.APPROVER)
                .post(
                        "/api/v1/approvals/" + id + "/decide",
                        Map.of("decision", "reject", "reason", "it was not broken"));

        // then
        List<Map<String, Object>> entries = entriesOf(id);
        assertThat(entries).hasSize(2);
        assertThat(entries.getFirst())
                .containsEntry("action", "approval.rejected")
                .containsEntry("actor", "user:approver@acme.example")
                .containsEntry("reason", "it was not broken")
                .containsEntry("before", Map.of("status", "pending"));
        assertThat(object(entries.getFirst(), "after"))
                .containsEntry("status", "rejected")
                .containsEntry("rule", "refund-needs-person")
                .containsEntry("policy_version", 0);
        assertThat(entries.getLast())
                .containsEntry("action", "approval.requested")
                .hasEntrySatisfying("reason", why -> assertThat((String) why).isNotBlank());
        assertThat(object(entries.getLast(), "after"))
                .containsEntry("arguments_hash", HASH)
                .containsEntry("requester", "ai:luna")
                .containsEntry("status", "pending");
        await().untilAsserted(() -> assertThat(admin.get("/api/v1/approvals/audit?ticket_id=" + ticketId)
                        .items())
                .allSatisfy(item -> assertThat(item).containsEntry("sealed", true)));
    }

    @Test
    void whatPolicyGrantsAtOnceIsAuditedAsPolicysDecision() {
        prepare("bug_report");
        UUID id = events.await(ApprovalGranted.class, e -> e.actionId().equals(actionId))
                .approvalId();

        assertThat(entriesOf(id)).singleElement().satisfies(entry -> {
            assertThat(entry)
                    .containsEntry("action", "approval.approved")
                    .containsEntry("before", Map.of())
                    .containsEntry("ticket_id", ticketId.toString());
            assertThat((String) entry.get("actor")).startsWith("policy:");
            assertThat((String) entry.get("reason")).isNotBlank();
            assertThat(object(entry, "after")).containsEntry("policy_version", 0);
        });
    }

    private void prepare(String type) {
        events.send(
                "acme",
                new ActionPrepared(
                        actionId,
                        ticketId,
                        1,
                        type,
                        Map.of("order_id", "A-1", "charge_id", "ch_1", "amount", "25.00", "currency", "EUR"),
                        HASH,
                        new Effect(
                                "Refund 25.00 EUR of order A-1",
                                new Money(new BigDecimal("25.00"), "EUR"),
                                Map.of("remaining_after", "0.00")),
                        "ai:luna",
                        null,
                        null));
    }

    @SuppressWarnings("unchecked")
    private List<Map<String, Object>> entriesOf(UUID approvalId) {
        return admin.get("/api/v1/approvals/audit?subject=" + approvalId).items().stream()
                .map(item -> (Map<String, Object>) item.get("entry"))
                .toList();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(Map<String, Object> entry, String field) {
        return (Map<String, Object>) entry.get(field);
    }
}
