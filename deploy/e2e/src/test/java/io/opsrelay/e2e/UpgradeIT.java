package io.opsrelay.e2e;

import static io.opsrelay.e2e.Steps.approve;
import static io.opsrelay.e2e.Steps.awaitStatus;
import static io.opsrelay.e2e.Steps.events;
import static io.opsrelay.e2e.Steps.expectRefunds;
import static io.opsrelay.e2e.Steps.postRefundRequest;
import static io.opsrelay.e2e.Steps.refunds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opsrelay.e2e.system.OpsRelay;
import io.opsrelay.e2e.system.Person;
import io.opsrelay.e2e.system.RunningSystem;
import io.opsrelay.e2e.system.Stream;
import io.opsrelay.e2e.upgrade.Recording;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * What an earlier version left in its databases and topics goes on with this one. Each recording holds, for acme: a
 * question answered, refunds paid and rejected, one refund that waits for a person, and requests whose events nobody had
 * read when that version ended.
 */
@RunningSystem
@Order(130)
class UpgradeIT {

    private final OpsRelay opsRelay;

    UpgradeIT(OpsRelay opsRelay) {
        this.opsRelay = opsRelay;
    }

    static List<Recording> recordings() throws IOException {
        return Recording.all();
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void whatAnEarlierVersionLeftGoesOn(Recording recording) {
        opsRelay.restore(recording);
        Person admin = opsRelay.as("admin@acme.example");
        Person agent = opsRelay.as("agent@acme.example");
        Person approver = opsRelay.as("approver@acme.example");

        // Everything is there, and what was finished stays as it was.
        Map<String, JsonNode> tickets = new HashMap<>();
        for (JsonNode item :
                admin.get("/api/v1/tickets?limit=200").expect(200).json().path("items")) {
            String id = item.path("ticket_id").asString();
            tickets.put(id, admin.get("/api/v1/tickets/" + id).expect(200).json());
        }
        assertThat(tickets.values())
                .filteredOn(ticket -> ticket.path("subject").asString().startsWith("Finished"))
                .hasSizeGreaterThanOrEqualTo(3)
                .allSatisfy(ticket -> {
                    assertThat(ticket.path("status").asString()).isEqualTo("resolved");
                    assertThat(events(ticket)).startsWith("ticket_received").endsWith("ticket_resolved");
                    assertThat(ticket.path("reply").asString()).isNotBlank();
                });
        expectRefunds(opsRelay, "A-1001", "25.00");

        // What waited for a person is decided, and the money moves once.
        JsonNode waiting = tickets.values().stream()
                .filter(ticket -> ticket.path("subject").asString().startsWith("Waiting"))
                .findFirst()
                .orElseThrow();
        String waitingId = waiting.path("ticket_id").asString();
        approve(approver, Steps.awaitPendingApproval(approver, waitingId)).expect(200);
        awaitStatus(agent, waitingId, "resolved");
        expectRefunds(opsRelay, "A-1003", "25.00");

        // What nobody had read is read: its events are of that version.
        tickets.forEach((id, ticket) -> {
            if (ticket.path("subject").asString().startsWith("Unread")) {
                await("an end or a person's turn for " + id)
                        .atMost(Steps.PATIENCE)
                        .untilAsserted(() -> assertThat(
                                        Steps.ticketOf(agent, id).path("status").asString())
                                .isIn("resolved", "escalated", "awaiting_approval"));
            }
        });

        // A dashboard resumes from the first offset on, and sees what is new.
        try (Stream stream = approver.stream("tickets")) {
            String fresh = postRefundRequest(agent, "A-1010");
            stream.awaitInOrder("tickets", fresh, "ticket_received", "ticket_classified", "approval_requested");
            approve(approver, Steps.awaitPendingApproval(approver, fresh)).expect(200);
            awaitStatus(agent, fresh, "resolved");
        }
        assertThat(refunds(opsRelay, "A-1010")).hasSize(1);
    }
}
