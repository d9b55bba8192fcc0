package io.opsrelay.e2e;

import static io.opsrelay.e2e.Steps.awaitAction;
import static io.opsrelay.e2e.Steps.decide;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opsrelay.e2e.system.OpsRelay;
import io.opsrelay.e2e.system.Person;
import io.opsrelay.e2e.system.RunningSystem;
import io.opsrelay.e2e.system.Stream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** SREs restart, scale and roll over OpsRelay's own services, which are real processes. */
@RunningSystem
@Order(120)
class DeploymentsIT {

    private final OpsRelay opsRelay;
    private final Person sre;
    private final Person agent;

    DeploymentsIT(OpsRelay opsRelay) {
        this.opsRelay = opsRelay;
        this.sre = opsRelay.as("sre@acme.example");
        this.agent = opsRelay.as("agent@acme.example");
    }

    @ParameterizedTest
    @ValueSource(strings = {"agent-service", "action-engine"})
    void anSresRestartIsGrantedAtOnceAndRenewsTheProcess(String service) {
        long former = opsRelay.pidOf(service);

        try (Stream stream = sre.stream("actions")) {
            String action = request("restart_deployment", service, Map.of());

            stream.awaitInOrder(
                    "actions",
                    action,
                    "action_requested",
                    "action_prepared",
                    "action_approved",
                    "action_executing",
                    "action_succeeded");
            assertThat(awaitAction(sre, action, "succeeded").path("provider").asString())
                    .isEqualTo("standalone");
        }
        assertThat(opsRelay.pidOf(service)).isNotEqualTo(former);
    }

    @Test
    void scalingBeyondTheGuardrailsWaitsForASecondPerson() {
        String action = request("scale_deployment", "agent-service", Map.of("replicas", 4));

        JsonNode waiting = awaitAction(sre, action, "awaiting_approval");
        JsonNode approval = sre.get(
                        "/api/v1/approvals/" + waiting.path("approval_id").asString())
                .expect(200)
                .json();
        assertThat(approval.path("effect").toString()).contains("4 replicas are outside 1 to 3");
        decide(sre, approval, "approve", "I say so").expectProblem(403);
        decide(opsRelay.as("admin@acme.example"), approval, "reject", "two are enough")
                .expect(200);
        awaitAction(sre, action, "rejected");
    }

    @Test
    void theSameRequestTwiceAtOnceOnOneTargetIsDoneOnceOrFailsWithTheReason() {
        String first = request("rollout_restart", "approval-service", Map.of());
        String second = request("rollout_restart", "approval-service", Map.of());

        await("both").atMost(Steps.PATIENCE).untilAsserted(() -> assertThat(List.of(statusOf(first), statusOf(second)))
                .allMatch(status -> status.equals("succeeded") || status.equals("failed")));
        assertThat(List.of(statusOf(first), statusOf(second))).contains("succeeded");
    }

    @Test
    void whoWasNotGrantedTheTargetIsRefused() {
        opsRelay.as("sre@globex.example")
                .post("/api/v1/restart_deployment", body("agent-service", Map.of()))
                .expectProblem(403);
        sre.post("/api/v1/restart_deployment", body("nobody-knows-it", Map.of()))
                .expectProblem(403);
        agent.post("/api/v1/restart_deployment", body("agent-service", Map.of()))
                .expectProblem(403);
        sre.post("/api/v1/scale_deployment", body("agent-service", Map.of("replicas", 0)))
                .expectProblem(422, "replicas");
    }

    private String request(String operation, String service, Map<String, Object> more) {
        return sre.post("/api/v1/" + operation, body(service, more)).expect(202).text("action_id");
    }

    private String statusOf(String action) {
        return sre.get("/api/v1/actions/" + action)
                .expect(200)
                .json()
                .path("status")
                .asString();
    }

    private static Map<String, Object> body(String service, Map<String, Object> more) {
        Map<String, Object> body = new HashMap<>(
                Map.of("service_name", service, "target_type", "standalone", "reason", "it runs since yesterday"));
        body.putAll(more);
        return body;
    }
}
