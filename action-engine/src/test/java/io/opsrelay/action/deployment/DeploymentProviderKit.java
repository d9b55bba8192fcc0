package io.opsrelay.action.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.opsrelay.action.catalogue.Answer;
import io.opsrelay.action.catalogue.OutcomeUnknownException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every provider of deployments must do. One subclass per provider. */
public abstract class DeploymentProviderKit {

    /** The provider under test. */
    protected abstract DeploymentProvider provider();

    /** A deployment of two instances that can be touched, its place as it would be asked for. */
    protected abstract DeploymentTarget target();

    /** How often something was done under that key, by the journal of the other side. */
    protected abstract int done(String key);

    /** All that was ever done, by the journal of the other side. */
    protected abstract int done();

    /** The other side does what it is told next, and its answer is lost. */
    protected abstract void loseAnswer();

    /** No more answers are lost. */
    protected void answerAgain() {}

    /** What is begun next stays under way until {@link #letGo}. */
    protected abstract void hold();

    /** What is held goes on to its end. */
    protected abstract void letGo();

    /** From now on the other side cannot be reached. */
    protected abstract void vanish();

    /** Whether a change is seen when the deployment is looked at again. */
    protected boolean showsChanges() {
        return true;
    }

    @Test
    void aDeploymentIsFoundByItsNameAndNoOtherOneIs() {
        Deployment found = provider().find(resolved()).orElseThrow();

        assertThat(found.service()).isEqualTo(target().service());
        assertThat(found.replicas()).isEqualTo(2);
        assertThat(found.minReplicas()).isLessThanOrEqualTo(2);
        assertThat(found.maxReplicas()).isGreaterThanOrEqualTo(3);
        assertThat(provider().find(unknown())).isEmpty();
    }

    @Test
    void aPlaceIsFilledInTheSameWayEachTime() {
        DeploymentTarget once = resolved();

        assertThat(provider().resolve(once)).isEqualTo(once);
        assertThat(once.key()).startsWith(provider().targetType() + "/").endsWith("/" + target().service());
    }

    @Test
    void itIsSeenAmongItsPlacesAsItIsFound() {
        DeploymentTarget bare = target().at(null, null, null);

        assertThat(provider().places(bare))
                .contains(resolved())
                .allSatisfy(place -> assertThat(provider().resolve(place)).isEqualTo(place));
        assertThat(provider().look(resolved()).orElseThrow().replicas()).isEqualTo(2);
        assertThat(provider().look(unknown())).isEmpty();
    }

    @Test
    void whateverIsOfferedIsDoneOnceUnderItsKeyAndAnsweredAlike() {
        for (Operation operation : offered()) {
            String key = key();
            DeploymentOrder order = order(operation, 3);

            Answer first = execute(key, order);
            Answer second = execute(key, order);

            assertThat(first).as(operation.verb()).isInstanceOfSatisfying(Answer.Done.class, done -> assertThat(
                            done.result())
                    .containsEntry("service_name", target().service())
                    .containsEntry("operation", operation.verb()));
            assertThat(second).isEqualTo(first);
            assertThat(outcome(key, order)).contains(first);
            assertThat(done(key)).as(operation.verb()).isEqualTo(1);
        }
    }

    @Test
    void aDeploymentHasAsManyInstancesAsWereAskedFor() {
        execute(key(), order(Operation.SCALE, 3));

        assumeTrue(showsChanges());
        assertThat(provider().find(resolved()).orElseThrow().replicas()).isEqualTo(3);
    }

    @Test
    void ofAKeyThatWasNeverUsedNothingIsTold() {
        List<String> steps = new CopyOnWriteArrayList<>();

        assertThat(provider().outcome(key(), resolved(), order(Operation.RESTART, 0), steps::add))
                .isEmpty();

        assertThat(steps).isEmpty();
    }

    @Test
    void whatIsNotOfferedIsRefusedAndNothingIsDone() {
        for (Operation operation : Operation.values()) {
            if (!provider().operations().contains(operation)) {
                assertThat(provider().rehearse(resolved(), order(operation, 3)))
                        .hasValueSatisfying(
                                refused -> assertThat(refused.code()).isEqualTo("operation_not_offered"));
                assertThat(execute(key(), order(operation, 3))).isInstanceOf(Answer.Refused.class);
            }
        }
        assertThat(done()).isZero();
    }

    @Test
    void aRangeIsRefusedWhereNothingScalesByItself() {
        DeploymentOrder order = new DeploymentOrder(Operation.SCALE, new Scaling(2, 3), "busy days");

        assertThat(provider().rehearse(resolved(), order))
                .hasValueSatisfying(refused -> assertThat(refused.code()).isEqualTo("no_autoscaler"));
        assertThat(execute(key(), order)).isInstanceOf(Answer.Refused.class);
        assertThat(done()).isZero();
    }

    @Test
    void aRehearsalChangesNothing() {
        for (Operation operation : offered()) {
            assertThat(provider().rehearse(resolved(), order(operation, 3)))
                    .as(operation.verb())
                    .isEmpty();
        }

        assertThat(done()).isZero();
    }

    @Test
    void ofAnUnknownDeploymentNothingIsDone() {
        assertThat(provider().execute(key(), unknown(), order(Operation.RESTART, 0), text -> {}))
                .isInstanceOf(Answer.Refused.class);
        assertThat(done()).isZero();
    }

    @Test
    void aLostAnswerIsToldWhenItIsAskedForAndNothingIsDoneTwice() {
        for (Operation operation : offered()) {
            String key = key();
            DeploymentOrder order = order(operation, 3);
            loseAnswer();

            assertThatThrownBy(() -> execute(key, order))
                    .as(operation.verb())
                    .isInstanceOf(OutcomeUnknownException.class);
            answerAgain();

            assertThat(outcome(key, order)).as(operation.verb()).containsInstanceOf(Answer.Done.class);
            assertThat(execute(key, order)).isInstanceOf(Answer.Done.class);
            assertThat(done(key)).as(operation.verb()).isEqualTo(1);
        }
    }

    @Test
    void whoAsksWhileItIsUnderWayHearsItsStepsAndWaitsForItsEnd() {
        // given
        String key = key();
        DeploymentOrder order = order(Operation.RESTART, 0);
        hold();
        loseAnswer();
        assertThatThrownBy(() -> execute(key, order)).isInstanceOf(OutcomeUnknownException.class);
        answerAgain();

        // when
        List<String> steps = new CopyOnWriteArrayList<>();
        CompletableFuture<Optional<Answer>> outcome =
                CompletableFuture.supplyAsync(() -> provider().outcome(key, resolved(), order, steps::add));

        // then
        await().atMost(Duration.ofSeconds(60)).until(() -> !steps.isEmpty());
        assertThat(outcome).isNotDone();
        letGo();
        assertThat(outcome.join()).containsInstanceOf(Answer.Done.class);
        assertThat(steps).doesNotHaveDuplicates();
        assertThat(done(key)).isEqualTo(1);
    }

    @Test
    void whoDoesNotAnswerIsSaidNotTo() {
        DeploymentTarget resolved = resolved();
        vanish();

        assertThatThrownBy(() -> provider().find(resolved)).isInstanceOf(UnreachableException.class);
        assertThatThrownBy(() -> provider().outcome(key(), resolved, order(Operation.RESTART, 0), text -> {}))
                .isInstanceOf(OutcomeUnknownException.class);
        assertThatThrownBy(() -> provider().execute(key(), resolved, order(Operation.RESTART, 0), text -> {}))
                .isInstanceOfAny(UnreachableException.class, OutcomeUnknownException.class);
        assertThat(done()).isZero();
    }

    @Test
    void manyOrdersUnderOneKeyAtOnceAreOne() throws Exception {
        String key = key();
        List<Callable<Answer>> orders = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            orders.add(() -> execute(key, order(Operation.RESTART, 0)));
        }

        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Answer> answer : threads.invokeAll(orders)) {
                assertThat(answer.get()).isInstanceOf(Answer.Done.class);
            }
        }

        assertThat(done(key)).isEqualTo(1);
    }

    private List<Operation> offered() {
        return provider().operations().stream().sorted().toList();
    }

    private Answer execute(String key, DeploymentOrder order) {
        return provider().execute(key, resolved(), order, text -> {});
    }

    private Optional<Answer> outcome(String key, DeploymentOrder order) {
        return provider().outcome(key, resolved(), order, text -> {});
    }

    private DeploymentTarget resolved() {
        return provider().resolve(target());
    }

    private DeploymentTarget unknown() {
        DeploymentTarget target = target();
        return provider()
                .resolve(new DeploymentTarget(
                        target.clientId(),
                        target.targetType(),
                        "no-such-service",
                        target.cluster(),
                        target.namespace(),
                        target.region()));
    }

    private static DeploymentOrder order(Operation operation, int replicas) {
        @Nullable Scaling scaling = operation == Operation.SCALE ? Scaling.to(replicas) : null;
        return new DeploymentOrder(operation, scaling, "the kit asks for it");
    }

    private static String key() {
        return "kit-" + UUID.randomUUID();
    }
}
