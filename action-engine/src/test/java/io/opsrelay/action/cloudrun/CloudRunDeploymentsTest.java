package io.opsrelay.action.cloudrun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.cloud.run.v2.Condition;
import com.google.cloud.run.v2.RevisionTemplate;
import com.google.cloud.run.v2.Service;
import com.google.cloud.run.v2.ServiceScaling.ScalingMode;
import com.google.cloud.run.v2.TrafficTarget;
import com.google.cloud.run.v2.TrafficTargetAllocationType;
import com.google.cloud.run.v2.TrafficTargetStatus;
import io.grpc.Status;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opsrelay.action.catalogue.Answer;
import io.opsrelay.action.catalogue.OutcomeUnknownException;
import io.opsrelay.action.cloudrun.FakeCloudRun.Fault;
import io.opsrelay.action.cloudrun.FakeCloudRun.Play;
import io.opsrelay.action.deployment.Deployment;
import io.opsrelay.action.deployment.DeploymentOrder;
import io.opsrelay.action.deployment.DeploymentTarget;
import io.opsrelay.action.deployment.Operation;
import io.opsrelay.action.deployment.Scaling;
import io.opsrelay.action.deployment.TargetRefusedException;
import io.opsrelay.action.deployment.UnreachableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Google's own client against an API that behaves as Cloud Run's does. */
@Timeout(120)
class CloudRunDeploymentsTest {

    private static final String SERVICE = "projects/acme-prod/locations/europe-west1/services/payment";
    private static final DeploymentOrder RESTART = new DeploymentOrder(Operation.RESTART, null, "it leaks");
    private static final DeploymentOrder ROLLBACK = new DeploymentOrder(Operation.ROLLBACK, null, "it is broken");

    private static final Duration CALL = Duration.ofSeconds(30);

    private final FakeCloudRun google = FakeCloudRun.inProcess();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final List<String> steps = Collections.synchronizedList(new ArrayList<>());
    private final String key = "opsrelay-" + UUID.randomUUID();
    private final HandClock clock = new HandClock();
    private CloudRunDeployments deployments = deployments(CALL);

    private CloudRunDeployments deployments(Duration callTimeout) {
        CloudRunProperties properties = TestProjects.properties(callTimeout, TestProjects.main());
        CloudRunDeployments made = new CloudRunDeployments(
                properties, new CloudRunClients(properties, meters, google.channels()), clock, meters);
        made.start();
        return made;
    }

    @BeforeEach
    void aServiceWithTwoRevisions() {
        google.deploy(SERVICE, 2);
    }

    @AfterEach
    void closed() {
        google.close();
    }

    @Test
    void aServiceIsFoundWithWhatServesAndWhatServedBefore() {
        google.edit(SERVICE, service -> {
            service.getScalingBuilder().setMinInstanceCount(1).setMaxInstanceCount(5);
            return service;
        });

        Deployment found = deployments.find(target("payment")).orElseThrow();

        assertThat(found.replicas()).isEqualTo(1);
        assertThat(found.maxReplicas()).isEqualTo(20);
        assertThat(found.environment()).isEqualTo("production");
        assertThat(found.autoscaler()).isEqualTo(new Scaling(1, 5));
        assertThat(found.details())
                .containsEntry("revision", "payment-00002")
                .containsEntry("image", "registry.example/payment:2")
                .containsEntry("previous_revision", "payment-00001")
                .containsEntry(Deployment.PREVIOUS_IMAGE, "registry.example/payment:1");
        assertThat(deployments.find(target("no-such"))).isEmpty();
    }

    @Test
    void aRestartIsOneNewRevisionOfTheSameImageThatGetsAllRequests() {
        Answer answer = execute(RESTART);

        assertThat(result(answer)).containsEntry("operation", "restart").containsEntry("revision", "payment-00003");
        assertThat(google.serving(SERVICE)).isEqualTo("payment-00003");
        assertThat(google.at(SERVICE).getTemplate().getContainers(0).getImage())
                .isEqualTo("registry.example/payment:2");
        assertThat(google.at(SERVICE).getAnnotationsMap()).containsEntry("team", "payments");
        assertThat(steps).contains("RoutesReady: at work, Routing traffic...").doesNotHaveDuplicates();
        assertThat(keysInTheJournal()).containsExactly(key);
    }

    @Test
    void theSameKeyIsCarriedOutOnceAndAnsweredAlike() {
        Answer first = execute(RESTART);
        Answer second = execute(RESTART);

        assertThat(result(second)).containsEntry("revision", result(first).get("revision"));
        assertThat(outcome(RESTART)).isInstanceOf(Answer.Done.class);
        assertThat(keysInTheJournal()).containsExactly(key);
        assertThat(google.revisionCount(SERVICE)).isEqualTo(3);
    }

    @Test
    void manyWithOneKeyAtOnceAreOneRevision() throws Exception {
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Answer>> calls = IntStream.range(0, 8)
                    .mapToObj(i -> (Callable<Answer>) () -> execute(RESTART))
                    .toList();
            for (Future<Answer> answer : callers.invokeAll(calls)) {
                assertThat(answer.resultNow()).isInstanceOf(Answer.Done.class);
            }
        }

        assertThat(keysInTheJournal()).containsExactly(key);
        assertThat(google.revisionCount(SERVICE)).isEqualTo(3);
    }

    @Test
    void aRevisionThatDoesNotGetReadyIsUndoneAndTheAnswerSaysSo() {
        google.plays(Play.FAILED);

        Answer.Refused refused = refused(execute(RESTART));

        assertThat(refused.code()).isEqualTo("rollout_failed");
        assertThat(refused.reason())
                .contains(
                        "payment-00003 does not get ready",
                        "failed to start",
                        "It was undone: all requests go to payment-00002 as before");
        assertThat(google.serving(SERVICE)).isEqualTo("payment-00002");
        assertThat(google.at(SERVICE).getTraffic(0).getRevision()).isEqualTo("payment-00002");
        assertThat(refused(outcome(RESTART))).isEqualTo(refused(execute(RESTART)));
        assertThat(google.revisionCount(SERVICE)).isEqualTo(3);
        assertThat(meters.counter("opsrelay.cloudrun.rollouts.failed", "operation", "restart", "undone", "true")
                        .count())
                .isEqualTo(1);
    }

    @Test
    void aRevisionThatIsStuckPastTheDeadlineIsUndoneAndGetsNoRequestsEvenIfItBecomesReady() {
        google.plays(Play.STUCK);

        Answer.Refused refused = refused(after(this::theDeadline));
        google.resume(SERVICE, Play.READY);

        assertThat(refused.reason()).contains("did not end within 600 s", "all requests go to payment-00002 as before");
        for (int look = 0; look < 5; look++) {
            deployments.find(target("payment"));
        }
        assertThat(google.serving(SERVICE)).isEqualTo("payment-00002");
    }

    @Test
    void whatOthersDeployedSinceIsNotUndone() {
        google.plays(Play.STUCK);

        Answer.Refused refused = refused(after(() -> {
            google.edit(SERVICE, service -> service.setLatestCreatedRevision(SERVICE + "/revisions/payment-00009"));
            theDeadline();
        }));

        assertThat(refused.reason()).contains("It was not undone: somebody has deployed payment-00009 since");
        assertThat(google.journal()).hasSize(1);
    }

    /** The answer to a restart in whose middle something happens. */
    private Answer after(Runnable event) {
        try (ExecutorService caller = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Answer> answer = caller.submit(() -> execute(RESTART));
            await().until(() -> steps.stream().anyMatch(step -> step.contains("Deploying Revision")));
            event.run();
            await().until(answer::isDone);
            return answer.resultNow();
        }
    }

    private void theDeadline() {
        clock.goOn(Duration.ofMinutes(11));
    }

    @ParameterizedTest
    @EnumSource(Play.class)
    void whateverOthersDeployAfterwardsTheRestartWasDone(Play how) {
        execute(RESTART);

        google.othersDeploy(SERVICE, how);
        deployments.find(target("payment"));
        deployments.find(target("payment"));
        deployments.find(target("payment"));

        assertThat(result(outcome(RESTART))).containsEntry("revision", "payment-00003");
    }

    @Test
    void afterAnUndoTheServiceCanBeScaledAndRolledBackAlthoughItsNewestRevisionIsBroken() {
        google.plays(Play.FAILED);
        execute(RESTART);

        Answer scaled = deployments.execute("opsrelay-2", target("payment"), scale(Scaling.to(3)), steps::add);
        Answer rolledBack = deployments.execute("opsrelay-3", target("payment"), ROLLBACK, steps::add);

        assertThat(scaled).isInstanceOf(Answer.Done.class);
        assertThat(result(rolledBack)).containsEntry("revision", "payment-00001");
        assertThat(google.serving(SERVICE)).isEqualTo("payment-00001");
    }

    @Test
    void afterAnUndoTheNextRestartSendsRequestsToTheLatestAgain() {
        // given
        google.plays(Play.FAILED);
        execute(RESTART);
        google.plays(Play.READY);

        // when
        Answer answer = deployments.execute("opsrelay-next", target("payment"), RESTART, steps::add);

        // then
        assertThat(result(answer)).containsEntry("revision", "payment-00004");
        assertThat(google.at(SERVICE).getTraffic(0).getType())
                .isEqualTo(TrafficTargetAllocationType.TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST);
        assertThat(google.at(SERVICE).getAnnotationsMap()).doesNotContainKeys(Mark.PINNED, "opsrelay.io/undone");
        // The failed one is remembered still.
        assertThat(refused(outcome(RESTART)).code()).isEqualTo("rollout_failed");
        assertThat(google.serving(SERVICE)).isEqualTo("payment-00004");
    }

    @ParameterizedTest
    @CsvSource({"3, 3", "2, 8"})
    void scalingSetsTheServicesBoundsAndMakesNoRevision(int min, int max) {
        DeploymentOrder order = scale(new Scaling(min, max));

        Answer answer = execute(order);

        assertThat(result(answer)).containsEntry("operation", "scale");
        assertThat(google.at(SERVICE).getScaling().getMinInstanceCount()).isEqualTo(min);
        assertThat(google.at(SERVICE).getScaling().getMaxInstanceCount()).isEqualTo(max);
        assertThat(google.revisionCount(SERVICE)).isEqualTo(2);
        assertThat(google.journal().getFirst().fields()).containsExactly("annotations", "scaling");
        assertThat(outcome(order)).isInstanceOf(Answer.Done.class);
    }

    @Test
    void aServiceThatIsScaledByHandKeepsItsModeAndHasNoRange() {
        google.edit(SERVICE, service -> {
            service.getScalingBuilder().setScalingMode(ScalingMode.MANUAL).setManualInstanceCount(2);
            return service;
        });

        assertThat(refused(execute(scale(new Scaling(1, 3)))).code()).isEqualTo("no_autoscaler");
        assertThat(execute(scale(Scaling.to(4)))).isInstanceOf(Answer.Done.class);
        assertThat(google.at(SERVICE).getScaling().getManualInstanceCount()).isEqualTo(4);
        assertThat(google.at(SERVICE).getScaling().getScalingMode()).isEqualTo(ScalingMode.MANUAL);
    }

    @Test
    void aRollbackSendsAllRequestsToTheRevisionBeforeAndKeepsTags() {
        google.edit(
                SERVICE,
                service -> service.addTraffic(TrafficTarget.newBuilder()
                        .setType(TrafficTargetAllocationType.TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION)
                        .setRevision("payment-00001")
                        .setTag("preview")));

        Answer answer = execute(ROLLBACK);

        assertThat(result(answer)).containsEntry("revision", "payment-00001");
        assertThat(google.serving(SERVICE)).isEqualTo("payment-00001");
        assertThat(google.at(SERVICE).getTrafficList())
                .extracting(TrafficTarget::getTag)
                .contains("preview");
        assertThat(google.revisionCount(SERVICE)).isEqualTo(2);
        assertThat(outcome(ROLLBACK)).isInstanceOf(Answer.Done.class);
    }

    @Test
    void aRollbackPassesOverRevisionsThatWereNeverReadyAndEndsAtTheFirst() {
        google.deploy(SERVICE, 3);
        google.editRevision(SERVICE, "payment-00002", revision -> revision.clearConditions()
                .addConditions(FakeCloudRun.ready(Condition.State.CONDITION_FAILED, "no")));

        assertThat(result(execute(ROLLBACK))).containsEntry("revision", "payment-00001");
        assertThat(refused(deployments.execute("opsrelay-2", target("payment"), ROLLBACK, steps::add))
                        .code())
                .isEqualTo("no_previous_revision");
    }

    @Test
    void aRestartOfWhatIsPinnedByOthersOrSplitOrBrokenIsRefusedAndChangesNothing() {
        assertRefused("traffic_split", service -> service.clearTrafficStatuses()
                .addTrafficStatuses(share("payment-00001", 90))
                .addTrafficStatuses(share("payment-00002", 10)));
        assertRefused("traffic_pinned", service -> service.clearTraffic()
                .addTraffic(TrafficTarget.newBuilder()
                        .setType(TrafficTargetAllocationType.TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION)
                        .setRevision("payment-00001")
                        .setPercent(100))
                .clearTrafficStatuses()
                .addTrafficStatuses(share("payment-00001", 100)));
        assertRefused(
                "latest_not_ready", service -> service.setLatestCreatedRevision(SERVICE + "/revisions/payment-00003"));
        assertRefused("not_serving", service -> service.clearTrafficStatuses().clearLatestReadyRevision());
        assertRefused("rollout_under_way", service -> service.setReconciling(true));
        assertThat(google.journal()).isEmpty();
    }

    private void assertRefused(String code, UnaryOperator<Service.Builder> change) {
        google.deploy(SERVICE, 2);
        google.edit(SERVICE, change);

        assertThat(deployments
                        .rehearse(target("payment"), RESTART)
                        .orElseThrow()
                        .code())
                .isEqualTo(code);
        assertThat(refused(execute(RESTART)).code()).isEqualTo(code);
    }

    @Test
    void aRehearsalAsksCloudRunAndChangesNothing() {
        Service before = google.at(SERVICE);

        assertThat(deployments.rehearse(target("payment"), RESTART)).isEmpty();
        assertThat(deployments.rehearse(target("payment"), ROLLBACK)).isEmpty();
        assertThat(deployments.rehearse(target("payment"), scale(new Scaling(1, 3))))
                .isEmpty();
        assertThat(deployments
                        .rehearse(target("payment"), scale(new Scaling(1, 21)))
                        .orElseThrow()
                        .code())
                .isEqualTo("revision_limit");
        assertThat(deployments
                        .rehearse(target("no-such"), RESTART)
                        .orElseThrow()
                        .code())
                .isEqualTo("unknown_service");
        google.edit(SERVICE, service -> service.putAnnotations("run.googleapis.com/old", "1"));
        assertThat(deployments.rehearse(target("payment"), RESTART).orElseThrow())
                .satisfies(refused -> assertThat(refused.code()).isEqualTo("invalid_argument"))
                .satisfies(refused -> assertThat(refused.reason()).contains("run.googleapis.com/old"));

        assertThat(google.journal()).isEmpty();
        assertThat(google.at(SERVICE).getGeneration()).isEqualTo(before.getGeneration());
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"APPLY_AND_DROP", "APPLY_AND_HANG", "UNAVAILABLE", "OVERTAKEN", "EXHAUSTED"})
    void whateverHappensToTheUpdateItIsCarriedOutOnce(Fault fault) {
        deployments = deployments(Duration.ofSeconds(6));
        google.nextUpdates(fault);

        assertThat(result(execute(RESTART))).containsEntry("revision", "payment-00003");
        assertThat(keysInTheJournal()).containsExactly(key);
        assertThat(google.at(SERVICE).getAnnotationsOrThrow("team"))
                .isEqualTo(fault == Fault.OVERTAKEN ? "others" : "payments");
    }

    @Test
    void anUpdateThatArrivesAfterItsRepetitionFindsAnotherEtag() {
        deployments = deployments(Duration.ofSeconds(6));
        google.nextUpdates(Fault.ARRIVE_LATE);

        Answer answer = execute(RESTART);
        google.arriveLate();

        assertThat(answer).isInstanceOf(Answer.Done.class);
        assertThat(keysInTheJournal()).containsExactly(key);
        assertThat(google.revisionCount(SERVICE)).isEqualTo(3);
    }

    @Test
    void anUpdateWhoseFateCannotBeLearnedIsUnknownUntilTheServiceTells() {
        // given
        google.nextUpdates(
                Fault.UNAVAILABLE, Fault.UNAVAILABLE, Fault.UNAVAILABLE, Fault.UNAVAILABLE, Fault.APPLY_AND_DROP);

        // when
        assertThatThrownBy(() -> execute(RESTART)).isInstanceOf(OutcomeUnknownException.class);

        // then
        google.forgetOperations();
        assertThat(result(outcome(RESTART))).containsEntry("revision", "payment-00003");
        assertThat(keysInTheJournal()).containsExactly(key);
    }

    @Test
    void whatWasNeverDoneHasNoOutcome() {
        assertThat(deployments.outcome(key, target("payment"), RESTART, steps::add))
                .isEmpty();
        assertThat(deployments.outcome(key, target("no-such"), RESTART, steps::add))
                .isEmpty();
    }

    @Test
    void theSuccessorOfOneThatEndedInTheMiddleLearnsTheOutcome() {
        // given
        google.plays(Play.STUCK);
        CloudRunDeployments ended = deployments;
        try (ExecutorService caller = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Answer> first = caller.submit(() -> ended.execute(key, target("payment"), RESTART, steps::add));
            await().until(() -> !google.journal().isEmpty());

            // when
            ended.stop();

            // then
            await().until(first::isDone);
            assertThat(first.exceptionNow()).isInstanceOf(OutcomeUnknownException.class);
            CloudRunDeployments successor = deployments(CALL);
            Future<Answer> outcome = caller.submit(() -> successor
                    .outcome(key, target("payment"), RESTART, steps::add)
                    .orElseThrow());
            google.resume(SERVICE, Play.READY);
            await().until(outcome::isDone);
            assertThat(outcome.resultNow()).isInstanceOf(Answer.Done.class);
            assertThat(keysInTheJournal()).containsExactly(key);
        }
    }

    @Test
    void theSuccessorUndoesWhatFailedMeanwhile() {
        // given
        google.plays(Play.FAILED);
        google.nextUpdates(Fault.APPLY_AND_DROP);
        google.edit(SERVICE, service -> service);
        deployments.stop();
        assertThatThrownBy(() -> execute(RESTART)).isInstanceOf(OutcomeUnknownException.class);

        // when
        deployments = deployments(CALL);
        Answer.Refused refused = refused(outcome(RESTART));

        // then
        assertThat(refused.reason()).contains("does not get ready", "all requests go to payment-00002 as before");
        assertThat(keysInTheJournal()).containsExactly(key, key);
        assertThat(google.serving(SERVICE)).isEqualTo("payment-00002");
    }

    @Test
    void whoeverReplacesTheServicesAnnotationsMakesNoRestartHappenTwice() {
        execute(RESTART);
        google.edit(SERVICE, Service.Builder::clearAnnotations);

        assertThat(outcome(RESTART)).isInstanceOf(Answer.Done.class);
    }

    @Test
    void aRevisionThatInheritsTheKeyIsNotTakenForTheActionsOwn() {
        execute(RESTART);
        RevisionTemplate template = google.at(SERVICE).getTemplate();
        assertThat(template.getAnnotationsMap()).containsEntry(Mark.ACTION, key);

        Answer other = deployments.execute("opsrelay-other", target("payment"), RESTART, steps::add);

        assertThat(result(other)).containsEntry("revision", "payment-00004");
        assertThat(result(outcome(RESTART))).containsEntry("revision", "payment-00003");
    }

    @ParameterizedTest
    @CsvSource({"DENIED, permission_denied", "NAMED, revision_named", "INVALID, invalid_argument"})
    void whatCloudRunRefusesIsRefusedInItsWords(Fault fault, String code) {
        google.nextUpdates(fault);

        Answer.Refused refused = refused(execute(RESTART));

        assertThat(refused.code()).isEqualTo(code);
        assertThat(google.journal()).isEmpty();
        assertThat(deployments.outcome(key, target("payment"), RESTART, steps::add))
                .isEmpty();
    }

    @Test
    void aQuotaThatStaysExhaustedIsRefusedAfterAFewAttempts() {
        google.nextUpdates(Fault.EXHAUSTED, Fault.EXHAUSTED, Fault.EXHAUSTED, Fault.EXHAUSTED, Fault.EXHAUSTED);

        assertThat(refused(execute(RESTART)).code()).isEqualTo("quota_exceeded");
        assertThat(google.journal()).isEmpty();
    }

    @Test
    void whenCloudRunCannotBeReadNothingIsSent() {
        google.readsFail(Status.UNAVAILABLE.withDescription("no route"));

        assertThatThrownBy(() -> deployments.find(target("payment")))
                .isInstanceOf(UnreachableException.class)
                .hasMessageContaining("no route");
        assertThatThrownBy(() -> execute(RESTART)).isInstanceOf(UnreachableException.class);
        assertThatThrownBy(() -> outcome(RESTART)).isInstanceOf(OutcomeUnknownException.class);
        assertThat(deployments.trouble()).contains("main", "no route");
        assertThat(google.journal()).isEmpty();

        google.readsFail(null);
        assertThat(deployments.find(target("payment"))).isPresent();
        assertThat(deployments.trouble()).isNull();
    }

    @Test
    void aServiceThatMayNotBeReadIsNotShown() {
        google.readsFail(Status.PERMISSION_DENIED.withDescription("run.services.get denied"));

        assertThatThrownBy(() -> deployments.find(target("payment")))
                .isInstanceOf(TargetRefusedException.class)
                .extracting(thrown -> ((TargetRefusedException) thrown).code())
                .isEqualTo("permission_denied");
        assertThat(refused(execute(RESTART)).code()).isEqualTo("permission_denied");
    }

    @Test
    void aRolloutRestartIsNotOffered() {
        DeploymentOrder rollout = new DeploymentOrder(Operation.ROLLOUT, null, "no");

        assertThat(deployments.operations()).doesNotContain(Operation.ROLLOUT);
        assertThat(refused(execute(rollout)).code()).isEqualTo("operation_not_offered");
        assertThat(google.journal()).isEmpty();
    }

    private Answer execute(DeploymentOrder order) {
        return deployments.execute(key, target("payment"), order, steps::add);
    }

    private Answer outcome(DeploymentOrder order) {
        return deployments.outcome(key, target("payment"), order, steps::add).orElseThrow();
    }

    private List<String> keysInTheJournal() {
        return google.journal().stream().map(FakeCloudRun.Change::key).toList();
    }

    private static Map<String, Object> result(Answer answer) {
        assertThat(answer).isInstanceOf(Answer.Done.class);
        return ((Answer.Done) answer).result();
    }

    private static Answer.Refused refused(Answer answer) {
        assertThat(answer).isInstanceOf(Answer.Refused.class);
        return (Answer.Refused) answer;
    }

    private static TrafficTargetStatus share(String revision, int percent) {
        return TrafficTargetStatus.newBuilder()
                .setRevision(revision)
                .setPercent(percent)
                .build();
    }

    private static DeploymentOrder scale(Scaling scaling) {
        return new DeploymentOrder(Operation.SCALE, scaling, "more is needed");
    }

    private DeploymentTarget target(String service) {
        return deployments.resolve(new DeploymentTarget("acme", "cloud_run", service, null, null, null));
    }
}
