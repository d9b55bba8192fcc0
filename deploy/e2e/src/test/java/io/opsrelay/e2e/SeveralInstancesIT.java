package io.opsrelay.e2e;

import static io.opsrelay.e2e.Steps.awaitAction;
import static io.opsrelay.e2e.Steps.awaitStatus;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opsrelay.benchmarks.faults.FaultRun;
import io.opsrelay.benchmarks.faults.Verdict;
import io.opsrelay.e2e.system.OpsRelay;
import io.opsrelay.e2e.system.Person;
import io.opsrelay.e2e.system.RunningSystem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** Two instances of each service, which an SRE asked for: they share the work, and either may die or leave. */
@RunningSystem
@Order(118)
@Timeout(value = 15, unit = TimeUnit.MINUTES)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SeveralInstancesIT {

    /** What two busy cores work off beside twice as many processes: a queue would only make it last longer. */
    private static final double RATE = 3;
    /** Between two kills: both instances of everything are at work. */
    private static final Duration PAUSE = Duration.ofSeconds(3);

    private static final Duration DRAIN = Duration.ofMinutes(3);
    private static final List<String> SERVICES =
            List.of("ingestion-service", "agent-service", "approval-service", "action-engine", "realtime-gateway");

    private final OpsRelay opsRelay;
    private final FaultRun run;
    private final Person sre;
    private final Person admin;

    SeveralInstancesIT(OpsRelay opsRelay) {
        this.opsRelay = opsRelay;
        this.run = new FaultRun(opsRelay.base(), opsRelay.home(), 14, RATE, DRAIN, System.out);
        this.sre = opsRelay.as("sre@acme.example");
        this.admin = opsRelay.as("admin@acme.example");
    }

    @Test
    @Order(1)
    void oneOfTwoInstancesOfEachServiceDiesAndNoPromiseIsBroken() throws InterruptedException {
        run.scaleTo(2);
        Map<String, List<Long>> former = pids();
        assertThat(former.values()).allSatisfy(pids -> assertThat(pids).hasSize(2));
        // Both approval-services have a timer for these.
        List<String> undecided = askForWhatNobodyDecides();

        Verdict verdict = run.eachServiceOnce(PAUSE);

        verdict.figures().forEach(System.out::println);
        assertThat(verdict.violations()).isEmpty();
        await("the other instance of each service").atMost(Steps.PATIENCE).untilAsserted(() -> assertThat(pids())
                .allSatisfy((service, pids) -> {
                    assertThat(pids).hasSize(2);
                    assertThat(former.get(service))
                            .as("one of them was never away")
                            .containsAnyElementsOf(pids);
                }));
        undecided.forEach(this::expectToLapseOnce);
    }

    @Test
    @Order(2)
    void oneOfTwoInstancesOfEachServiceLeavesAndNoTicketIsRefusedOrLost() throws InterruptedException {
        Posters posters = new Posters(opsRelay, opsRelay.as("agent@acme.example"));
        try (posters) {
            awaitMore(posters);
            run.scaleTo(1);
            awaitMore(posters);
        }

        System.out.printf(
                "%d tickets, broken connections: %s%n", posters.tickets().size(), posters.broken());
        assertThat(pids().values()).allSatisfy(pids -> assertThat(pids).hasSize(1));
        assertThat(posters.refused()).isEmpty();
        // The gateway's listener closes once, so it can hit each of them once, between its handshake and its
        // acceptance.
        assertThat(posters.broken()).hasSizeLessThanOrEqualTo(Posters.COUNT);
        assertThat(posters.tickets()).hasSize(posters.answered());
        posters.tickets().forEach(ticket -> awaitStatus(admin, ticket, "resolved"));
    }

    private static void awaitMore(Posters posters) {
        int goal = posters.answered() + 2 * Posters.COUNT;
        await("tickets posted").atMost(Steps.PATIENCE).until(() -> posters.answered() >= goal);
    }

    private Map<String, List<Long>> pids() {
        Map<String, List<Long>> pids = new TreeMap<>();
        SERVICES.forEach(service -> pids.put(service, opsRelay.pids(service)));
        return pids;
    }

    /** Operations that wait for a second person, and may do so for a minute; answers their actions. */
    private List<String> askForWhatNobodyDecides() {
        JsonNode policy = admin.get("/api/v1/policies").expect(200).json();
        List<Object> rules = new ArrayList<>();
        rules.add(Map.of(
                "name",
                "nobody-is-waited-for-long",
                "when",
                Map.of("action_types", List.of("scale_deployment"), "outside_guardrails", true),
                "then",
                Map.of(
                        "decision", "approve",
                        "approvers", Map.of("count", 1, "roles", List.of("sre")),
                        "expires_after", "1m")));
        policy.path("rules").forEach(rules::add);
        admin.put("/api/v1/policies", Map.of("rules", rules)).expect(200);
        try {
            List<String> actions = new ArrayList<>();
            for (int n = 0; n < 2; n++) {
                SERVICES.forEach(service -> actions.add(askForTooMany(service)));
            }
            actions.forEach(action -> awaitAction(sre, action, "awaiting_approval"));
            return actions;
        } finally {
            admin.put("/api/v1/policies", Map.of("rules", policy.path("rules"))).expect(200);
        }
    }

    private String askForTooMany(String service) {
        Map<String, Object> body = new HashMap<>(Map.of("service_name", service, "target_type", "standalone"));
        body.put("replicas", 4);
        body.put("reason", "they have much to do");
        return sre.post("/api/v1/scale_deployment", body).expect(202).text("action_id");
    }

    private void expectToLapseOnce(String action) {
        JsonNode lapsed = awaitAction(sre, action, "expired");
        assertThat(lapsed.path("steps"))
                .as("steps of %s", lapsed)
                .filteredOn(step -> step.path("step").asString("").equals("expired"))
                .hasSize(1);
        JsonNode entries = admin.get("/api/v1/approvals/audit?action=approval.expired&subject="
                        + lapsed.path("approval_id").asString())
                .expect(200)
                .json();
        assertThat(entries.path("items")).as("lapses of %s", lapsed).hasSize(1);
    }
}
