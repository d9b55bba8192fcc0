package io.opsrelay.action.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.opsrelay.action.deployment.Operation;
import io.opsrelay.action.deployment.Scaling;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The table of what is made of a change as it stands. */
class VerdictTest {

    private static final Instant AT = Instant.parse("2026-11-26T12:00:00Z");

    @ParameterizedTest
    @CsvSource({
        // ours stands, rollout, undone before, late, verdict
        "true, Complete, false, false, Done[overtaken=false]",
        "true, Complete, false, true, Done[overtaken=false]",
        "true, UnderWay, false, false, Wait",
        "true, UnderWay, false, true, Undo",
        "true, Failed, false, false, Undo",
        "false, Complete, false, false, Done[overtaken=true]",
        "false, Failed, false, true, Done[overtaken=true]",
        "true, Complete, true, false, what ran before runs again",
        "true, UnderWay, true, false, Wait",
        "true, UnderWay, true, true, not all there yet",
        "true, Failed, true, false, does not come up either",
        "false, Complete, true, false, something else has been changed since"
    })
    void aNewTemplateIsJudgedByWhetherItStandsAndHowFarItIs(
            boolean stands, String rollout, boolean undone, boolean late, String expected) {
        PodTemplateSpec template = template(stands ? "ours" : "another");
        Mark mark = Mark.template("k", Operation.RESTART, AT, 1, Fingerprint.of(template("ours")), "1");
        Mark judged = undone ? mark.undone("it failed", AT, 2, mark.template()) : mark;

        Verdict verdict = Verdict.of(judged, new Seen(deployment(template, 3, rollout, 2), null), due(late), AT);

        assertThat(verdict.toString()).contains(expected);
    }

    @ParameterizedTest
    @CsvSource({
        // replicas now, generation now, rollout, undone before, late, verdict
        "5, 2, Complete, false, false, Done[overtaken=false]",
        "5, 2, UnderWay, false, false, Wait",
        // The deadline of an older rollout says nothing about a number.
        "5, 2, Failed, false, false, Wait",
        "5, 2, Failed, false, true, Undo",
        "3, 1, Complete, false, false, superseded",
        "4, 2, Complete, false, false, superseded",
        "3, 3, Complete, true, false, what ran before runs again",
        "5, 1, Complete, true, false, Undo",
        "4, 3, Complete, true, false, something else has been changed since"
    })
    void anotherNumberIsJudgedByWhetherItIsSet(
            int replicas, long generation, String rollout, boolean undone, boolean late, String expected) {
        Mark mark = Mark.scaling("k", AT, 1, Scaling.to(3), Scaling.to(5));
        Mark judged = undone ? mark.undone("it failed", AT, 1, null) : mark;
        Seen seen = new Seen(deployment(template("any"), replicas, rollout, generation), null);

        assertThat(Verdict.of(judged, seen, due(late), AT).toString()).contains(expected);
    }

    private static Instant due(boolean late) {
        return late ? AT.minus(Duration.ofSeconds(1)) : AT.plus(Duration.ofSeconds(1));
    }

    private static PodTemplateSpec template(String image) {
        return new PodTemplateSpecBuilder()
                .withNewSpec()
                .addNewContainer()
                .withName("main")
                .withImage(image)
                .endContainer()
                .endSpec()
                .build();
    }

    private static Deployment deployment(PodTemplateSpec template, int replicas, String rollout, long generation) {
        return new DeploymentBuilder()
                .withNewMetadata()
                .withGeneration(generation)
                .endMetadata()
                .withNewSpec()
                .withReplicas(replicas)
                .withTemplate(template)
                .endSpec()
                .withNewStatus()
                .withObservedGeneration(generation)
                .withReplicas(replicas)
                .withUpdatedReplicas(replicas)
                .withAvailableReplicas(rollout.equals("UnderWay") ? 0 : replicas)
                .addNewCondition()
                .withType("Progressing")
                .withStatus("True")
                .withReason(rollout.equals("Failed") ? "ProgressDeadlineExceeded" : "ReplicaSetUpdated")
                .endCondition()
                .endStatus()
                .build();
    }
}
