package io.opsrelay.action;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.action.kubernetes.FakeCluster;
import io.opsrelay.action.kubernetes.FakeControllers.Fate;
import io.opsrelay.contracts.ActionEvent.ActionFailed;
import io.opsrelay.contracts.ActionEvent.ActionOutcomeUnknown;
import io.opsrelay.contracts.ActionEvent.ActionPrepared;
import io.opsrelay.contracts.ActionEvent.ActionSucceeded;
import io.opsrelay.security.Role;
import io.opsrelay.testing.TestKafka;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** Actions on deployments in clusters, from the door to the API server, with the cluster's journal beside our records. */
@ActionEngineTest
class KubernetesPathTest {

    private static final FakeCluster CLUSTER = cluster();

    @Autowired
    private TestKafka kafka;

    @LocalServerPort
    private int port;

    private TestEvents events;
    private Api sre;

    @DynamicPropertySource
    static void twoClustersAreKnownAndAcmeMayUseThem(DynamicPropertyRegistry properties) {
        properties.add("opsrelay.kubernetes.poll-interval", () -> "20ms");
        for (String prefix : List.of("opsrelay.kubernetes.clusters[0].", "opsrelay.kubernetes.clusters[1].")) {
            properties.add(prefix + "kubeconfig", () -> CLUSTER.kubeconfig().toString());
            properties.add(prefix + "namespaces", () -> "shop,back");
        }
        properties.add("opsrelay.kubernetes.clusters[0].name", () -> "prod-eu");
        properties.add("opsrelay.kubernetes.clusters[0].environment", () -> "production");
        properties.add("opsrelay.kubernetes.clusters[1].name", () -> "big");
        properties.add("opsrelay.kubernetes.clusters[1].type", () -> "gke");
        properties.add("opsrelay.deployments.grants[0].client", () -> "acme");
        properties.add("opsrelay.deployments.grants[0].target-type", () -> "kubernetes");
        properties.add("opsrelay.deployments.grants[0].services", () -> "shop/payment-api,shop/cart,shop/ledger");
        properties.add("opsrelay.deployments.grants[0].max-step", () -> "1");
        properties.add("opsrelay.deployments.grants[1].client", () -> "acme");
        properties.add("opsrelay.deployments.grants[1].target-type", () -> "gke");
        properties.add("opsrelay.deployments.grants[1].services", () -> "shop/search");
        properties.add("opsrelay.deployments.grants[1].protected-environments", () -> "production");
    }

    private static FakeCluster cluster() {
        try {
            FakeCluster cluster = new FakeCluster(Files.createTempDirectory("cluster"));
            for (String name : List.of("payment-api", "cart", "search", "ledger")) {
                cluster.controllers().deploy("shop", name, 2, name + ":1");
                cluster.controllers().rollOut("shop", name, name + ":2");
            }
            return cluster;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeEach
    void anSreOfAcme() {
        events = new TestEvents(kafka);
        sre = Api.of(port, "acme", Role.SRE);
    }

    @AfterAll
    static void closed() {
        CLUSTER.close();
    }

    @Test
    void aRollbackIsShownBeforeItIsDoneAndThenDoneOnce() {
        // when
        ActionPrepared prepared = prepared(accepted(sre.post("/api/v1/rollback_deployment", body("payment-api"))));

        // then
        assertThat(prepared.arguments())
                .containsEntry("cluster_name", "prod-eu")
                .containsEntry("namespace", "shop");
        assertThat(prepared.effect().summary()).contains("Roll payment-api back", "payment-api:1");
        assertThat(prepared.effect().details())
                .containsEntry("target", "kubernetes/prod-eu/shop/payment-api")
                .containsEntry("environment", "production")
                .containsEntry("image", "payment-api:2")
                .containsEntry("revision", "2");
        assertThat(made(prepared.actionId())).isZero();

        // when
        grant(prepared);

        // then
        ActionSucceeded done =
                events.await(ActionSucceeded.class, e -> e.actionId().equals(prepared.actionId()));
        assertThat(done.provider()).isEqualTo("kubernetes");
        assertThat(done.result()).containsEntry("image", "payment-api:1");
        assertThat(made(prepared.actionId())).isEqualTo(1);
    }

    @Test
    void aStepThatIsTooLongSaysSoToPolicy() {
        Map<String, Object> body = body("cart");
        body.put("replicas", 3);
        assertThat(prepared(accepted(sre.post("/api/v1/scale_deployment", body)))
                        .effect()
                        .details())
                .doesNotContainKey("outside_guardrails");

        body.put("min_replicas", 1);
        body.put("max_replicas", 4);
        body.remove("replicas");
        UUID ranged = accepted(sre.post("/api/v1/scale_deployment", body));

        assertThat(failure(ranged).code()).isEqualTo("no_autoscaler");
    }

    @Test
    void whatFailsIsUndoneAndOurRecordSaysWhatTheJournalSays() {
        // given
        CLUSTER.controllers().next(Fate.EXCEEDS_ITS_DEADLINE);
        ActionPrepared prepared = prepared(accepted(sre.post("/api/v1/restart_deployment", body("cart"))));

        // when
        grant(prepared);

        // then
        ActionFailed failed = failure(prepared.actionId());
        assertThat(failed.code()).isEqualTo("rollout_failed");
        assertThat(failed.reason()).contains("it was undone");
        assertThat(made(prepared.actionId())).isEqualTo(2);
        assertThat(sre.get("/api/v1/actions/" + prepared.actionId()).list("steps"))
                .extracting(step -> String.valueOf(step.get("detail")))
                .anyMatch(detail -> detail.startsWith("it failed and is undone"));
    }

    @Test
    void aLostAnswerIsAskedForAndNothingIsDoneTwice() {
        // given
        ActionPrepared prepared = prepared(accepted(sre.post("/api/v1/rollout_restart", body("ledger"))));
        CLUSTER.meet(FakeCluster.Fault.DROP_ANSWER);

        // when
        grant(prepared);

        // then
        events.await(ActionOutcomeUnknown.class, e -> e.actionId().equals(prepared.actionId()));
        events.await(ActionSucceeded.class, e -> e.actionId().equals(prepared.actionId()));
        assertThat(made(prepared.actionId())).isEqualTo(1);
    }

    @Test
    void aGkeClusterIsAClusterOfAnotherTargetType() {
        Map<String, Object> body = body("search");
        body.put("target_type", "gke");

        ActionPrepared prepared = prepared(accepted(sre.post("/api/v1/restart_deployment", body)));

        assertThat(prepared.effect().details()).containsEntry("target", "gke/big/shop/search");
    }

    @Test
    void whatTheClientMayTouchIsListedPageByPageWithHowItStands() {
        // when
        Api.Answer first = sre.get("/api/v1/deployments?limit=3");
        Api.Answer second = sre.get("/api/v1/deployments?limit=3&cursor=" + first.get("next_cursor"));

        // then
        assertThat(first.items())
                .extracting(each -> each.get("target"))
                .containsExactly(
                        "gke/big/shop/search", "kubernetes/prod-eu/shop/cart", "kubernetes/prod-eu/shop/ledger");
        assertThat(second.items())
                .extracting(each -> each.get("target"))
                .containsExactly("kubernetes/prod-eu/shop/payment-api");
        assertThat(second.get("next_cursor")).isNull();
        assertThat(first.items().getFirst())
                .containsEntry("state", "found")
                .containsEntry("cluster_name", "big")
                .containsEntry("namespace", "shop")
                .containsEntry("service_name", "search")
                .containsEntry("replicas", 2)
                .containsEntry("ready_replicas", 2)
                .containsEntry("image", "search:2")
                .containsEntry("revision", "2")
                .containsEntry("protected", false)
                .containsEntry(
                        "actions",
                        List.of("restart_deployment", "scale_deployment", "rollout_restart", "rollback_deployment"))
                .containsKey("changed_at");
        assertThat(sre.get("/api/v1/deployments?target_type=gke").items()).hasSize(1);
        assertThat(sre.get("/api/v1/deployments?target_type=vm").status()).isEqualTo(400);
        assertThat(sre.get("/api/v1/deployments?cursor=***").status()).isEqualTo(400);
        assertThat(sre.get("/api/v1/deployments?limit=0").status()).isEqualTo(400);
        assertThat(Api.of(port, "globex", Role.ADMIN).get("/api/v1/deployments").items())
                .isEmpty();
        assertThat(Api.of(port, "acme", Role.VIEWER).get("/api/v1/deployments").status())
                .isEqualTo(200);
        assertThat(Api.of(port, "acme", Role.INGEST).get("/api/v1/deployments").status())
                .isEqualTo(403);
    }

    @Test
    void aClusterThatIsAwayIsNamedAndWhatItRunsIsListedAllTheSame() {
        // given
        CLUSTER.goDown(true);
        try {
            // when
            Api.Answer answer = sre.get("/api/v1/deployments?target_type=kubernetes");

            // then
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.items()).hasSize(3).allSatisfy(each -> assertThat(each)
                    .containsEntry("state", "unreachable")
                    .doesNotContainKey("replicas")
                    .hasEntrySatisfying("problem", problem -> assertThat(String.valueOf(problem))
                            .contains("cluster prod-eu")));
        } finally {
            CLUSTER.goDown(false);
        }
    }

    @Test
    void aPlaceThatIsNotServedIsRefusedAtTheDoor() {
        Map<String, Object> elsewhere = body("payment-api");
        elsewhere.put("cluster_name", "prod-us");
        Map<String, Object> system = body("payment-api");
        system.put("namespace", "kube-system");
        Map<String, Object> other = body("payment-api");
        other.put("namespace", "back");

        assertThat(sre.post("/api/v1/restart_deployment", elsewhere))
                .satisfies(answer -> assertThat(answer.status()).isEqualTo(422))
                .satisfies(answer -> assertThat(String.valueOf(answer.body())).contains("cluster_name", "prod-eu"));
        assertThat(sre.post("/api/v1/restart_deployment", system).status()).isEqualTo(422);
        assertThat(sre.post("/api/v1/restart_deployment", other).status()).isEqualTo(403);
    }

    private static long made(UUID action) {
        return CLUSTER.journal().stream()
                .filter(made -> !made.what().equals("annotations") && ("opsrelay-" + action).equals(made.key()))
                .count();
    }

    private static Map<String, Object> body(String service) {
        return new HashMap<>(Map.of("service_name", service, "target_type", "kubernetes", "reason", "it leaks"));
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
}
