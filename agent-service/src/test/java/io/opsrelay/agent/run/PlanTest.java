package io.opsrelay.agent.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.agent.knowledge.Passage;
import io.opsrelay.agent.order.Order;
import io.opsrelay.agent.order.Orders;
import io.opsrelay.agent.triage.Classification;
import io.opsrelay.agent.triage.Classification.Priority;
import io.opsrelay.agent.triage.Classification.Sentiment;
import io.opsrelay.agent.triage.Intent;
import io.opsrelay.agent.triage.Language;
import io.opsrelay.agent.workflow.Workflow;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PlanTest {

    private static final Passage PASSAGE = new Passage("refunds-en", "How refunds work", "en", "Three to five days.");
    private static final Workflow.Thresholds THRESHOLDS = new Workflow.Thresholds(0.5, null);
    private static final Order ORDER =
            new Order("A-1001", "mary@example.org", "shipped", null, null, null, null, null, null);
    private static final Supplier<List<Passage>> FOUND = () -> List.of(PASSAGE);
    private static final Supplier<List<Passage>> NOTHING = List::of;

    @Test
    void aRefundRequestWithOneOrderIsProposed() {
        assertThat(refund(0.9, true, "A-1001")).isEqualTo(new Plan.ProposeRefund("A-1001"));
    }

    @Test
    void aRefundRequestWithoutAnOrderAsksForIt() {
        assertThat(refund(0.9, true)).isInstanceOf(Plan.AskForOrder.class);
    }

    @Test
    void aRefundRequestThatNamesSeveralOrdersGoesToAPerson() {
        assertThat(refund(0.9, true, "A-1001", "A-1002"))
                .isInstanceOfSatisfying(
                        Plan.HandOver.class, plan -> assertThat(plan.reason()).contains("A-1001, A-1002"));
    }

    @Test
    void aSenderWhoIsNotVerifiedGetsNoRefundProposed() {
        assertThat(refund(0.99, false, "A-1001")).isInstanceOf(Plan.HandOver.class);
    }

    @Test
    void anUnsureClassifierProposesNothing() {
        assertThat(refund(0.49, true, "A-1001")).isInstanceOf(Plan.HandOver.class);
    }

    @Test
    void aRefundRequestOutsideTheClassifiersScopeProposesNothing() {
        Plan plan = decided(found(Intent.REFUND_REQUEST, 0.9, true), true, List.of("A-1001"), THRESHOLDS, FOUND);

        assertThat(plan).isInstanceOf(Plan.HandOver.class);
    }

    @Test
    void aQuestionIsAnsweredByThePassageThatWasFound() {
        assertThat(decide(Intent.REFUND_POLICY_QUESTION, FOUND)).isEqualTo(new Plan.Answer(List.of(PASSAGE)));
    }

    @Test
    void aQuestionWithoutAPassageGoesToAPerson() {
        assertThat(decide(Intent.SHIPPING_QUESTION, NOTHING)).isInstanceOf(Plan.HandOver.class);
    }

    @Test
    void praiseIsThankedForAndSpamGetsNoAnswer() {
        assertThat(decide(Intent.PRAISE, NOTHING)).isEqualTo(new Plan.Thank());
        assertThat(decide(Intent.SPAM, NOTHING)).isEqualTo(new Plan.Ignore());
    }

    @ParameterizedTest
    @EnumSource(
            value = Intent.class,
            names = {"PRAISE", "SPAM"})
    void whatOnlyMayBePraiseOrSpamGoesToAPerson(Intent intent) {
        assertThat(decided(found(intent, 0.49, false), true, List.of(), THRESHOLDS, NOTHING))
                .isInstanceOfSatisfying(
                        Plan.HandOver.class, plan -> assertThat(plan.reason()).contains("not sure enough"));
        assertThat(decided(found(intent, 0.9, true), true, List.of(), THRESHOLDS, NOTHING))
                .isInstanceOf(Plan.HandOver.class);
    }

    @Test
    void aClientMayWantQuestionsAnsweredOnlyWhereTheClassifierIsSureWhatIsAsked() {
        Workflow.Thresholds careful = new Workflow.Thresholds(0.5, 0.3);
        Intent question = Intent.SHIPPING_QUESTION;

        assertThat(decided(found(question, 0.3, false), true, List.of(), careful, FOUND))
                .isInstanceOf(Plan.Answer.class);
        assertThat(decided(found(question, 0.29, false), true, List.of(), careful, FOUND))
                .isInstanceOf(Plan.HandOver.class);
        assertThat(decided(found(question, 0.9, true), true, List.of(), careful, FOUND))
                .isInstanceOf(Plan.HandOver.class);
        assertThat(decided(found(question, 0.01, true), true, List.of(), THRESHOLDS, FOUND))
                .isInstanceOf(Plan.Answer.class);
    }

    @ParameterizedTest
    @EnumSource(Intent.class)
    void onlyARefundRequestEverLeadsToARefund(Intent intent) {
        Plan plan = decided(found(intent, 0.99, false), true, List.of("A-1001"), THRESHOLDS, FOUND);

        assertThat(plan instanceof Plan.ProposeRefund).isEqualTo(intent == Intent.REFUND_REQUEST);
    }

    @ParameterizedTest
    @EnumSource(Intent.class)
    void whatNeitherAnActionNorAPassageSettlesGoesToAPerson(Intent intent) {
        Set<Intent> settled = EnumSet.copyOf(Plan.QUESTIONS);
        settled.addAll(Set.of(
                Intent.PRAISE,
                Intent.SPAM,
                Intent.REFUND_REQUEST,
                Intent.PASSWORD_RESET,
                Intent.BUG_REPORT,
                Intent.ORDER_STATUS));

        Plan plan = decide(intent, NOTHING);

        assertThat(plan instanceof Plan.HandOver || settled.contains(intent)).isTrue();
    }

    @Test
    void aVerifiedSenderWhoAsksForItGetsAPasswordResetProposed() {
        assertThat(decided(found(Intent.PASSWORD_RESET, 0.9, false), true, List.of(), THRESHOLDS, NOTHING))
                .isEqualTo(new Plan.ProposePasswordReset());
        assertThat(decided(found(Intent.PASSWORD_RESET, 0.99, false), false, List.of(), THRESHOLDS, NOTHING))
                .isInstanceOf(Plan.HandOver.class);
        assertThat(decided(found(Intent.PASSWORD_RESET, 0.49, false), true, List.of(), THRESHOLDS, NOTHING))
                .isInstanceOf(Plan.HandOver.class);
        assertThat(decided(found(Intent.PASSWORD_RESET, 0.9, true), true, List.of(), THRESHOLDS, NOTHING))
                .isInstanceOf(Plan.HandOver.class);
    }

    @Test
    void aBugIsReportedWhoeverTellsOfItUnlessTheClassifierIsUnsure() {
        assertThat(decided(found(Intent.BUG_REPORT, 0.9, false), false, List.of(), THRESHOLDS, NOTHING))
                .isEqualTo(new Plan.ProposeBugReport());
        assertThat(decided(found(Intent.BUG_REPORT, 0.49, false), true, List.of(), THRESHOLDS, NOTHING))
                .isInstanceOf(Plan.HandOver.class);
        assertThat(decided(found(Intent.BUG_REPORT, 0.9, true), true, List.of(), THRESHOLDS, NOTHING))
                .isInstanceOf(Plan.HandOver.class);
    }

    @Test
    void theStatusOfAnOrderThatIsTheCustomersIsTold() {
        assertThat(status(0.9, true, new Orders.Found.Theirs(ORDER), "A-1001")).isEqualTo(new Plan.TellOrder(ORDER));
    }

    @Test
    void anOrderThatIsNotTheCustomersIsAskedForAsIfThereWereNone() {
        assertThat(status(0.9, true, new Orders.Found.None(), "A-1001"))
                .isInstanceOfSatisfying(Plan.AskForOrder.class, plan -> assertThat(plan.reason())
                        .contains("no order A-1001"));
        assertThat(status(0.9, true, null)).isInstanceOf(Plan.AskForOrder.class);
    }

    @Test
    void whereAnOrdersStatusCannotBeToldForSureAPersonTellsIt() {
        Orders.Found theirs = new Orders.Found.Theirs(ORDER);

        assertThat(status(0.9, true, new Orders.Found.Unavailable("it is down"), "A-1001"))
                .isInstanceOfSatisfying(
                        Plan.HandOver.class, plan -> assertThat(plan.reason()).contains("it is down"));
        assertThat(status(0.9, false, theirs, "A-1001")).isInstanceOf(Plan.HandOver.class);
        assertThat(status(0.49, true, theirs, "A-1001")).isInstanceOf(Plan.HandOver.class);
        assertThat(status(0.9, true, null, "A-1001", "A-1002")).isInstanceOf(Plan.HandOver.class);
    }

    private static Plan status(double confidence, boolean verified, Orders.@Nullable Found found, String... orders) {
        return Plan.decide(
                found(Intent.ORDER_STATUS, confidence, false), verified, List.of(orders), found, THRESHOLDS, NOTHING);
    }

    /** Without a look at orders. */
    private static Plan decided(
            Classification found,
            boolean verified,
            List<String> orders,
            Workflow.Thresholds thresholds,
            Supplier<List<Passage>> search) {
        return Plan.decide(found, verified, orders, null, thresholds, search);
    }

    private static Plan refund(double confidence, boolean verified, String... orders) {
        return decided(found(Intent.REFUND_REQUEST, confidence, false), verified, List.of(orders), THRESHOLDS, NOTHING);
    }

    private static Plan decide(Intent intent, Supplier<List<Passage>> search) {
        return decided(found(intent, 0.9, false), true, List.of(), THRESHOLDS, search);
    }

    private static Classification found(Intent intent, double confidence, boolean outOfScope) {
        return new Classification(
                intent,
                confidence,
                outOfScope,
                List.of(),
                Language.EN,
                0.99,
                Sentiment.NEUTRAL,
                Priority.NORMAL,
                "test");
    }
}
