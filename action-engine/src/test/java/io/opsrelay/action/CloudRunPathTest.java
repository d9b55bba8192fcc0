package io.opsrelay.action;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.action.cloudrun.FakeCloudRun;
import io.opsrelay.action.cloudrun.FakeCloudRun.Change;
import io.opsrelay.action.cloudrun.FakeCloudRun.Fault;
import io.opsrelay.action.cloudrun.FakeCloudRun.Play;
import io.opsrelay.contracts.ActionEvent.ActionFailed;
import io.opsrelay.contracts.ActionEvent.ActionOutcomeUnknown;
import io.opsrelay.contracts.ActionEvent.ActionPrepared;
import io.opsrelay.contracts.ActionEvent.ActionSucceeded;
import io.opsrelay.security.Role;
import io.opsrelay.testing.TestKafka;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** Actions on Cloud Run, from the door to Google's API. */
@ActionEngineTest
class CloudRunPathTest {

    private static final String SERVICE = "projects/acme-prod/locations/europe-west1/services/payment";
    private static final FakeCloudRun GOOGLE = FakeCloudRun.onLoopback();

    @Autowired
    private TestKafka kafka;

    @LocalServerPort
    private int port;

    private TestEvents events;
    private Api sre;

    @DynamicPropertySource
    static void aProjectIsConfiguredAndAcmeMayTouchOneService(DynamicPropertyRegistry properties) {
        properties.add("opsrelay.cloudrun.endpoint", GOOGLE::endpoint);
        properties.add("opsrelay.cloudrun.poll-interval", () -> "20ms");
        properties.add("opsrelay.cloudrun.projects[0].name", () -> "main");
        properties.add("opsrelay.cloudrun.projects[0].project", () -> "acme-prod");
        properties.add("opsrelay.cloudrun.projects[0].regions", () -> "europe-west1");
        properties.add("opsrelay.cloudrun.projects[0].environment", () -> "production");
        properties.add("opsrelay.deployments.grants[0].client", () -> "acme");
        properties.add("opsrelay.deployments.grants[0].target-type", () -> "cloud_run");
        properties.add("opsrelay.deployments.grants[0].services", () -> "main/europe-west1/payment");
    }

    @BeforeEach
    void aServiceWithTwoRevisions() {
        GOOGLE.plays(Play.READY);
        GOOGLE.deploy(SERVICE, 2);
        events = new TestEvents(kafka);
        sre = Api.of(port, "acme", Role.SRE);
    }

    @AfterAll
    static void closed() {
        GOOGLE.close();
    }

    @Test
    void aRestartIsPreparedApprovedAndDoneOnceWithItsSteps() {
        // when
        UUID action = accepted(sre.post("/api/v1/restart_deployment", order("payment")));

        // then
        ActionPrepared prepared = prepared(action);
        assertThat(prepared.arguments()).containsEntry("cluster_name", "main").containsEntry("region", "europe-west1");
        assertThat(prepared.effect().details())
                .containsEntry("image", "registry.example/payment:2")
                .containsEntry("environment", "production");

        // when
        grant(prepared);

        // then
        ActionSucceeded done =
                events.await(ActionSucceeded.class, e -> e.actionId().equals(action));
        assertThat(done.provider()).isEqualTo("cloud_run");
        assertThat(done.result()).containsEntry("revision", "payment-00003");
        assertThat(changesBy(action)).isEqualTo(1);
        assertThat(GOOGLE.serving(SERVICE)).isEqualTo("payment-00003");
        assertThat(String.valueOf(action(action).list("steps"))).contains("Cloud Run has taken it", "Routing traffic");
    }

    @Test
    void aRestartThatFailsIsUndoneAndSaysSo() {
        // given
        GOOGLE.plays(Play.FAILED);
        UUID action = accepted(sre.post("/api/v1/restart_deployment", order("payment")));

        // when
        grant(prepared(action));

        // then
        ActionFailed failed = events.await(ActionFailed.class, e -> e.actionId().equals(action));
        assertThat(failed.code()).isEqualTo("rollout_failed");
        assertThat(failed.reason()).contains("all requests go to payment-00002 as before");
        assertThat(GOOGLE.serving(SERVICE)).isEqualTo("payment-00002");
    }

    @Test
    void anAnswerThatIsLostAgainAndAgainIsUnknownAndThenSettled() {
        // given
        GOOGLE.nextUpdates(
                Fault.UNAVAILABLE, Fault.UNAVAILABLE, Fault.UNAVAILABLE, Fault.UNAVAILABLE, Fault.APPLY_AND_DROP);
        UUID action = accepted(sre.post("/api/v1/rollback_deployment", order("payment")));

        // when
        grant(prepared(action));

        // then
        events.await(ActionOutcomeUnknown.class, e -> e.actionId().equals(action));
        events.await(ActionSucceeded.class, e -> e.actionId().equals(action));
        assertThat(changesBy(action)).isEqualTo(1);
        assertThat(GOOGLE.serving(SERVICE)).isEqualTo("payment-00001");
    }

    @Test
    void whatWouldNotBeTakenIsRefusedBeforeAnybodyIsAsked() {
        GOOGLE.edit(SERVICE, service -> service.setReconciling(true));

        UUID action = accepted(sre.post("/api/v1/restart_deployment", order("payment")));

        assertThat(events.await(ActionFailed.class, e -> e.actionId().equals(action))
                        .code())
                .isEqualTo("rollout_under_way");
        assertThat(changesBy(action)).isZero();
    }

    @Test
    void nobodyTouchesAServiceOrAPlaceThatWasNotGranted() {
        assertThat(sre.post("/api/v1/restart_deployment", order("billing")).status())
                .isEqualTo(403);
        assertThat(Api.of(port, "globex", Role.SRE)
                        .post("/api/v1/restart_deployment", order("payment"))
                        .status())
                .isEqualTo(403);
        Map<String, Object> elsewhere = order("payment");
        elsewhere.put("region", "us-central1");
        assertThat(sre.post("/api/v1/restart_deployment", elsewhere).status()).isEqualTo(422);
        assertThat(sre.post("/api/v1/rollout_restart", order("payment")).status())
                .isEqualTo(422);
    }

    private static long changesBy(UUID action) {
        return GOOGLE.journal().stream()
                .map(Change::key)
                .filter(key -> key.equals("opsrelay-" + action))
                .count();
    }

    private static Map<String, Object> order(String service) {
        return new HashMap<>(Map.of("service_name", service, "target_type", "cloud_run", "reason", "it leaks"));
    }

    private static UUID accepted(Api.Answer answer) {
        assertThat(answer.status()).as(String.valueOf(answer.body())).isEqualTo(202);
        return UUID.fromString(String.valueOf(answer.get("action_id")));
    }

    private ActionPrepared prepared(UUID action) {
        return events.await(ActionPrepared.class, e -> e.actionId().equals(action));
    }

    private void grant(ActionPrepared prepared) {
        UUID approval = UUID.randomUUID();
        events.send("acme", Grants.event(approval, prepared, Grants.sign(Grants.claims("acme", approval, prepared))));
    }

    private Api.Answer action(UUID action) {
        return sre.get("/api/v1/actions/" + action);
    }
}
