package io.opsrelay.e2e;

import static io.opsrelay.e2e.Steps.approve;
import static io.opsrelay.e2e.Steps.awaitPendingApproval;
import static io.opsrelay.e2e.Steps.awaitStatus;
import static io.opsrelay.e2e.Steps.events;
import static io.opsrelay.e2e.Steps.expectRefunds;
import static io.opsrelay.e2e.Steps.postRefundRequest;
import static io.opsrelay.e2e.Steps.ticketOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opsrelay.e2e.system.OpsRelay;
import io.opsrelay.e2e.system.Person;
import io.opsrelay.e2e.system.RunningSystem;
import io.opsrelay.e2e.system.Stream;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Processes die without a word, one or all: nothing that was answered is lost, nothing is done twice. */
@RunningSystem
@Order(100)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CrashIT {

    private final OpsRelay opsRelay;
    private final Person agent;
    private final Person approver;

    CrashIT(OpsRelay opsRelay) {
        this.opsRelay = opsRelay;
        this.agent = opsRelay.as("agent@acme.example");
        this.approver = opsRelay.as("approver@acme.example");
    }

    @ParameterizedTest
    @Order(1)
    @CsvSource({
        "action-engine, A-1014",
        "approval-service, A-1015",
        "agent-service, A-1016",
        "ingestion-service, A-1017",
        "realtime-gateway, A-1018"
    })
    void aServiceThatIsKilledIsStartedAgainAndWorkGoesOn(String service, String order) {
        String ticketId = postRefundRequest(agent, order);
        JsonNode approval = awaitPendingApproval(approver, ticketId);

        long former = opsRelay.kill(service);

        // The decision falls while the service is away or just coming back; what is answered 200 counts.
        await("the decision")
                .atMost(Steps.PATIENCE)
                .ignoreExceptions()
                .until(() -> approve(approver, approval).status() == 200);
        opsRelay.awaitRestarted(service, former);
        await("the end of the ticket").atMost(Steps.PATIENCE).ignoreExceptions().untilAsserted(() -> assertThat(
                        ticketOf(agent, ticketId).path("status").asString())
                .isEqualTo("resolved"));
        assertThat(events(ticketOf(agent, ticketId))).containsOnlyOnce("action_succeeded", "ticket_resolved");
        expectRefunds(opsRelay, order, "25.00");
    }

    @Test
    @Order(2)
    void afterEverythingWasKilledTheSameDataGoesOn() {
        String pendingTicket = postRefundRequest(agent, "A-1009");
        JsonNode pending = awaitPendingApproval(approver, pendingTicket);
        String done = postRefundRequest(agent, "A-1008");
        approve(approver, awaitPendingApproval(approver, done)).expect(200);
        awaitStatus(agent, done, "resolved");
        String underWay = postRefundRequest(agent, "A-1010");
        JsonNode approved = awaitPendingApproval(approver, underWay);
        approve(approver, approved).expect(200);
        String justAccepted = postRefundRequest(agent, "A-1011");

        // The approval was answered and the last ticket accepted a moment ago.
        opsRelay.killEverything();
        opsRelay.upAgain();

        // What waited still waits and can be decided.
        assertThat(ticketOf(agent, pendingTicket).path("status").asString()).isEqualTo("awaiting_approval");
        JsonNode stillPending = awaitPendingApproval(approver, pendingTicket);
        assertThat(stillPending.path("approval_id")).isEqualTo(pending.path("approval_id"));
        assertThat(stillPending.path("arguments")).isEqualTo(pending.path("arguments"));
        AtomicReference<JsonNode> resolved = new AtomicReference<>();
        try (Stream stream = approver.stream("tickets")) {
            approve(approver, stillPending).expect(200);
            stream.awaitInOrder("tickets", pendingTicket, "action_succeeded", "ticket_resolved");
            resolved.set(awaitStatus(agent, pendingTicket, "resolved"));
        }
        assertThat(events(resolved.get())).containsOnlyOnce("ticket_received", "action_succeeded", "ticket_resolved");

        // What was under way comes to its end, once; what was done stays done.
        awaitStatus(agent, underWay, "resolved");
        approve(approver, awaitPendingApproval(approver, justAccepted)).expect(200);
        awaitStatus(agent, justAccepted, "resolved");
        assertThat(ticketOf(agent, done).path("status").asString()).isEqualTo("resolved");
        for (String order : new String[] {"A-1008", "A-1009", "A-1010", "A-1011"}) {
            expectRefunds(opsRelay, order, "25.00");
        }
    }
}
