package io.opsrelay.e2e;

import static io.opsrelay.e2e.Steps.awaitAction;
import static io.opsrelay.e2e.Steps.decide;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opsrelay.e2e.system.OpsRelay;
import io.opsrelay.e2e.system.Person;
import io.opsrelay.e2e.system.RunningSystem;
import io.opsrelay.e2e.system.Stream;
import java.time.Instant;
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
            JsonNode done = awaitAction(sre, action, "succeeded");
            assertThat(done.path("provider").asString()).isEqualTo("standalone");
            // Whoever of action-engine's processes was there to hear it.
            List<String> progress = details(done, "progress");
            assertThat(progress).hasSize(3).doesNotHaveDuplicates();
            assertThat(progress.get(0)).startsWith(service).endsWith("gets no more requests");
            assertThat(progress.get(1)).startsWith(service).endsWith("has ended");
            assertThat(progress.get(2)).startsWith(service).contains("is ready on port");
            assertThat(stream.frames("actions", action))
                    .extracting(frame -> frame.path("data").path("progress").asString(""))
                    .containsSubsequence(progress);
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
    void ofTwoRestartsOfOneTargetAtOnceTheSecondWaitsForTheFirstAndSaysSo() {
        // A process that has halted takes the whole time that it is given to end: the second comes while the first
        // lasts.
        opsRelay.freeze("agent-service");
        String one = request("restart_deployment", "agent-service", Map.of());
        String other = request("restart_deployment", "agent-service", Map.of());

        JsonNode oneDone = awaitAction(sre, one, "succeeded");
        JsonNode otherDone = awaitAction(sre, other, "succeeded");
        boolean inOrder = at(oneDone, "executing").isBefore(at(otherDone, "executing"));
        JsonNode first = inOrder ? oneDone : otherDone;
        JsonNode second = inOrder ? otherDone : oneDone;
        assertThat(details(first, "waits")).isEmpty();
        assertThat(details(second, "waits"))
                .containsExactly(
                        "waits for " + first.path("action_id").asString() + ", which works on the same target");
        assertThat(at(second, "executing")).isAfterOrEqualTo(at(first, "succeeded"));
    }

    @Test
    void aLauncherThatIsKilledDuringARestartFailsItWithTheReasonAndTheNextOneIsDone() {
        opsRelay.freeze("agent-service");
        String action = request("restart_deployment", "agent-service", Map.of());
        await("the restart to begin").atMost(Steps.PATIENCE).untilAsserted(() -> assertThat(
                        details(actionOf(action), "progress"))
                .anyMatch(step -> step.endsWith("gets no more requests")));

        opsRelay.killEverything();
        opsRelay.upAgain();

        try (Stream stream = sre.stream("actions")) {
            JsonNode failed = awaitAction(sre, action, "failed");
            assertThat(failed.path("failure").path("code").asString()).isEqualTo("operation_failed");
            assertThat(failed.path("failure").path("reason").asString()).contains("the launcher ended meanwhile");
            assertThat(details(failed, "progress")).isNotEmpty().doesNotHaveDuplicates();
            String next = request("restart_deployment", "agent-service", Map.of());
            stream.awaitInOrder("actions", next, "action_executing", "action_succeeded");
        }
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

    private JsonNode actionOf(String action) {
        return sre.get("/api/v1/actions/" + action).expect(200).json();
    }

    private String statusOf(String action) {
        return actionOf(action).path("status").asString();
    }

    private static List<String> details(JsonNode action, String step) {
        return stepsOf(action, step).stream()
                .map(taken -> taken.path("detail").asString())
                .toList();
    }

    private static Instant at(JsonNode action, String step) {
        return Instant.parse(stepsOf(action, step).getFirst().path("at").asString());
    }

    private static List<JsonNode> stepsOf(JsonNode action, String step) {
        return action.path("steps")
                .valueStream()
                .filter(taken -> taken.path("step").asString().equals(step))
                .toList();
    }

    private static Map<String, Object> body(String service, Map<String, Object> more) {
        Map<String, Object> body = new HashMap<>(
                Map.of("service_name", service, "target_type", "standalone", "reason", "it runs since yesterday"));
        body.putAll(more);
        return body;
    }
}
