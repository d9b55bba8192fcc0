package io.opsrelay.standalone.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class JudgementTest {

    private static final int MANY = 2_000;

    private final Random random = new Random(4);
    private final Phrases words = Phrases.in(Language.FR);

    @Test
    void mostRefundsAreApprovedAndTheOthersAreDecidedInAllOtherWays() {
        Map<String, Long> mix = refunds("25.00", false).stream()
                .collect(Collectors.groupingBy(Judgement::decision, Collectors.counting()));

        assertThat(mix).containsOnlyKeys("approve", "reject", "edit", "respond");
        assertThat(mix.get("approve")).isBetween(MANY * 55 / 100L, MANY * 70 / 100L);
        assertThat(mix.values()).allMatch(count -> count > MANY / 20);
    }

    @Test
    void anEditAsksForAPartWithTheDecimalsOfTheWhole() {
        assertThat(refunds("25.00", false))
                .filteredOn(judgement -> judgement.amount().isPresent())
                .isNotEmpty()
                .allSatisfy(judgement -> {
                    BigDecimal part = new BigDecimal(judgement.amount().orElseThrow());
                    assertThat(judgement.decision()).isEqualTo("edit");
                    assertThat(part).isBetween(new BigDecimal("5.00"), new BigDecimal("20.00"));
                    assertThat(part.scale()).isEqualTo(2);
                });
        assertThat(refunds("1990", false))
                .flatExtracting(judgement -> judgement.amount().stream().toList())
                .allMatch(amount -> !amount.contains("."));
    }

    @Test
    void nothingIsEditedTwiceNorWhereNothingWouldBeLeft() {
        assertThat(refunds("25.00", true)).extracting(Judgement::decision).doesNotContain("edit");
        assertThat(refunds("1", false))
                .flatExtracting(judgement -> judgement.amount().stream().toList())
                .doesNotContain("0");
        assertThat(refunds("", false)).extracting(Judgement::decision).doesNotContain("edit");
    }

    @Test
    void allButAnApprovalHasAReasonInTheBody() {
        assertThat(refunds("25.00", false)).allSatisfy(judgement -> {
            assertThat(judgement.body()).containsKeys("decision", "reason");
            assertThat(judgement.body().containsKey("arguments"))
                    .isEqualTo(judgement.decision().equals("edit"));
        });
    }

    private List<Judgement> refunds(String amount, boolean editedBefore) {
        List<Judgement> judgements = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            judgements.add(Judgement.onRefund(random, words, amount, editedBefore));
        }
        return judgements;
    }
}
