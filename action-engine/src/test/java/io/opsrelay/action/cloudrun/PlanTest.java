package io.opsrelay.action.cloudrun;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.run.v2.Service;
import com.google.cloud.run.v2.ServiceScaling;
import com.google.cloud.run.v2.ServiceScaling.ScalingMode;
import io.opsrelay.action.cloudrun.Mark.Before;
import io.opsrelay.action.deployment.Operation;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a service remembers of actions, and what follows from it. */
class PlanTest {

    private static final Before BEFORE = new Before(
            "payment-00002",
            "payment-00003",
            true,
            ServiceScaling.newBuilder()
                    .setScalingMode(ScalingMode.AUTOMATIC)
                    .setMinInstanceCount(1)
                    .setMaxInstanceCount(7)
                    .build());

    @Test
    void aMarkIsReadAsItWasWritten() {
        Mark mark = new Mark("opsrelay-1", BEFORE, "it failed", List.of("opsrelay-0"));
        Service.Builder service = Service.newBuilder();

        mark.on(service);

        assertThat(Mark.of(service.build())).contains(mark);
    }

    @Test
    void scalingByHandIsRememberedWithItsNumber() {
        Before byHand = new Before(
                "",
                "",
                false,
                ServiceScaling.newBuilder()
                        .setScalingMode(ScalingMode.MANUAL)
                        .setManualInstanceCount(0)
                        .build());

        Before read = Before.parse(byHand.toString());

        assertThat(read).isNotNull();
        assertThat(read.scaling()).isEqualTo(byHand.scaling());
        assertThat(read.revision()).isEmpty();
    }

    @Test
    void onlyTheLastFewActionsAreRemembered() {
        Service service = Service.getDefaultInstance();
        for (int n : IntStream.range(0, 9).toArray()) {
            Service.Builder next = service.toBuilder();
            Mark.next("opsrelay-" + n, service, BEFORE).on(next);
            service = next.build();
        }

        assertThat(Mark.of(service).orElseThrow().earlier())
                .containsExactly("opsrelay-7", "opsrelay-6", "opsrelay-5", "opsrelay-4", "opsrelay-3");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "nonsense", "a b latest AUTOMATIC 1 x -", "a b latest NO_MODE 1 2 -", "a b c d e f g h"})
    void whatSomebodySpoiltIsNotGuessedAndNotUndone(String spoilt) {
        Service now = Service.newBuilder()
                .setName("projects/p/locations/l/services/payment")
                .putAnnotations(Mark.ACTION, "opsrelay-1")
                .putAnnotations("opsrelay.io/before", spoilt)
                .build();
        Mark mark = Mark.of(now).orElseThrow();

        assertThat(mark.before()).isNull();
        assertThat(Plan.undo(Operation.SCALE, mark, now, "", "it failed")).isInstanceOf(Plan.Refused.class);
    }

    @Test
    void anUndoOfScalingBringsTheBoundsBack() {
        Service now = Service.newBuilder()
                .setScaling(ServiceScaling.newBuilder().setMaxInstanceCount(99))
                .build();

        Plan undo = Plan.undo(Operation.SCALE, new Mark("opsrelay-1", BEFORE, null, List.of()), now, "", "no quota");

        assertThat(undo).isInstanceOfSatisfying(Plan.Update.class, update -> {
            assertThat(update.request().getService().getScaling()).isEqualTo(BEFORE.scaling());
            assertThat(update.request().getUpdateMask().getPathsList()).containsExactly("annotations", "scaling");
            assertThat(Mark.of(update.request().getService()).orElseThrow().undone())
                    .isEqualTo("no quota");
        });
    }

    @Test
    void aReasonThatIsTooLongIsCut() {
        assertThat(new Mark("opsrelay-1", BEFORE, null, List.of())
                        .undone("x".repeat(2000))
                        .undone())
                .hasSize(500)
                .endsWith("…");
    }
}
