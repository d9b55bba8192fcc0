package io.opsrelay.action.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opsrelay.action.catalogue.Answer;
import io.opsrelay.action.catalogue.OutcomeUnknownException;
import io.opsrelay.action.deployment.Deployment;
import io.opsrelay.action.deployment.DeploymentOrder;
import io.opsrelay.action.deployment.DeploymentProvider;
import io.opsrelay.action.deployment.DeploymentProviderKit;
import io.opsrelay.action.deployment.DeploymentTarget;
import io.opsrelay.action.deployment.Operation;
import io.opsrelay.action.deployment.Scaling;
import io.opsrelay.action.deployment.TargetRefusedException;
import io.opsrelay.action.deployment.UnreachableException;
import io.opsrelay.action.kubernetes.FakeCluster.Fault;
import io.opsrelay.action.kubernetes.FakeControllers.Fate;
import io.opsrelay.action.kubernetes.KubernetesProperties.ClusterProperties;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.node.ObjectNode;

/** The real client against an API server on loopback. */
class KubernetesDeploymentsTest extends DeploymentProviderKit {

    private static final String NS = "shop";
    private static final String NAME = "payment-api";

    private FakeCluster cluster;
    private Clusters clusters;
    private ClusterReader reader;
    private KubernetesDeployments provider;
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final List<String> steps = new CopyOnWriteArrayList<>();

    @BeforeEach
    void aCluster(@TempDir Path folder) {
        cluster = new FakeCluster(folder);
        cluster.controllers().deploy(NS, NAME, 2, "pay:1");
        cluster.controllers().rollOut(NS, NAME, "pay:2");
        start(Duration.ofMinutes(1));
    }

    private void start(Duration rolloutTimeout) {
        KubernetesProperties properties = new KubernetesProperties(
                List.of(new ClusterProperties(
                        "prod-eu", "kubernetes", cluster.kubeconfig(), "test", "production", List.of(NS, "back"))),
                Duration.ofSeconds(6),
                Duration.ofSeconds(6),
                Duration.ofMillis(10),
                rolloutTimeout,
                Duration.ofMinutes(1),
                5);
        clusters = new Clusters(properties);
        reader = new ClusterReader();
        provider = new KubernetesDeployments("kubernetes", clusters, properties, reader, Clock.systemUTC(), registry);
    }

    @AfterEach
    void closed() {
        clusters.close();
        cluster.close();
    }

    @Override
    protected DeploymentProvider provider() {
        return provider;
    }

    @Override
    protected DeploymentTarget target() {
        return new DeploymentTarget("acme", "kubernetes", NAME, null, null, null);
    }

    @Override
    protected int done(String key) {
        return (int) cluster.journal().stream()
                .filter(made -> !made.what().equals("annotations") && key.equals(made.key()))
                .count();
    }

    @Override
    protected int done() {
        return cluster.journal().size();
    }

    @Override
    protected void loseAnswer() {
        cluster.meet(Fault.DROP_ANSWER);
    }

    @Override
    protected void hold() {
        cluster.controllers().next(Fate.HANGS);
    }

    @Override
    protected void letGo() {
        cluster.controllers().letGo();
    }

    @Override
    protected void vanish() {
        cluster.goDown(true);
    }

    @Test
    void theOnlyClusterAndItsFirstNamespaceAreMeantWhereNoneIsNamed() {
        assertThat(resolved().key()).isEqualTo("kubernetes/prod-eu/shop/payment-api");
        assertThat(provider.resolve(target().at("prod-eu", "back", null)).key())
                .isEqualTo("kubernetes/prod-eu/back/payment-api");
        refusedPlace(target().at("prod-us", null, null), "cluster_name", "prod-eu");
        refusedPlace(target().at(null, "kube-system", null), "namespace", "shop, back");
        refusedPlace(target().at(null, null, "eu-west1"), "region", "cluster_name");
    }

    private void refusedPlace(DeploymentTarget target, String field, String reason) {
        assertThatThrownBy(() -> provider.resolve(target))
                .isInstanceOfSatisfying(TargetRefusedException.class, refused -> {
                    assertThat(refused.field()).isEqualTo(field);
                    assertThat(refused.reason()).contains(reason);
                });
    }

    @Test
    void aPersonSeesWhatRunsAndWhatRanBefore() {
        cluster.controllers().autoscale(NS, NAME, 2, 6);

        Deployment found = provider.find(resolved()).orElseThrow();

        assertThat(found.environment()).isEqualTo("production");
        assertThat(found.autoscaler()).isEqualTo(new Scaling(2, 6));
        assertThat(found.details())
                .containsEntry("image", "pay:2")
                .containsEntry("previous_image", "pay:1")
                .containsEntry("revision", "2")
                .containsEntry("paused", false)
                .containsEntry("rollout", "complete");
        assertThat(String.valueOf(found.details().get("strategy"))).contains("RollingUpdate", "25%");
    }

    @Test
    void aRestartIsKubectlsAndItsStepsAreTold() {
        cluster.controllers().next(Fate.HANGS);
        CompletableFuture<Answer> answer = CompletableFuture.supplyAsync(() -> execute("k1", Operation.RESTART));
        await().until(() -> steps.stream()
                .anyMatch(step -> step.contains("1 of 2 updated, 2 available") || step.contains("1 of 2 updated")));

        cluster.controllers().letGo();

        assertThat(answer.join()).isInstanceOf(Answer.Done.class);
        assertThat(cluster.controllers()
                        .template(NS, NAME)
                        .path("metadata")
                        .path("annotations")
                        .path("kubectl.kubernetes.io/restartedAt")
                        .asString())
                .isNotEmpty();
        assertThat(steps).doesNotHaveDuplicates().first().isEqualTo("prod-eu has taken it");
    }

    @Test
    void aRollbackGoesToTheRevisionBefore() {
        Answer answer = execute("k1", Operation.ROLLBACK);

        assertThat(done(answer)).containsEntry("image", "pay:1").containsEntry("revision", "3");
        assertThat(cluster.controllers()
                        .template(NS, NAME)
                        .path("metadata")
                        .path("labels")
                        .has("pod-template-hash"))
                .isFalse();
    }

    @Test
    void aReplicaSetOfAnotherDeploymentIsNoneToRollBackTo() {
        // given: the same labels, another owner
        cluster.controllers().deploy("back", NAME, 1, "other:1");
        cluster.controllers().edit("back", NAME, other -> ((ObjectNode) other.get("metadata")).put("note", "x"));
        cluster.controllers().deploy(NS, "fresh", 2, "fresh:1");
        cluster.controllers().edit(NS, "fresh", fresh -> ((ObjectNode)
                        fresh.path("spec").path("selector").path("matchLabels"))
                .put("app", NAME));

        assertThat(refused(execute("k1", target("fresh"), new DeploymentOrder(Operation.ROLLBACK, null, "r")))
                        .code())
                .isEqualTo("no_previous_revision");
    }

    @Test
    void whatIsPausedIsNotRolledOut() {
        cluster.controllers().edit(NS, NAME, it -> ((ObjectNode) it.get("spec")).put("paused", true));

        for (Operation operation : List.of(Operation.RESTART, Operation.ROLLOUT, Operation.ROLLBACK)) {
            assertThat(provider.rehearse(resolved(), order(operation)))
                    .hasValueSatisfying(refused -> assertThat(refused.code()).isEqualTo("deployment_paused"));
            assertThat(refused(execute("k-" + operation, operation)).reason()).contains("resume it first");
        }
        assertThat(cluster.journal()).isEmpty();
    }

    @Test
    void whereAnAutoscalerIsAtWorkItsBoundsAreChangedWhenAskedSo() {
        cluster.controllers().autoscale(NS, NAME, 1, 6);

        assertThat(refused(execute("k1", resolved(), scale(Scaling.to(4)))).code())
                .isEqualTo("autoscaled");
        Answer answer = execute("k2", resolved(), scale(new Scaling(3, 8)));

        assertThat(done(answer)).containsEntry("replicas", 3);
        assertThat(provider.find(resolved()).orElseThrow().autoscaler()).isEqualTo(new Scaling(3, 8));
        assertThat(outcome("k2", scale(new Scaling(3, 8)))).contains(answer);
        assertThat(done("k1")).isZero();
        assertThat(done("k2")).isEqualTo(1);
    }

    @Test
    void whatDoesNotComeUpIsUndone() {
        cluster.controllers().next(Fate.EXCEEDS_ITS_DEADLINE);

        Answer.Refused refused = refused(execute("k1", Operation.ROLLBACK));

        assertThat(refused.code()).isEqualTo("rollout_failed");
        assertThat(refused.reason()).contains("timed out progressing", "it was undone", "runs again");
        assertThat(cluster.controllers().image(NS, NAME)).isEqualTo("pay:2");
        assertThat(steps).anyMatch(step -> step.startsWith("it failed and is undone"));
        assertThat(outcome("k1", order(Operation.ROLLBACK))).contains(refused);
        assertThat(execute("k1", Operation.ROLLBACK)).isEqualTo(refused);
        assertThat(cluster.journal()).hasSize(2);
        assertThat(counted("undone", "rollback")).isEqualTo(1);
    }

    @Test
    void whatIsNotThereInTimeIsUndone() {
        clusters.close();
        start(Duration.ofMillis(300));
        cluster.controllers().next(Fate.HANGS);

        Answer.Refused refused = refused(execute("k1", Operation.RESTART));

        assertThat(refused.reason()).contains("not come to its end in time", "it was undone");
        assertThat(cluster.controllers().template(NS, NAME).path("metadata").has("annotations"))
                .isFalse();
    }

    @Test
    void whatCannotBeUndoneSaysSoLoudly() {
        // given: nothing is kept to go back to
        cluster.controllers().deploy(NS, "young", 2, "young:1");
        cluster.controllers().forgetHistory(NS, "young");
        cluster.controllers().next(Fate.EXCEEDS_ITS_DEADLINE);

        Answer.Refused refused =
                refused(execute("k1", target("young"), new DeploymentOrder(Operation.RESTART, null, "r")));

        assertThat(refused.reason()).contains("could NOT be undone", "kubernetes/prod-eu/shop/young");
    }

    @Test
    void afterACrashTheClusterTellsHowItEnded() {
        // given: taken, and nobody watched
        cluster.controllers().next(Fate.EXCEEDS_ITS_DEADLINE);
        cluster.meet(Fault.DROP_ANSWER);
        assertThatThrownBy(() -> execute("k1", Operation.ROLLBACK)).isInstanceOf(OutcomeUnknownException.class);

        // when
        Answer told = outcome("k1", order(Operation.ROLLBACK)).orElseThrow();

        // then
        assertThat(refused(told).reason()).contains("it was undone");
        assertThat(cluster.controllers().image(NS, NAME)).isEqualTo("pay:2");
    }

    @Test
    void aServiceThatIsEndedLetsGoAndItsSuccessorLooksOn() {
        cluster.controllers().next(Fate.HANGS);
        CompletableFuture<Answer> answer = CompletableFuture.supplyAsync(() -> execute("k1", Operation.RESTART));
        await().until(() -> steps.size() >= 2);

        reader.stop();

        assertThatThrownBy(answer::join).hasCauseInstanceOf(OutcomeUnknownException.class);
        reader.start();
        cluster.controllers().letGo();
        assertThat(outcome("k1", order(Operation.RESTART))).containsInstanceOf(Answer.Done.class);
        assertThat(done("k1")).isEqualTo(1);
    }

    @Test
    void whatSomebodyElseRollsOutMeanwhileIsLeftAlone() {
        cluster.controllers().next(Fate.HANGS);
        CompletableFuture<Answer> answer = CompletableFuture.supplyAsync(() -> execute("k1", Operation.RESTART));
        await().until(() -> steps.size() >= 2);

        cluster.controllers().next(Fate.EXCEEDS_ITS_DEADLINE);
        cluster.controllers().rollOut(NS, NAME, "pay:3");

        assertThat(done(answer.join())).containsEntry("overtaken", true);
        assertThat(cluster.controllers().image(NS, NAME)).isEqualTo("pay:3");
    }

    @Test
    void whatTheClusterPutsIntoTheTemplateIsNoChangeOfSomebodyElse() {
        cluster.controllers().injectSidecars();
        cluster.controllers().next(Fate.EXCEEDS_ITS_DEADLINE);

        assertThat(refused(execute("k1", Operation.RESTART)).code()).isEqualTo("rollout_failed");
    }

    @Test
    void aChangeInBetweenIsReadAndNotOverwritten() {
        cluster.meet(Fault.RACE);
        assertThat(execute("k1", Operation.RESTART)).isInstanceOf(Answer.Done.class);
        cluster.meet(Fault.RACE);
        assertThat(execute("k2", resolved(), scale(Scaling.to(5)))).isInstanceOf(Answer.Done.class);

        assertThat(done("k1")).isEqualTo(1);
        assertThat(done("k2")).isEqualTo(1);
        assertThat(steps).anyMatch(step -> step.contains("has been modified"));
        assertThat(counted("conflicts", "restart")).isEqualTo(1);
        assertThat(counted("conflicts", "scale")).isEqualTo(1);
    }

    @Test
    void aClusterThatIsAlwaysChangedIsGivenUp() {
        cluster.meet(Fault.RACE, Fault.RACE, Fault.RACE, Fault.RACE, Fault.RACE);

        assertThat(refused(execute("k1", Operation.RESTART)).code()).isEqualTo("conflict");
        assertThat(cluster.journal()).isEmpty();
    }

    @Test
    void aScalingWhoseNumberWasNeverSetIsMadeWhenItIsCalledAgain() {
        // given: the mark is there, the number is not
        cluster.meet(Fault.UNAVAILABLE_503);
        assertThatThrownBy(() -> execute("k1", resolved(), scale(Scaling.to(4))))
                .isInstanceOf(OutcomeUnknownException.class);
        assertThat(cluster.controllers().replicas(NS, NAME)).isEqualTo(2);

        // when
        assertThat(outcome("k1", scale(Scaling.to(4)))).isEmpty();
        execute("k1", resolved(), scale(Scaling.to(4)));

        // then
        assertThat(cluster.controllers().replicas(NS, NAME)).isEqualTo(4);
        assertThat(done("k1")).isEqualTo(1);
    }

    @Test
    void aNumberThatSomebodyElseHasSetSinceIsLeft() {
        execute("k1", resolved(), scale(Scaling.to(4)));
        cluster.controllers().edit(NS, NAME, it -> ((ObjectNode) it.get("spec")).put("replicas", 7));

        assertThat(refused(execute("k1", resolved(), scale(Scaling.to(4)))).code())
                .isEqualTo("superseded");
        assertThat(cluster.controllers().replicas(NS, NAME)).isEqualTo(7);
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"ERROR_500", "UNAVAILABLE_503", "DROP_ANSWER", "SLOW"})
    void whatMayHaveBeenDoneIsUnknown(Fault fault) {
        cluster.meet(fault);

        assertThatThrownBy(() -> execute("k1", Operation.RESTART)).isInstanceOf(OutcomeUnknownException.class);

        boolean wasDone = done("k1") == 1;
        assertThat(outcome("k1", order(Operation.RESTART)).isPresent()).isEqualTo(wasDone);
        assertThat(wasDone).isEqualTo(fault == Fault.DROP_ANSWER || fault == Fault.SLOW);
    }

    @Test
    void aBusyClusterIsAskedAgain() {
        cluster.meet(Fault.TOO_MANY_429);

        assertThat(execute("k1", Operation.RESTART)).isInstanceOf(Answer.Done.class);
        assertThat(done("k1")).isEqualTo(1);
    }

    @Test
    void whatIsForbiddenIsRefusedWithWhereToLook() {
        cluster.forbid("patch deployments");

        assertThat(provider.rehearse(resolved(), order(Operation.RESTART))).hasValueSatisfying(refused -> {
            assertThat(refused.code()).isEqualTo("forbidden");
            assertThat(refused.reason()).contains("cannot patch", "docs/kubernetes.md");
        });
        assertThat(refused(execute("k1", Operation.RESTART)).code()).isEqualTo("forbidden");
        cluster.forbid("get deployments");
        assertThatThrownBy(() -> provider.find(resolved())).isInstanceOf(TargetRefusedException.class);
    }

    @Test
    void scalingIsRehearsedAtTheScaleSubresource() {
        cluster.forbid("update deployments/scale");

        assertThat(provider.rehearse(resolved(), scale(Scaling.to(3))))
                .hasValueSatisfying(refused -> assertThat(refused.reason()).contains("deployments/scale"));
        assertThat(provider.rehearse(resolved(), order(Operation.RESTART))).isEmpty();
        assertThat(cluster.journal()).isEmpty();
    }

    @Test
    void anExpiredTokenIsReadAnewFromTheKubeconfig() {
        assertThat(provider.find(resolved())).isPresent();
        cluster.take("second-token");
        cluster.writeKubeconfig("second-token");

        assertThat(execute("k1", Operation.RESTART)).isInstanceOf(Answer.Done.class);
    }

    @Test
    void credentialsThatAreNotTakenChangeNothing() {
        cluster.take("another-token");

        assertThatThrownBy(() -> provider.find(resolved()))
                .isInstanceOfSatisfying(
                        UnreachableException.class, e -> assertThat(e.reason()).contains("credentials"));
        assertThatThrownBy(() -> execute("k1", Operation.RESTART)).isInstanceOf(UnreachableException.class);
        assertThat(cluster.journal()).isEmpty();
    }

    @Test
    void anAnnotationThatIsNotOursStopsUs() {
        cluster.controllers()
                .edit(NS, NAME, it -> ((ObjectNode) it.path("metadata").path("annotations"))
                        .put(Marks.ANNOTATION, "by hand"));

        assertThatThrownBy(() -> execute("k1", Operation.RESTART)).isInstanceOf(TargetRefusedException.class);
        assertThat(cluster.journal()).isEmpty();
    }

    @Test
    void aDeploymentThatIsDeletedMeanwhileEndsTheWait() {
        cluster.controllers().next(Fate.HANGS);
        CompletableFuture<Answer> answer = CompletableFuture.supplyAsync(() -> execute("k1", Operation.RESTART));
        await().until(() -> steps.size() >= 2);

        cluster.controllers().delete(NS, NAME);

        assertThat(refused(answer.join()).code()).isEqualTo("deployment_gone");
    }

    @Test
    void healthTellsWhichClustersAnswer() {
        KubernetesHealthIndicator health = new KubernetesHealthIndicator(clusters);

        assertThat(health.health().getDetails()).containsEntry("prod-eu", "answers, v1.34.1");
        cluster.goDown(true);
        assertThat(String.valueOf(health.health().getDetails().get("prod-eu"))).startsWith("trouble:");
    }

    private double counted(String what, String operation) {
        return registry.counter("opsrelay.kubernetes.changes." + what, "cluster", "prod-eu", "operation", operation)
                .count();
    }

    private DeploymentTarget resolved() {
        return provider.resolve(target());
    }

    private DeploymentTarget target(String service) {
        return provider.resolve(new DeploymentTarget("acme", "kubernetes", service, null, null, null));
    }

    private Answer execute(String key, Operation operation) {
        return execute(key, resolved(), order(operation));
    }

    private Answer execute(String key, DeploymentTarget target, DeploymentOrder order) {
        return provider.execute(key, target, order, steps::add);
    }

    private Optional<Answer> outcome(String key, DeploymentOrder order) {
        return provider.outcome(key, resolved(), order, steps::add);
    }

    private static DeploymentOrder order(Operation operation) {
        return new DeploymentOrder(operation, null, "it leaks");
    }

    private static DeploymentOrder scale(Scaling scaling) {
        return new DeploymentOrder(Operation.SCALE, scaling, "busy days");
    }

    private static Map<String, Object> done(Answer answer) {
        assertThat(answer).isInstanceOf(Answer.Done.class);
        return ((Answer.Done) answer).result();
    }

    private static Answer.Refused refused(Answer answer) {
        assertThat(answer).isInstanceOf(Answer.Refused.class);
        return (Answer.Refused) answer;
    }
}
