package io.opsrelay.action.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The table of how far a rollout is. */
class RolloutTest {

    @ParameterizedTest
    @CsvSource({
        // generation, observed, wanted, updated, all, available, reason, how far
        "2, 1, 3, 3, 3, 3, NewReplicaSetAvailable, UnderWay",
        "2, 1, 3, 3, 3, 3, ProgressDeadlineExceeded, UnderWay",
        "2, 2, 3, 3, 3, 3, ProgressDeadlineExceeded, Failed",
        "2, 2, 3, 2, 4, 3, ReplicaSetUpdated, UnderWay",
        "2, 2, 3, 3, 4, 3, ReplicaSetUpdated, UnderWay",
        "2, 2, 3, 3, 3, 2, ReplicaSetUpdated, UnderWay",
        "2, 2, 3, 3, 3, 3, NewReplicaSetAvailable, Complete",
        "2, 3, 3, 3, 3, 3, ReplicaSetUpdated, Complete",
        "1, 1, 0, 0, 0, 0, NewReplicaSetAvailable, Complete"
    })
    void aRolloutIsAsFarAsItsStatusSays(
            long generation,
            long observed,
            int wanted,
            int updated,
            int all,
            int available,
            String reason,
            String expected) {
        Deployment deployment = new DeploymentBuilder()
                .withNewMetadata()
                .withGeneration(generation)
                .endMetadata()
                .withNewSpec()
                .withReplicas(wanted)
                .endSpec()
                .withNewStatus()
                .withObservedGeneration(observed)
                .withUpdatedReplicas(updated)
                .withReplicas(all)
                .withAvailableReplicas(available)
                .addNewCondition()
                .withType("Progressing")
                .withStatus("True")
                .withReason(reason)
                .endCondition()
                .endStatus()
                .build();

        assertThat(Rollout.of(deployment).getClass().getSimpleName()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"true, somebody has paused it", "false, exceeded quota"})
    void whatHindersItIsTold(boolean paused, String told) {
        Deployment deployment = new DeploymentBuilder()
                .withNewMetadata()
                .withGeneration(1L)
                .endMetadata()
                .withNewSpec()
                .withReplicas(3)
                .withPaused(paused)
                .endSpec()
                .withNewStatus()
                .withObservedGeneration(1L)
                .withUpdatedReplicas(1)
                .addNewCondition()
                .withType("ReplicaFailure")
                .withStatus("True")
                .withMessage("exceeded quota")
                .endCondition()
                .endStatus()
                .build();

        assertThat(Rollout.of(deployment))
                .isInstanceOfSatisfying(Rollout.UnderWay.class, underWay -> assertThat(underWay.text())
                        .contains("1 of 3 updated, 0 available", told));
    }
}
