package io.opsrelay.action;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opsrelay.contracts.ActionEvent.ActionFailed;
import io.opsrelay.contracts.ActionEvent.ActionOutcomeUnknown;
import io.opsrelay.contracts.ActionEvent.ActionPrepared;
import io.opsrelay.contracts.ActionEvent.ActionProposed;
import io.opsrelay.contracts.ActionEvent.ActionRequested;
import io.opsrelay.contracts.ActionEvent.ActionSucceeded;
import io.opsrelay.contracts.TicketEvent.Customer;
import io.opsrelay.security.Role;
import io.opsrelay.testing.TestKafka;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** Actions on this machine's own services, from the door to the launcher. */
@ActionEngineTest
class DeploymentPathTest {

    private static final FakeLauncher LAUNCHER = launcher();

    @Autowired
    private TestKafka kafka;

    @LocalServerPort
    private int port;

    private TestEvents events;
    private Api sre;

    @DynamicPropertySource
    static void theLauncherIsKnownAndAcmeMayUseIt(DynamicPropertyRegistry properties) {
        properties.add("opsrelay.launcher.url", LAUNCHER::url);
        properties.add(
                "opsrelay.launcher.token-file", () -> LAUNCHER.tokenFile().toString());
        properties.add("opsrelay.launcher.poll-interval", () -> "20ms");
        properties.add("opsrelay.deployments.grants[0].client", () -> "acme");
        properties.add("opsrelay.deployments.grants[0].target-type", () -> "standalone");
        properties.add(
                "opsrelay.deployments.grants[0].services", () -> "agent-service,ingestion-service,approval-service");
        properties.add("opsrelay.deployments.grants[0].protected-services", () -> "ingestion-service");
    }

    private static FakeLauncher launcher() {
        try {
            return new FakeLauncher(Files.createTempDirectory("launcher"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeEach
    void anSreOfAcme() {
        events = new TestEvents(kafka);
        sre = Api.of(port, "acme", Role.SRE);
    }

    @AfterEach
    void theLauncherBehavesAgain() {
        LAUNCHER.comeBack();
        LAUNCHER.loseAnswers(false);
        LAUNCHER.tellNothing(false);
        LAUNCHER.failWith(null);
        LAUNCHER.busyWith(null);
        LAUNCHER.letGo();
    }

    @AfterAll
    static void closed() {
        LAUNCHER.close();
    }

    @Test
    void anSresRestartIsPreparedDoneOnceAndEveryStepIsTold() {
        // when
        UUID action = accepted(sre.post("/api/v1/restart_deployment", restart("agent-service")));

        // then
        ActionRequested requested =
                events.await(ActionRequested.class, e -> e.actionId().equals(action));
        assertThat(requested.requester()).isEqualTo("user:sre@acme.example");
        ActionPrepared prepared = prepared(action);
        assertThat(prepared.arguments())
                .containsEntry("service_name", "agent-service")
                .containsEntry("target_type", "standalone")
                .containsEntry("reason", "it leaks");
        assertThat(prepared.effect().summary()).contains("Restart agent-service", "2 instances");
        assertThat(prepared.effect().details()).doesNotContainKey("outside_guardrails");

        // when
        grant(prepared);

        // then
        ActionSucceeded done =
                events.await(ActionSucceeded.class, e -> e.actionId().equals(action));
        assertThat(done.provider()).isEqualTo("standalone");
        assertThat(done.result()).containsEntry("operation", "restart").containsEntry("service_name", "agent-service");
        assertThat(LAUNCHER.begun()).containsOnlyOnce("opsrelay-" + action);
        assertThat(action(action).list("steps"))
                .extracting(step -> step.get("step"))
                .containsExactly("requested", "prepared", "approved", "executing", "progress", "progress", "succeeded");
        assertThat(events.frames(action))
                .containsExactly(
                        "action_requested",
                        "action_prepared",
                        "action_approved",
                        "action_executing",
                        "action_executing",
                        "action_executing",
                        "action_succeeded");
    }

    @Test
    void thisMachinesServicesAreListedAndOneThatIsNotThereSaysSo() {
        List<Map<String, Object>> found = sre.get("/api/v1/deployments").items();

        assertThat(found)
                .extracting(each -> each.get("target"))
                .containsExactly(
                        "standalone/agent-service", "standalone/approval-service", "standalone/ingestion-service");
        assertThat(found.getFirst())
                .containsEntry("replicas", 2)
                .containsEntry("ready_replicas", 1)
                .containsEntry("changed_at", "2026-11-25T12:00:00Z")
                .containsEntry("alone", Map.of("min_replicas", 1, "max_replicas", 3, "max_step", 10));
        assertThat(found.get(1)).containsEntry("state", "missing");
        assertThat(found.get(2)).containsEntry("protected", true);
    }

    @Test
    void theSameRequestUnderTheSameKeyIsTheSameAction() {
        // given
        String key = UUID.randomUUID().toString();
        UUID first = accepted(sre.post("/api/v1/restart_deployment", restart("agent-service"), "Idempotency-Key", key));

        // when
        UUID again = accepted(sre.post("/api/v1/restart_deployment", restart("agent-service"), "Idempotency-Key", key));
        Api.Answer other = sre.post("/api/v1/rollout_restart", restart("agent-service"), "Idempotency-Key", key);

        // then
        assertThat(again).isEqualTo(first);
        assertThat(other.status()).isEqualTo(422);
        prepared(first);
        assertThat(events.all(ActionRequested.class, e -> e.actionId().equals(first)))
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"agent-service, 4, '4 replicas are outside 1 to 3'", "ingestion-service, 2, 'is protected'"})
    void whatLeavesTheGuardrailsSaysSoToPolicy(String service, int replicas, String reason) {
        Map<String, Object> body = restart(service);
        body.put("replicas", replicas);

        ActionPrepared prepared = prepared(accepted(sre.post("/api/v1/scale_deployment", body)));

        assertThat(String.valueOf(prepared.effect().details().get("outside_guardrails")))
                .contains(reason);
    }

    @Test
    void scalingBeyondAGuardrailIsRefusedWhenItIsAskedForAndOnceMoreWhenItWouldBegin() {
        Api admin = Api.of(port, "acme", Role.ADMIN);
        Map<String, Object> body = restart("agent-service");
        body.put("replicas", 3);
        List<Map<String, Object>> usual = admin.get("/api/v1/guardrails").list("rules");
        // given: prepared while nothing bounds it
        ActionPrepared before = prepared(accepted(sre.post("/api/v1/scale_deployment", body)));

        try {
            // when
            guard(
                    admin,
                    List.of(Map.of(
                            "name",
                            "small",
                            "kind",
                            "replicas",
                            "targets",
                            List.of("standalone/agent-service"),
                            "max_replicas",
                            2)));
            grant(before);
            UUID after = accepted(sre.post("/api/v1/scale_deployment", body));

            // then
            for (UUID action : List.of(before.actionId(), after)) {
                assertThat(failure(action)).satisfies(failed -> {
                    assertThat(failed.code()).isEqualTo("guardrail_refused");
                    assertThat(failed.reason()).isEqualTo("small: 3 replicas are more than the 2 that it may have");
                });
                assertThat(LAUNCHER.begun()).doesNotContain("opsrelay-" + action);
            }
        } finally {
            guard(admin, usual);
        }
    }

    private static void guard(Api admin, List<Map<String, Object>> rules) {
        assertThat(admin.put("/api/v1/guardrails", Map.of("rules", rules)).status())
                .isEqualTo(200);
    }

    @Test
    void aRangeOfReplicasIsANumberIfItsEndsAreTheSame() {
        Map<String, Object> body = restart("agent-service");
        body.put("min_replicas", 3);
        body.put("max_replicas", 3);

        ActionPrepared prepared = prepared(accepted(sre.post("/api/v1/scale_deployment", body)));

        assertThat(prepared.arguments()).containsEntry("replicas", 3);
        assertThat(prepared.effect().summary()).isEqualTo("Scale agent-service from 2 to 3");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "restart_deployment|service_name||service_name",
                "restart_deployment|reason||reason",
                "restart_deployment|target_type||target_type",
                "restart_deployment|target_type|bare_metal|target_type",
                "restart_deployment|target_type|gke|target_type",
                "rollout_restart|target_type|cloud_run|target_type",
                "restart_deployment|service_name|../../etc|service_name",
                "scale_deployment|region|eu|replicas",
                "scale_deployment|replicas|0|replicas",
                "scale_deployment|replicas|-1|replicas",
                "scale_deployment|replicas|100000|replicas",
                "scale_deployment|min_replicas|1|replicas"
            })
    void whatIsWrongInFormIsRefusedWithItsField(String path, String field, String value, String named) {
        // given
        Map<String, Object> body = restart("agent-service");
        body.remove(field);
        if (value != null) {
            body.put(field, value.matches("-?[0-9]+") ? Integer.valueOf(value) : value);
        }

        // when
        Api.Answer answer = sre.post("/api/v1/" + path, body);

        // then
        assertThat(answer.status()).isEqualTo(422);
        assertThat(String.valueOf(answer.body())).contains(named);
    }

    @Test
    void nobodyTouchesWhatWasNotGranted() {
        assertThat(Api.of(port, "globex", Role.SRE)
                        .post("/api/v1/restart_deployment", restart("agent-service"))
                        .status())
                .isEqualTo(403);
        assertThat(sre.post("/api/v1/restart_deployment", restart("realtime-gateway"))
                        .status())
                .isEqualTo(403);
        for (Role role : List.of(Role.VIEWER, Role.AGENT, Role.APPROVER, Role.INGEST)) {
            assertThat(Api.of(port, "acme", role)
                            .post("/api/v1/restart_deployment", restart("agent-service"))
                            .status())
                    .as(role.name())
                    .isEqualTo(403);
        }
    }

    @Test
    void aFieldThatIsNoneIsRefused() {
        Map<String, Object> body = restart("agent-service");
        body.put("force", true);

        assertThat(sre.post("/api/v1/restart_deployment", body).status()).isBetween(400, 422);
    }

    @Test
    void aServiceThatTheLauncherDoesNotRunFailsVisibly() {
        UUID action = accepted(sre.post("/api/v1/restart_deployment", restart("approval-service")));

        assertThat(failure(action).code()).isEqualTo("unknown_service");
        assertThat(action(action).object("failure")).containsEntry("code", "unknown_service");
    }

    @Test
    void moreReplicasThanThereCanBeFailVisibly() {
        Map<String, Object> body = restart("agent-service");
        body.put("replicas", 9);

        assertThat(failure(accepted(sre.post("/api/v1/scale_deployment", body))).code())
                .isEqualTo("replicas_out_of_range");
    }

    @Test
    void aSecondOperationOnABusyServiceFailsWithTheReason() {
        // given
        LAUNCHER.busyWith("opsrelay-another");

        // when
        UUID action = accepted(sre.post("/api/v1/restart_deployment", restart("agent-service")));
        grant(prepared(action));

        // then
        assertThat(failure(action)).satisfies(failed -> {
            assertThat(failed.code()).isEqualTo("busy");
            assertThat(failed.reason()).contains("opsrelay-another");
        });
    }

    @Test
    void anOperationThatFailsSaysWhy() {
        // given
        LAUNCHER.failWith("agent-service was not ready within 120 s");

        // when
        UUID action = accepted(sre.post("/api/v1/rollout_restart", restart("agent-service")));
        grant(prepared(action));

        // then
        assertThat(failure(action).reason()).contains("not ready within 120 s");
    }

    @Test
    void aLostAnswerIsAskedForAndNothingIsDoneTwice() {
        // given
        LAUNCHER.loseAnswers(true);
        UUID action = accepted(sre.post("/api/v1/restart_deployment", restart("agent-service")));

        // when
        grant(prepared(action));

        // then
        events.await(ActionOutcomeUnknown.class, e -> e.actionId().equals(action));
        events.await(ActionSucceeded.class, e -> e.actionId().equals(action));
        assertThat(LAUNCHER.begun()).containsOnlyOnce("opsrelay-" + action);
        assertThat(progress(action)).containsExactly("agent-service is ended", "agent-service is ready, pid 4711");
    }

    @Test
    void whatWasLostFromSightIsUnderWayAgainWhenTheLauncherTellsAndNoStepIsToldTwice() {
        // given: begun and seen to begin
        LAUNCHER.hold();
        UUID action = accepted(sre.post("/api/v1/restart_deployment", restart("agent-service")));
        grant(prepared(action));
        await().untilAsserted(() -> assertThat(progress(action)).containsExactly("agent-service is ended"));

        // when
        LAUNCHER.tellNothing(true);
        events.await(ActionOutcomeUnknown.class, e -> e.actionId().equals(action));
        assertThat(action(action).get("status")).isEqualTo("unknown");
        LAUNCHER.tellNothing(false);

        // then
        await().untilAsserted(() -> assertThat(action(action).get("status")).isEqualTo("settling"));
        LAUNCHER.letGo();
        events.await(ActionSucceeded.class, e -> e.actionId().equals(action));
        assertThat(action(action).list("steps"))
                .extracting(step -> step.get("step"))
                .containsExactly(
                        "requested",
                        "prepared",
                        "approved",
                        "executing",
                        "progress",
                        "unknown",
                        "settling",
                        "progress",
                        "succeeded");
        assertThat(progress(action)).containsExactly("agent-service is ended", "agent-service is ready, pid 4711");
        await().untilAsserted(() -> assertThat(events.frames(action))
                .endsWith("action_unknown", "action_settling", "action_settling", "action_succeeded"));
        assertThat(LAUNCHER.begun()).containsOnlyOnce("opsrelay-" + action);
    }

    @Test
    void whileTheLauncherIsGoneNothingIsPreparedAndTheActionSaysSo() {
        // given
        LAUNCHER.goAway();

        // when
        UUID action = accepted(sre.post("/api/v1/restart_deployment", restart("agent-service")));

        // then
        assertThat(failure(action).code()).isEqualTo("provider_unreachable");
        failedVisibly(action, "provider_unreachable", "the launcher does not answer");
        await().untilAsserted(
                        () -> assertThat(events.frames(action)).containsExactly("action_requested", "action_failed"));
    }

    @Test
    void aLauncherThatIsGoneWhenItIsNeededFailsTheActionAndItsTargetIsFreeForTheNext() {
        // given
        UUID action = accepted(sre.post("/api/v1/restart_deployment", restart("agent-service")));
        ActionPrepared prepared = prepared(action);
        LAUNCHER.goAway();

        // when
        grant(prepared);

        // then
        assertThat(failure(action).code()).isEqualTo("provider_unreachable");
        failedVisibly(action, "provider_unreachable", "the launcher cannot be reached");
        await().untilAsserted(() -> assertThat(events.frames(action))
                .containsExactly(
                        "action_requested", "action_prepared", "action_approved", "action_executing", "action_failed"));
        assertThat(LAUNCHER.begun()).doesNotContain("opsrelay-" + action);
        LAUNCHER.comeBack();
        theNextOneSucceeds();
    }

    @Test
    void aLauncherThatEndsInTheMiddleTellsItWhenItIsBackAndTheTargetIsFreeForTheNext() {
        // given
        LAUNCHER.hold();
        UUID action = accepted(sre.post("/api/v1/restart_deployment", restart("agent-service")));
        grant(prepared(action));
        await().untilAsserted(() -> assertThat(progress(action)).containsExactly("agent-service is ended"));

        // when
        LAUNCHER.goAway();

        // then
        events.await(ActionOutcomeUnknown.class, e -> e.actionId().equals(action));
        assertThat(action(action).object("failure")).containsEntry("code", "outcome_unknown");

        // when
        LAUNCHER.comeBack();

        // then
        assertThat(failure(action).code()).isEqualTo("operation_failed");
        failedVisibly(action, "operation_failed", "the launcher ended meanwhile");
        assertThat(progress(action)).containsExactly("agent-service is ended");
        await().untilAsserted(() ->
                assertThat(events.frames(action)).contains("action_unknown").endsWith("action_failed"));
        LAUNCHER.letGo();
        theNextOneSucceeds();
    }

    private void failedVisibly(UUID action, String code, String reason) {
        Api.Answer shown = action(action);
        assertThat(shown.get("status")).isEqualTo("failed");
        assertThat(shown.object("failure")).containsEntry("code", code);
        assertThat(String.valueOf(shown.object("failure").get("reason"))).contains(reason);
    }

    private void theNextOneSucceeds() {
        UUID next = accepted(sre.post("/api/v1/restart_deployment", restart("agent-service")));
        grant(prepared(next));
        events.await(ActionSucceeded.class, e -> e.actionId().equals(next));
    }

    @Test
    void whileAnOperationLastsItsActionIsExecuting() {
        // given
        LAUNCHER.hold();
        UUID action = accepted(sre.post("/api/v1/restart_deployment", restart("agent-service")));
        grant(prepared(action));
        await().untilAsserted(() -> assertThat(action(action).list("steps"))
                .extracting(step -> step.get("detail"))
                .contains("agent-service is ended"));
        assertThat(action(action).get("status")).isEqualTo("executing");

        // when
        LAUNCHER.letGo();

        // then
        events.await(ActionSucceeded.class, e -> e.actionId().equals(action));
    }

    @Test
    void aProposalByEventInAPersonsNameIsSetAside() {
        // given
        UUID forged = UUID.randomUUID();
        UUID honest = UUID.randomUUID();

        // when
        events.send("acme", proposal(forged, "user:sre@acme.example"));
        events.send("acme", proposal(honest, "ai:flora"));

        // then
        assertThat(prepared(honest).requester()).isEqualTo("ai:flora");
        assertThat(sre.get("/api/v1/actions/" + forged).status()).isEqualTo(404);
    }

    private static ActionProposed proposal(UUID action, String requester) {
        // One ticket: the second is read after the first.
        UUID ticket = UUID.fromString("0193aaaa-0000-7000-8000-00000000d001");
        return new ActionProposed(
                action,
                ticket,
                UUID.randomUUID(),
                "restart_deployment",
                restart("agent-service"),
                requester,
                new Customer(UUID.randomUUID(), "mary.major@example.org", true),
                null);
    }

    private static Map<String, Object> restart(String service) {
        return new HashMap<>(Map.of("service_name", service, "target_type", "standalone", "reason", "it leaks"));
    }

    private static UUID accepted(Api.Answer answer) {
        assertThat(answer.status()).as(String.valueOf(answer.body())).isEqualTo(202);
        return UUID.fromString(String.valueOf(answer.get("action_id")));
    }

    private ActionPrepared prepared(UUID action) {
        return events.await(ActionPrepared.class, e -> e.actionId().equals(action));
    }

    private ActionFailed failure(UUID action) {
        return events.await(ActionFailed.class, e -> e.actionId().equals(action));
    }

    private void grant(ActionPrepared prepared) {
        UUID approval = UUID.randomUUID();
        events.send("acme", Grants.event(approval, prepared, Grants.sign(Grants.claims("acme", approval, prepared))));
    }

    private List<Object> progress(UUID action) {
        return action(action).list("steps").stream()
                .filter(step -> "progress".equals(step.get("step")))
                .map(step -> step.get("detail"))
                .toList();
    }

    private Api.Answer action(UUID action) {
        return sre.get("/api/v1/actions/" + action);
    }
}
