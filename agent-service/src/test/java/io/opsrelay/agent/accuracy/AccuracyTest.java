package io.opsrelay.agent.accuracy;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.agent.accuracy.Accuracy.Confused;
import io.opsrelay.agent.accuracy.Accuracy.OfCategory;
import io.opsrelay.agent.accuracy.Accuracy.OfVersion;
import io.opsrelay.agent.accuracy.JudgementStore.Group;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class AccuracyTest {

    @Test
    void accuracyIsTheShareOfJudgedTicketsThatWasNotCorrected() {
        Accuracy accuracy = of(
                new Group("1", "delivery", null, 5),
                new Group("1", "delivery", "refund", 2),
                new Group("2", "delivery", "delivery", 1),
                new Group("2", "refund", "delivery", 2));

        assertThat(accuracy.judged()).isEqualTo(10);
        assertThat(accuracy.corrected()).isEqualTo(4);
        assertThat(accuracy.confirmed()).isEqualTo(1);
        assertThat(accuracy.accuracy()).isEqualTo(0.6);
        assertThat(accuracy.versions())
                .containsExactly(new OfVersion("1", 7, 2, 0, 5 / 7.0), new OfVersion("2", 3, 2, 1, 1 / 3.0));
        assertThat(accuracy.categories())
                .containsExactly(
                        new OfCategory("delivery", 8, 2, 1, 0.75, 2), new OfCategory("refund", 2, 2, 0, 0.0, 2));
        assertThat(accuracy.confusion())
                .containsExactly(new Confused("delivery", "refund", 2), new Confused("refund", "delivery", 2));
    }

    @Test
    void whereNobodySaidAWordNothingIsKnown() {
        assertThat(of().accuracy()).isNull();
        assertThat(of(new Group("1", "delivery", null, 50)).accuracy()).isNull();
        assertThat(of(new Group("1", "delivery", null, 50)).judged()).isEqualTo(50);
    }

    @Test
    void whatSeveralVersionsConfusedIsCountedTogether() {
        Accuracy accuracy = of(
                new Group("1", "delivery", "refund", 1),
                new Group("2", "delivery", "refund", 1),
                new Group(null, "delivery", "account", 1));

        assertThat(accuracy.confusion())
                .containsExactly(new Confused("delivery", "refund", 2), new Confused("delivery", "account", 1));
        assertThat(accuracy.versions()).extracting(OfVersion::modelVersion).containsExactly("1", "2", "unknown");
    }

    private static Accuracy of(Group... groups) {
        return Accuracy.of(Instant.EPOCH, List.of(groups), 0);
    }
}
