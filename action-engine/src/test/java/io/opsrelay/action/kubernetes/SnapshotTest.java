package io.opsrelay.action.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which revision runs, and which one is before it, also while the cluster has not taken up the newest change. */
class SnapshotTest {

    private static final ReplicaSet FIRST = revision(1, "pay:1");
    private static final ReplicaSet SECOND = revision(2, "pay:2");

    @Test
    void whatRunsIsGoneBackFromToTheRevisionBefore() {
        Snapshot now = new Snapshot(deployment("pay:2", 2, 5, 5), List.of(FIRST, SECOND), null);

        assertThat(now.previous()).contains(FIRST);
        assertThat(now.standingRevision()).isEqualTo("2");
    }

    @Test
    void aChangeWithoutARevisionYetIsGoneBackFromToTheNewestRevisionAndNoFurther() {
        Snapshot now = new Snapshot(deployment("pay:3", 2, 6, 5), List.of(FIRST, SECOND), null);

        assertThat(now.previous()).contains(SECOND);
        assertThat(now.standingRevision())
                .as("revision 2 is not what a failed restart would have to put back")
                .isNull();
    }

    @Test
    void whatTheClusterHasPutBackIsTheRevisionThatItCounts() {
        // given: the first template again, under the newest number
        Snapshot now = new Snapshot(deployment("pay:1", 3, 7, 7), List.of(revision(3, "pay:1"), SECOND), null);

        assertThat(now.previous()).contains(SECOND);
        assertThat(now.standingRevision()).isEqualTo("3");
    }

    @Test
    void aTemplateThatTheClusterCompletesByItselfIsTakenByItsNumber() {
        Snapshot now = new Snapshot(deployment("pay:2-completed", 2, 5, 5), List.of(FIRST, SECOND), null);

        assertThat(now.previous()).contains(FIRST);
        assertThat(now.standingRevision()).isEqualTo("2");
    }

    private static Deployment deployment(String image, int revision, long generation, long observed) {
        return new DeploymentBuilder()
                .withNewMetadata()
                .withName("pay")
                .withUid("u1")
                .withGeneration(generation)
                .addToAnnotations("deployment.kubernetes.io/revision", String.valueOf(revision))
                .endMetadata()
                .withNewSpec()
                .withTemplate(template(image))
                .endSpec()
                .withNewStatus()
                .withObservedGeneration(observed)
                .endStatus()
                .build();
    }

    private static ReplicaSet revision(int number, String image) {
        return new ReplicaSetBuilder()
                .withNewMetadata()
                .withName("pay-" + number)
                .addToAnnotations("deployment.kubernetes.io/revision", String.valueOf(number))
                .addNewOwnerReference()
                .withUid("u1")
                .withController(true)
                .endOwnerReference()
                .endMetadata()
                .withNewSpec()
                .withTemplate(new PodTemplateSpecBuilder(template(image))
                        .editMetadata()
                        .addToLabels("pod-template-hash", "h" + number)
                        .endMetadata()
                        .build())
                .endSpec()
                .build();
    }

    private static PodTemplateSpec template(String image) {
        return new PodTemplateSpecBuilder()
                .withNewMetadata()
                .addToLabels("app", "pay")
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("main")
                .withImage(image)
                .endContainer()
                .endSpec()
                .build();
    }
}
