package io.opsrelay.e2e;

import static io.opsrelay.e2e.Steps.awaitAction;
import static io.opsrelay.e2e.Steps.awaitPendingApproval;
import static io.opsrelay.e2e.Steps.awaitStatus;
import static io.opsrelay.e2e.Steps.decide;
import static io.opsrelay.e2e.Steps.postTicket;
import static io.opsrelay.e2e.Steps.ticketOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opsrelay.e2e.system.OpsRelay;
import io.opsrelay.e2e.system.Person;
import io.opsrelay.e2e.system.RunningSystem;
import io.opsrelay.e2e.system.Stream;
import io.opsrelay.testing.FakeModelServer;
import io.opsrelay.testing.FakeModelServer.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/** What is shown to whoever looks at OpsRelay for the first time: empty stores, the demo's traffic, and an agent that proposes. */
@RunningSystem
@Order(125)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DemoIT {

    /** By it an outage strikes acme after 20 s, and 8 s later its SRE restarts agent-service. */
    private static final long SEED = 129;

    private static final Pattern ACCEPTED =
            Pattern.compile("tickets +accepted (\\d+); .*given up 0$", Pattern.MULTILINE);

    private final OpsRelay opsRelay;
    private final FakeModelServer model = new FakeModelServer();

    DemoIT(OpsRelay opsRelay) {
        this.opsRelay = opsRelay;
    }

    /** The demo's refunds are of orders that nobody had refunded before. */
    @BeforeAll
    void nothingHappenedYet() {
        opsRelay.beginAnewWith(Map.of(
                "OPSRELAY_LLM_MODELS_X_PROVIDER", "openai",
                "OPSRELAY_LLM_MODELS_X_BASEURL", model.url() + "/v1",
                "OPSRELAY_LLM_MODELS_X_MODEL", "x"));
    }

    @AfterAll
    void noModelAnyMore() {
        model.close();
    }

    @Test
    void theDemosTrafficIsTakenInDecidedAndWorkedOnAndItsRestartIsDone() {
        String told = opsRelay.demo(Duration.ofSeconds(60), 1, SEED);

        Matcher accepted = ACCEPTED.matcher(told);
        assertThat(accepted.find()).as(told).isTrue();
        List<JsonNode> tickets = new ArrayList<>();
        for (String client : List.of("acme", "globex")) {
            Person viewer = opsRelay.as("viewer@" + client + ".example");
            for (JsonNode listed : items(viewer, "/api/v1/tickets?limit=200")) {
                tickets.add(awaitWorkedOn(viewer, listed.path("ticket_id").asString()));
            }
        }
        // The last ones may have come in when nobody counted any more.
        assertThat(tickets).hasSizeGreaterThanOrEqualTo(Integer.parseInt(accepted.group(1)));
        assertThat(tickets.stream().map(ticket -> ticket.path("language").asString("")))
                .contains("en", "de", "es", "fr");
        assertThat(tickets.stream().map(ticket -> ticket.path("status").asString()))
                .contains("resolved");

        assertThat(told).as("a person decided").containsPattern("approvals +(approve|edit|reject|respond) \\d");
        Person sre = opsRelay.as("sre@acme.example");
        List<JsonNode> restarts = items(sre, "/api/v1/actions?requester=user:sre@acme.example");
        assertThat(restarts).as(told).hasSize(1);
        JsonNode restart =
                awaitAction(sre, restarts.getFirst().path("action_id").asString(), "succeeded");
        assertThat(restart.path("arguments").path("service_name").asString()).isEqualTo("agent-service");
    }

    @Test
    void aRestartThatTheAgentProposesWaitsForAnSreWhoseYesGivesAnotherProcess() {
        Person agent = opsRelay.as("agent@acme.example");
        Person sre = opsRelay.as("sre@acme.example");
        long former = opsRelay.pidOf("approval-service");
        model.thinks(DemoIT::restarting);
        workflow(Map.of("mode", "react", "engine", "x"));

        try (Stream stream = sre.stream("actions")) {
            String ticketId = postTicket(agent, "approval-service", "approval-service hangs, please restart it.");
            JsonNode approval = awaitPendingApproval(sre, ticketId);
            String action = approval.path("action_id").asString();
            assertThat(awaitAction(sre, action, "awaiting_approval")
                            .path("requester")
                            .asString())
                    .isEqualTo("ai:flora");
            awaitStatus(agent, ticketId, "awaiting_approval");

            decide(agent, approval, "approve", "it does hang").expectProblem(403);
            decide(opsRelay.as("approver@acme.example"), approval, "approve", "it does hang")
                    .expectProblem(403);
            assertThat(opsRelay.pidOf("approval-service")).isEqualTo(former);

            decide(sre, approval, "approve", "it does hang").expect(200);
            stream.awaitInOrder(
                    "actions", action, "action_prepared", "action_approved", "action_executing", "action_succeeded");
            assertThat(opsRelay.pidOf("approval-service")).isNotEqualTo(former);
            assertThat(awaitAction(sre, action, "succeeded").path("decided_by").asString())
                    .isEqualTo("user:sre@acme.example");
            assertThat(awaitStatus(agent, ticketId, "resolved").path("reply").asString())
                    .isEqualTo("We have restarted approval-service.");
        } finally {
            workflow(Map.of("mode", "pipeline", "engine", "local"));
        }
    }

    /** Proposes the restart, and tells of it when it was done. */
    private static Reply restarting(JsonNode request) {
        boolean done = StreamSupport.stream(request.path("messages").spliterator(), false)
                .filter(message -> message.path("role").asString("").equals("tool"))
                .anyMatch(message -> message.path("content").asString("").contains("was carried out"));
        return done
                ? Reply.call("reply_to_customer", Map.of("text", "We have restarted approval-service."))
                : Reply.call(
                        "restart_deployment",
                        Map.of(
                                "service_name", "approval-service",
                                "target_type", "standalone",
                                "reason", "a customer says that it hangs"));
    }

    private void workflow(Map<String, Object> settings) {
        opsRelay.as("admin@acme.example")
                .put("/api/v1/agent/workflow", settings)
                .expect(200);
    }

    /** Waits until the ticket has ended, or a person's turn has come. */
    private static JsonNode awaitWorkedOn(Person reader, String ticketId) {
        await("an end or a person's turn for " + ticketId)
                .atMost(Steps.PATIENCE)
                .untilAsserted(() -> assertThat(
                                ticketOf(reader, ticketId).path("status").asString())
                        .isIn("resolved", "escalated", "awaiting_approval"));
        return ticketOf(reader, ticketId);
    }

    private static List<JsonNode> items(Person reader, String path) {
        return StreamSupport.stream(
                        reader.get(path).expect(200).json().path("items").spliterator(), false)
                .toList();
    }
}
